package dev.belay.cli;

import dev.belay.dictionary.StashEntry;
import dev.belay.dictionary.StashReading;
import dev.belay.job.JobFailure;
import dev.belay.runtime.settings.Settings;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `belay stash list`: what is held, since when, for which attempt.
@Command(
        name = "list",
        description = "List what is held, since when, for which attempt.",
        mixinStandardHelpOptions = true)
final class StashListCommand extends dev.belay.cli.Command {
    @Parameters(arity = "0..1", paramLabel = "DATASET", description = "Only copies of this dataset.")
    private @Nullable String dataset;

    @Option(names = "--json", description = "Print a JSON array.")
    private boolean json;

    StashListCommand(Screen screen) {
        super(screen);
    }

    @Override
    int execute() throws JobFailure {
        Settings settings = options.settings();
        Belay.logQuietly(settings);
        try (StoredFacts facts = StoredFacts.open(settings)) {
            List<StashReading> readings =
                    dataset == null ? facts.stash().list() : facts.stash().read(StoredFacts.datasetId(dataset));
            if (json) {
                var array = Json.array();
                readings.forEach(reading -> array.add(json(reading)));
                screen.print(array.toPrettyString());
            } else if (!readings.isEmpty()) {
                print(readings);
            }
            if (readings.isEmpty()) {
                screen.say("the stash is empty: no dictionary is in danger");
            }
        }
        return ExitCode.DONE;
    }

    private void print(List<StashReading> readings) {
        var table = TextTable.withWideCells(screen);
        table.header(List.of("dataset", "state", "since", "attempt", "what"));
        for (StashReading reading : readings) {
            switch (reading) {
                case StashReading.Held(StashEntry entry) ->
                    table.row(List.of(
                            entry.dataset().value(),
                            "held",
                            Texts.when(entry.createdAt()),
                            entry.operation().value(),
                            "the dictionary live with " + entry.base()));
                case StashReading.Corrupt corrupt ->
                    table.row(List.of(corrupt.dataset().value(), "corrupt", "", "", corrupt.reason()));
            }
        }
        table.print();
        if (readings.stream().anyMatch(StashReading.Corrupt.class::isInstance)) {
            screen.say("next      belay stash show DATASET, then belay stash resolve DATASET --confirm");
        }
    }

    private static ObjectNode json(StashReading reading) {
        return switch (reading) {
            case StashReading.Held(StashEntry entry) ->
                Json.object()
                        .put("dataset", entry.dataset().value())
                        .put("state", "held")
                        .put("since", entry.createdAt().toString())
                        .put("operationId", entry.operation().value())
                        .put("attempt", entry.attempt())
                        .put("base", entry.base().value());
            case StashReading.Corrupt corrupt ->
                Json.object()
                        .put("dataset", corrupt.dataset().value())
                        .put("state", "corrupt")
                        .put("where", corrupt.where())
                        .put("reason", corrupt.reason());
        };
    }
}
