package dev.belay.cli;

import dev.belay.dictionary.Stash;
import dev.belay.dictionary.StashReading;
import dev.belay.job.DatasetId;
import dev.belay.job.IdSource;
import dev.belay.job.JobFailure;
import dev.belay.runtime.RoomSettings;
import dev.belay.runtime.settings.Settings;
import dev.belay.stores.StorePlaces;
import java.time.InstantSource;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `belay stash resolve`: someone has looked at the damaged copies of a dataset and goes on without them.
@Command(
        name = "resolve",
        description = "Go on without the damaged copies of a dataset; their bytes stay under another name.",
        mixinStandardHelpOptions = true)
final class StashResolveCommand extends dev.belay.cli.Command {
    @Parameters(paramLabel = "DATASET", description = "The dataset's id.")
    private String dataset = "";

    @Option(names = "--confirm", description = "Really go on without them; without this they are only shown.")
    private boolean confirmed;

    StashResolveCommand(Screen screen) {
        super(screen);
    }

    @Override
    int execute() throws JobFailure {
        Settings settings = options.settings();
        Belay.logQuietly(settings);
        DatasetId id = StoredFacts.datasetId(dataset);
        var ids = IdSource.random(InstantSource.system());
        StorePlaces places = new RoomSettings(settings).places();
        if (confirmed) {
            return places.withStash(ids, stash -> resolved(stash, id));
        }
        try (StorePlaces.Decided decided = places.readDecided(ids)) {
            return resolved(decided.stash(), id);
        }
    }

    private int resolved(Stash stash, DatasetId id) {
        List<StashReading.Corrupt> damaged = corrupt(stash, id);
        if (damaged.isEmpty()) {
            screen.say("no copy of %s is damaged; nothing to resolve".formatted(id));
            return ExitCode.DONE;
        }
        for (StashReading.Corrupt corrupt : damaged) {
            screen.print("%s: %s".formatted(corrupt.where(), corrupt.reason()));
            if (confirmed) {
                screen.print(stash.resolve(corrupt) ? "  resolved; every byte is kept" : "  was gone meanwhile");
            }
        }
        if (!confirmed) {
            screen.say("next      belay stash resolve %s --confirm   to go on without %s"
                    .formatted(id, damaged.size() == 1 ? "it" : "them"));
            return ExitCode.NEEDS_DECISION;
        }
        return ExitCode.DONE;
    }

    /// Read twice: the first reading moves what is damaged to where it is kept.
    private static List<StashReading.Corrupt> corrupt(Stash stash, DatasetId dataset) {
        stash.read(dataset);
        return stash.read(dataset).stream()
                .filter(StashReading.Corrupt.class::isInstance)
                .map(StashReading.Corrupt.class::cast)
                .toList();
    }
}
