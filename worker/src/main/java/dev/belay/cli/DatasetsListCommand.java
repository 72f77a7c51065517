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
import tools.jackson.databind.node.ObjectNode;

/// `belay datasets list`: what is published.
@Command(name = "list", description = "List datasets.", mixinStandardHelpOptions = true)
final class DatasetsListCommand extends dev.belay.cli.Command {
    @Option(names = "--json", description = "Print a JSON array.")
    private boolean json;

    DatasetsListCommand(Screen screen) {
        super(screen);
    }

    @Override
    int execute() throws JobFailure {
        Settings settings = options.settings();
        Belay.logQuietly(settings);
        try (StoredFacts facts = StoredFacts.open(settings)) {
            List<DatasetState> datasets =
                    facts.datastore().map(DatastoreReader::datasets).orElse(List.of());
            if (json) {
                var array = Json.array();
                datasets.forEach(dataset -> array.add(json(facts, dataset)));
                screen.print(array.toPrettyString());
            } else if (!datasets.isEmpty()) {
                print(facts, datasets);
            }
            if (datasets.isEmpty()) {
                screen.say("no datasets yet in %s; load one: belay run FILE"
                        .formatted(facts.places().datastore().text()));
            }
        }
        return ExitCode.DONE;
    }

    private void print(StoredFacts facts, List<DatasetState> datasets) {
        var table = TextTable.withWideCells(screen);
        boolean views =
                datasets.stream().anyMatch(dataset -> view(facts, dataset).isPresent());
        table.header(List.of("dataset", "version", "rows", "published", views ? "view" : "file"));
        for (DatasetState dataset : datasets) {
            Optional<Commit> head = dataset.head();
            table.row(List.of(
                    dataset.dataset().value(),
                    head.map(commit -> Integer.toString(commit.version())).orElseGet(() -> presence(dataset)),
                    head.map(commit -> "%,d".formatted(commit.rows())).orElse(""),
                    head.map(commit -> Texts.when(commit.publishedAt())).orElse(""),
                    view(facts, dataset).orElseGet(() -> file(facts, dataset))));
        }
        table.print();
    }

    private static String file(StoredFacts facts, DatasetState dataset) {
        return dataset.head()
                .flatMap(head -> facts.datastore().flatMap(open -> open.file(head)))
                .map(file -> file.resolveSibling("current.sqlite").toString())
                .orElse("");
    }

    private static Optional<String> view(StoredFacts facts, DatasetState dataset) {
        return dataset.head().flatMap(head -> facts.datastore().flatMap(open -> open.view(dataset.dataset())));
    }

    private static String presence(DatasetState dataset) {
        return dataset.presence().name().toLowerCase(Locale.ROOT);
    }

    private static ObjectNode json(StoredFacts facts, DatasetState dataset) {
        ObjectNode object =
                Json.object().put("dataset", dataset.dataset().value()).put("presence", presence(dataset));
        dataset.head()
                .ifPresent(head -> object.put("version", head.version())
                        .put("rows", head.rows())
                        .put("publishedAt", head.publishedAt().toString())
                        .put("jobId", head.provenance().job().value())
                        .put("file", file(facts, dataset)));
        view(facts, dataset).ifPresent(view -> object.put("view", view));
        return object;
    }
}
