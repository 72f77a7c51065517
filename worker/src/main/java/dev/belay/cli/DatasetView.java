package dev.belay.cli;

import dev.belay.datastore.Commit;
import dev.belay.datastore.DatasetState;
import dev.belay.datastore.DatastoreReader;
import dev.belay.dictionary.DataDictionary;
import dev.belay.dictionary.Field;
import dev.belay.job.Column;
import dev.belay.job.Excerpt;
import dev.belay.job.JobFailure;
import dev.belay.journal.Quarantine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One dataset as it is served: what, its columns with what was found in them, first rows, what people say about it.
final class DatasetView {
    private static final int ROWS_SHOWN = 5;
    private static final int COLUMNS_OF_ROWS_SHOWN = 12;

    private final Screen screen;
    private final StoredFacts facts;
    private final DatasetState state;

    DatasetView(Screen screen, StoredFacts facts, DatasetState state) {
        this.screen = screen;
        this.facts = facts;
        this.state = state;
    }

    void print() throws JobFailure {
        screen.print("dataset      " + screen.bold(state.dataset().value()));
        if (state.head().isEmpty()) {
            screen.print("served       nothing: it is " + presence());
            state.emptiedBy()
                    .ifPresent(by -> screen.print(
                            "             emptied by the in-place load of attempt %s, which goes on when a worker runs"
                                    .formatted(by)));
            screen.print("next         belay datasets history " + state.dataset());
            return;
        }
        Commit head = state.head().get();
        screen.print("served       version %d, %s, %s"
                .formatted(head.version(), Texts.rows(head.rows()), Texts.bytes(head.bytes())));
        screen.print("published    %s by job %s"
                .formatted(Texts.when(head.publishedAt()), head.provenance().job()));
        screen.print("source       " + head.provenance().source());
        screen.print("incarnation  " + state.incarnation().map(Object::toString).orElse(""));
        screen.print(whereItIsRead(head));
        printColumns(head);
        printRows(head);
        printDictionary();
        screen.print("");
        screen.print("next         belay datasets history " + state.dataset());
        screen.print("next         belay dictionary show " + state.dataset());
    }

    private String whereItIsRead(Commit head) {
        DatastoreReader datastore = facts.datastore().orElseThrow();
        Optional<String> view = datastore.view(state.dataset());
        if (view.isPresent()) {
            return "view         %s in %s"
                    .formatted(view.get(), facts.places().datastore().text());
        }
        return datastore
                .file(head)
                .map(file -> "file         " + file)
                .orElseGet(() -> "file         " + screen.red("missing") + "; see belay doctor");
    }

    private String presence() {
        return state.presence().name().toLowerCase(Locale.ROOT);
    }

    private void printColumns(Commit head) {
        Map<String, JsonNode> profiles = profiles(head);
        Map<String, String> titles = titles();
        screen.print("");
        var table = new TextTable(screen);
        table.header(List.of("column", "type", "title", "nulls", "distinct", "min", "max"));
        for (Column column : head.columns()) {
            JsonNode profile = profiles.getOrDefault(column.name(), Json.object());
            String about = profile.path("distinctExact").asBoolean(true) ? "" : "about ";
            table.row(List.of(
                    column.name(),
                    column.type().label(),
                    titles.getOrDefault(column.name(), column.title()),
                    number(finding(profile, "nulls")),
                    about + number(finding(profile, "distinct")),
                    Excerpt.of(Json.text(profile.path("min"), "")),
                    Excerpt.of(Json.text(profile.path("max"), ""))));
        }
        table.print();
    }

    /// Counts have other names in profiles of today than in those of earlier versions.
    private static JsonNode finding(JsonNode profile, String name) {
        String today = switch (name) {
            case "nulls" -> "nullCount";
            case "distinct" -> "distinctCount";
            default -> name;
        };
        JsonNode found = profile.has(today) ? profile.get(today) : profile.get(name);
        return found == null ? Json.object().nullNode() : found;
    }

    private static String number(JsonNode number) {
        return number.isNumber() ? "%,d".formatted(number.asLong()) : "";
    }

