package dev.belay.cli;

import dev.belay.datastore.DatasetState;
import dev.belay.datastore.DatastoreReader;
import dev.belay.datastore.Presence;
import dev.belay.job.DatasetId;
import dev.belay.job.Excerpt;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.runtime.settings.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `belay why`: why a column has its type.
@Command(
        name = "why",
        description =
                "Say why a column has its type: the narrower types that were ruled out, each with the values that did it.")
final class WhyCommand extends dev.belay.cli.Command {
    /// Two small numbers first: a date, but which of the two is the day?
    private static final String UNDECIDED_DATE = "(0?[1-9]|1[0-2])([./-])(0?[1-9]|1[0-2])\\2\\d{4}.*";

    @Parameters(paramLabel = "DATASET.COLUMN", description = "The column, by name or by its original header.")
    private String target = "";

    // The standard options would take `--version` for the program's.
    @Option(names = "--version", paramLabel = "N", description = "In version N (default: the one that is served).")
    private @Nullable Integer version;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it.
    private boolean help;

    WhyCommand(Screen screen) {
        super(screen);
    }

    @Override
    int execute() throws JobFailure {
        Settings settings = options.settings();
        Belay.logQuietly(settings);
        try (StoredFacts facts = StoredFacts.open(settings)) {
            int dot = dot(facts);
            String dataset = target.substring(0, dot);
            StoredProfile profile = facts.profile(dataset, version);
            JsonNode column = StoredFacts.column(profile, dataset, target.substring(dot + 1));
            if (json) {
                screen.print(json(profile, column).toPrettyString());
            } else {
                print(profile, column);
            }
            return ExitCode.DONE;
        }
    }

    /// Which dot parts the two: ids of datasets and headers may have some of their own. The first behind a dataset that
    /// there is.
    private int dot(StoredFacts facts) throws JobFailure {
        int first = target.indexOf('.');
        if (first < 0) {
            throw JobFailure.permanent(
                    FailureCode.COLUMN_NOT_FOUND,
                    "\"%s\" names no column: write DATASET.COLUMN".formatted(Excerpt.of(target)));
        }
        for (int dot = first; dot >= 0; dot = target.indexOf('.', dot + 1)) {
            if (isKnown(facts, target.substring(0, dot))) {
                return dot;
            }
        }
        return first;
    }

    private static boolean isKnown(StoredFacts facts, String name) {
        try {
            var dataset = new DatasetId(name);
            return facts.datastore()
                    .map((DatastoreReader open) -> open.state(dataset))
                    .map(DatasetState::presence)
                    .filter(presence -> presence != Presence.UNKNOWN)
                    .isPresent();
        } catch (IllegalArgumentException none) {
            return false;
        }
    }

    private void print(StoredProfile profile, JsonNode column) {
        String name = StoredProfile.name(column);
        String type = profile.type(column);
        screen.print("%s.%s is %s in version %d"
                .formatted(
                        profile.commit().dataset(),
                        name,
                        screen.bold(type),
                        profile.commit().version()));
        screen.print("  " + reason(profile, column));
        marks(column).ifPresent(written -> screen.print("  " + written));
        ruledOut(column).forEach((evidence, types) -> {
            screen.print("  not %s%s"
                    .formatted(String.join(", ", types), evidence.reason().isEmpty() ? "" : ": " + evidence.reason()));
            evidence.values().forEach(value -> screen.print("      " + value));
        });
        if (hasUndecidedDates(column)) {
            screen.print(
                    "  these may be dates, but which number is the day no value decides, so they stay text as they are written");
        }
        screen.say("next      belay dictionary set %s %s --type TYPE   # values that do not fit are then rejected"
                .formatted(profile.commit().dataset(), name));
    }

