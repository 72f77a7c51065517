package dev.belay.cli;

import dev.belay.datastore.Commit;
import dev.belay.datastore.DatasetState;
import dev.belay.datastore.DatastoreReader;
import dev.belay.job.JobFailure;
import dev.belay.runtime.settings.Settings;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `belay datasets history`: all versions of a dataset.
@Command(
        name = "history",
        description = "List the versions of a dataset, newest first.",
        mixinStandardHelpOptions = true)
final class DatasetsHistoryCommand extends dev.belay.cli.Command {
    @Parameters(paramLabel = "DATASET", description = "The dataset's id.")
    private String dataset = "";

    @Option(names = "--json", description = "Print a JSON array.")
    private boolean json;

    DatasetsHistoryCommand(Screen screen) {
        super(screen);
    }

    @Override
    int execute() throws JobFailure {
        Settings settings = options.settings();
        Belay.logQuietly(settings);
        try (StoredFacts facts = StoredFacts.open(settings)) {
            DatasetState state = facts.dataset(dataset);
            DatastoreReader datastore = facts.datastore().orElseThrow();
            List<Commit> commits = datastore.commits(state.dataset());
            if (json) {
                var array = Json.array();
                commits.forEach(commit -> array.add(CommitJson.of(commit, datastore)));
                screen.print(array.toPrettyString());
            } else {
                print(datastore, state, commits);
            }
            return ExitCode.DONE;
        }
    }

    private void print(DatastoreReader datastore, DatasetState state, List<Commit> commits) {
        var table = TextTable.withWideCells(screen);
        table.header(List.of("version", "kind", "rows", "bytes", "published", "data", "job", "source"));
        for (Commit commit : commits) {
            boolean served = state.head().map(Commit::id).equals(Optional.of(commit.id()));
            String data = !datastore.isKept(commit) ? "not kept" : served ? "served" : "kept";
            table.row(List.of(
                    Integer.toString(commit.version()),
                    commit.kind().name().toLowerCase(Locale.ROOT),
                    "%,d".formatted(commit.rows()),
                    Texts.bytes(commit.bytes()),
                    Texts.when(commit.publishedAt()),
                    data,
                    commit.provenance().job().value(),
                    commit.provenance().source()));
        }
        table.print();
        commits.stream()
                .filter(datastore::isKept)
                .filter(commit -> !state.head().map(Commit::id).equals(Optional.of(commit.id())))
                .findFirst()
                .ifPresent(earlier -> screen.say(
                        "next      belay datasets restore %s %d".formatted(state.dataset(), earlier.version())));
    }
}