    /// The profiles of the file the version was made from, by column.
    private static Map<String, JsonNode> profiles(Commit head) {
        var profiles = new HashMap<String, JsonNode>();
        for (JsonNode profile : Json.read(head.profileJson())) {
            profiles.put(Json.text(profile.path("column").path("name"), ""), profile);
        }
        return profiles;
    }

    private Map<String, String> titles() {
        var titles = new HashMap<String, String>();
        dictionary()
                .ifPresent(dictionary -> dictionary.fields().stream()
                        .filter(field -> !field.title().isEmpty())
                        .forEach(field -> titles.put(field.name(), field.title())));
        return titles;
    }

    /// Empty where there is none, and where it cannot be read, which `belay doctor` tells.
    private Optional<DataDictionary> dictionary() {
        return state.dictionary().flatMap(document -> {
            try {
                return Optional.of(DataDictionary.parse(document));
            } catch (JobFailure damaged) {
                return Optional.empty();
            }
        });
    }

    private void printRows(Commit head) {
        if (head.rows() == 0 || !facts.datastore().orElseThrow().isKept(head)) {
            return;
        }
        screen.print("");
        var table = new TextTable(screen);
        List<Column> shown =
                head.columns().stream().limit(COLUMNS_OF_ROWS_SHOWN).toList();
        table.header(shown.stream().map(Column::name).toList());
        for (List<@Nullable Object> row : facts.datastore().orElseThrow().preview(head, ROWS_SHOWN)) {
            var cells = new ArrayList<String>();
            for (int at = 0; at < shown.size(); at++) {
                Object value = row.get(at);
                cells.add(value == null ? "" : Excerpt.of(value.toString()));
            }
            table.row(cells);
        }
        table.print();
        if (head.columns().size() > shown.size()) {
            screen.print(
                    screen.dim("  and %d more columns".formatted(head.columns().size() - shown.size())));
        }
    }

    private void printDictionary() {
        Optional<DataDictionary> dictionary = dictionary();
        if (dictionary.isEmpty()) {
            screen.print("dictionary   " + screen.red("cannot be read"));
            return;
        }
        long curated =
                dictionary.get().fields().stream().filter(Field::isCurated).count();
        long orphans = dictionary.get().fields().stream().filter(Field::orphan).count();
        screen.print("");
        screen.print("dictionary   %s, %d with something written about them%s, revision %d"
                .formatted(
                        Texts.count(dictionary.get().fields().size(), "field"),
                        curated,
                        orphans == 0 ? "" : ", %d without a column just now".formatted(orphans),
                        state.dictionaryRevision()));
    }

    ObjectNode json(Optional<Quarantine> quarantine) {
        ObjectNode object = Json.object()
                .put("dataset", state.dataset().value())
                .put("presence", presence())
                .put("incarnation", state.incarnation().map(Object::toString).orElse(null))
                .put("dictionaryRevision", state.dictionaryRevision());
        object.set(
                "dictionary",
                state.dictionary()
                        .map(document -> Json.read(document.json()))
                        .orElse(Json.object().nullNode()));
        quarantine.ifPresent(set -> object.putObject("setAside")
                .put("reason", set.reason())
                .put("operationId", set.operation().value())
                .put("since", set.since().toString()));
        state.head().ifPresent(head -> {
            DatastoreReader datastore = facts.datastore().orElseThrow();
            object.set("head", CommitJson.of(head, datastore));
            datastore.view(state.dataset()).ifPresent(view -> object.put("view", view));
            Map<String, JsonNode> profiles = profiles(head);
            Map<String, String> titles = titles();
            var columns = object.putArray("columns");
            for (Column column : head.columns()) {
                ObjectNode shown = columns.addObject()
                        .put("name", column.name())
                        .put("type", column.type().label())
                        .put("title", titles.getOrDefault(column.name(), column.title()));
                JsonNode profile = profiles.getOrDefault(column.name(), Json.object());
                for (String finding : List.of("nulls", "distinct", "distinctExact", "min", "max")) {
                    shown.set(finding, finding(profile, finding));
                }
            }
        });
        return object;
    }
}