    /// How its numbers are written, when that is not plainly.
    private static Optional<String> marks(JsonNode column) {
        JsonNode marks = column.path("numberMarks");
        if (!marks.isObject()) {
            return Optional.empty();
        }
        String group = Json.text(marks.path("group"), "").toLowerCase(Locale.ROOT);
        return Optional.of("its numbers are written with a decimal %s%s and kept without"
                .formatted(
                        Json.text(marks.path("decimal"), "").toLowerCase(Locale.ROOT),
                        group.isEmpty() ? "" : " and a " + group + " between groups of digits"));
    }

    /// What rules types out: often the same values do so for several.
    private record Evidence(String reason, List<String> values) {}

    private static Map<Evidence, List<String>> ruledOut(JsonNode column) {
        var ruledOut = new LinkedHashMap<Evidence, List<String>>();
        for (JsonNode out : column.path("ruledOut")) {
            var values = new ArrayList<String>();
            for (JsonNode place : examples(out)) {
                values.add("%s: \"%s\"".formatted(where(place), Excerpt.of(Json.text(place.path("value"), ""))));
            }
            ruledOut.computeIfAbsent(new Evidence(Json.text(out.path("reason"), ""), values), _ -> new ArrayList<>())
                    .add(label(Json.text(out.path("type"), "")));
        }
        return ruledOut;
    }

    private static String reason(StoredProfile profile, JsonNode column) {
        String type = profile.type(column);
        String found = Json.text(column.path("column").path("type"), "").toLowerCase(Locale.ROOT);
        String demanded = Json.text(column.path("demanded"), "");
        if (!demanded.isEmpty()) {
            return "the dictionary says so; what does not fit was rejected";
        }
        long values = column.path("count").asLong(0);
        if (values == 0) {
            return "it has no value at all, and text holds everything";
        }
        if (!type.equals(label(found))) {
            return "the file's values are %s; the rows of earlier versions need %s".formatted(label(found), type);
        }
        return column.path("ruledOut").isEmpty()
                ? "each of its %,d values is one, and no narrower type is possible".formatted(values)
                : "the narrowest type that holds each of its %,d values".formatted(values);
    }

    /// Names of enums and labels differ in nothing but case.
    private static String label(String type) {
        return type.toLowerCase(Locale.ROOT);
    }

    /// Versions of earlier programs kept one example only.
    private static Iterable<JsonNode> examples(JsonNode out) {
        return out.has("examples") ? out.path("examples") : Json.array().add(out.path("place"));
    }

    private static String where(JsonNode place) {
        var words = new StringBuilder("record ").append(Json.text(place.path("record"), "?"));
        if (place.path("line").isNumber()) {
            words.append(", line ").append(place.path("line").asLong());
        }
        if (place.path("byteOffset").isNumber()) {
            words.append(", byte ").append(place.path("byteOffset").asLong());
        }
        return words.toString();
    }

    private static boolean hasUndecidedDates(JsonNode column) {
        for (JsonNode out : column.path("ruledOut")) {
            if (label(Json.text(out.path("type"), "")).equals("date")) {
                for (JsonNode place : examples(out)) {
                    if (!Json.text(place.path("value"), "").matches(UNDECIDED_DATE)) {
                        return false;
                    }
                }
                return true;
            }
        }
        return false;
    }

    private static ObjectNode json(StoredProfile profile, JsonNode column) {
        ObjectNode object = Json.object()
                .put("dataset", profile.commit().dataset().value())
                .put("version", profile.commit().version())
                .put("column", StoredProfile.name(column))
                .put("title", StoredProfile.title(column))
                .put("type", profile.type(column))
                .put("reason", reason(profile, column))
                .put("undecidedDates", hasUndecidedDates(column));
        object.set("demanded", column.path("demanded"));
        var ruledOut = object.putArray("ruledOut");
        for (JsonNode out : column.path("ruledOut")) {
            ObjectNode one = ruledOut.addObject()
                    .put("type", label(Json.text(out.path("type"), "")))
                    .put("reason", Json.text(out.path("reason"), ""));
            var examples = one.putArray("examples");
            examples(out).forEach(examples::add);
        }
        return object;
    }
}
