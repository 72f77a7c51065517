package dev.belay.cli;

import dev.belay.job.JobFailure;
import dev.belay.runtime.settings.Settings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `belay datasets profile`: what was found in the columns of a version.
@Command(
        name = "profile",
        description = "Show what was found in the columns of a version: nulls, distinct and frequent values, ranges.")
final class DatasetsProfileCommand extends dev.belay.cli.Command {
    @Parameters(paramLabel = "DATASET", description = "The dataset's id.")
    private String dataset = "";

    @Option(names = "--column", paramLabel = "COL", description = "Only this column, by name or original header.")
    private @Nullable String column;

    // The standard options would take `--version` for the program's.
    @Option(names = "--version", paramLabel = "N", description = "Of version N (default: the one that is served).")
    private @Nullable Integer version;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it.
    private boolean help;

    @Option(
            names = "--json",
            description = "Print one JSON object: OpenLineage's names, and qsv's beside them where they differ.")
    private boolean json;

    DatasetsProfileCommand(Screen screen) {
        super(screen);
    }

    @Override
    int execute() throws JobFailure {
        Settings settings = options.settings();
        Belay.logQuietly(settings);
        try (StoredFacts facts = StoredFacts.open(settings)) {
            StoredProfile profile = facts.profile(dataset, version);
            var view = new ProfileView(screen, profile);
            if (column == null) {
                if (json) {
                    screen.print(view.json().toPrettyString());
                } else {
                    view.print();
                }
            } else {
                var one = StoredFacts.column(profile, dataset, column);
                if (json) {
                    screen.print(view.json(one).toPrettyString());
                } else {
                    view.print(one);
                }
            }
            return ExitCode.DONE;
        }
    }
}
