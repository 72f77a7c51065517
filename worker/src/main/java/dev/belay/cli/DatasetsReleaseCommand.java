package dev.belay.cli;

import dev.belay.job.DatasetId;
import dev.belay.job.IdSource;
import dev.belay.job.JobFailure;
import dev.belay.journal.Journal;
import dev.belay.journal.Quarantine;
import dev.belay.runtime.RoomSettings;
import dev.belay.runtime.settings.Settings;
import java.time.InstantSource;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `belay datasets release`: lets a dataset that was set aside go on.
@Command(
        name = "release",
        description = "Let a dataset that was set aside go on, after showing why it was.",
        mixinStandardHelpOptions = true)
final class DatasetsReleaseCommand extends dev.belay.cli.Command {
    @Parameters(paramLabel = "DATASET", description = "The dataset's id.")
    private String dataset = "";

    @Option(names = "--confirm", description = "Really release it; without this the reason is only shown.")
    private boolean confirmed;

    DatasetsReleaseCommand(Screen screen) {
        super(screen);
    }

    @Override
    int execute() throws JobFailure {
        Settings settings = options.settings();
        Belay.logQuietly(settings);
        DatasetId id = StoredFacts.datasetId(dataset);
        try (StoredFacts facts = StoredFacts.open(settings)) {
            Optional<Quarantine> quarantine = facts.journal().flatMap(journal -> journal.quarantine(id));
            if (quarantine.isEmpty()) {
                screen.say("%s is not set aside; nothing to release".formatted(id));
                return ExitCode.DONE;
            }
            DatasetsShowCommand.printQuarantine(screen, quarantine.get());
        }
        if (!confirmed) {
            return ExitCode.NEEDS_DECISION;
        }
        try (Journal journal =
                new RoomSettings(settings).places().openJournal(IdSource.random(InstantSource.system()))) {
            screen.print(journal.release(id) ? "released " + id : id + " was released meanwhile");
        }
        screen.say(
                "its open attempt is looked at again within worker.recoverEvery, or when a worker starts; then: belay"
                        + " jobs list --dataset " + id);
        return ExitCode.DONE;
    }
}
