package dev.belay.cli;

import dev.belay.datastore.DatasetState;
import dev.belay.job.DatasetId;
import dev.belay.job.JobFailure;
import dev.belay.journal.Quarantine;
import dev.belay.runtime.settings.Settings;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `belay datasets show`: one dataset as it is served.
@Command(
        name = "show",
        description = "Show a dataset: what is served, its columns with their profile, first rows, dictionary.",
        mixinStandardHelpOptions = true)
final class DatasetsShowCommand extends dev.belay.cli.Command {
    @Parameters(paramLabel = "DATASET", description = "The dataset's id.")
    private String dataset = "";

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    DatasetsShowCommand(Screen screen) {
        super(screen);
    }

    @Override
    int execute() throws JobFailure {
        Settings settings = options.settings();
        Belay.logQuietly(settings);
        try (StoredFacts facts = StoredFacts.open(settings)) {
            DatasetId id = StoredFacts.datasetId(dataset);
            Optional<Quarantine> quarantine = facts.journal().flatMap(journal -> journal.quarantine(id));
            if (quarantine.isPresent() && !json) {
                printQuarantine(screen, quarantine.get());
            }
            DatasetState state = facts.dataset(dataset);
            var view = new DatasetView(screen, facts, state);
            if (json) {
                screen.print(view.json(quarantine).toPrettyString());
            } else {
                view.print();
            }
            return ExitCode.DONE;
        }
    }

    /// Why a dataset is set aside, and how it gets out of it.
    static void printQuarantine(Screen screen, Quarantine quarantine) {
        screen.print("%s since %s, by attempt %s"
                .formatted(screen.red("set aside"), Texts.when(quarantine.since()), quarantine.operation()));
        screen.print("  " + quarantine.reason());
        screen.print("  no job of it runs until someone decides; every byte is kept");
        screen.print("  when looked at: belay datasets release %s --confirm".formatted(quarantine.dataset()));
        screen.print("");
    }
}
