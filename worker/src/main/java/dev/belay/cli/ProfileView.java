package dev.belay.cli;

import dev.belay.job.Excerpt;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Draws the profile of a version's columns, and gives it to programs.
final class ProfileView {
    private static final int BAR = 8;
    private static final int HISTOGRAM = 16;
    private static final int WIDE_HISTOGRAM = 48;
    private static final int WIDE_BAR = 24;
    private static final int EXCERPT = 40;

    /// qsv's names for what has another name in ours.
    private static final Map<String, String> QSV = Map.of(
            "nullCount", "nullcount",
            "distinctCount", "cardinality",
            "standardDeviation", "stddev",
            "shortest", "min_length",
            "longest", "max_length",
            "sortOrder", "sort_order",
            "ascii", "is_ascii");

    private final Screen screen;
    private final StoredProfile profile;
    private final ProfileDrawing drawing;

    ProfileView(Screen screen, StoredProfile profile) {
        this.screen = screen;
        this.profile = profile;
        this.drawing = new ProfileDrawing(screen.isUnicode());
    }

    /// All columns, a line each.
    void print() {
        screen.print("%s version %d, %s, %s; profile of the file it was made from"
                .formatted(
                        profile.commit().dataset(),
                        profile.commit().version(),
                        Texts.rows(profile.commit().rows()),
                        Texts.count(profile.commit().columns().size(), "column")));
        screen.print("");
        var table = new TextTable(screen);
        table.header(List.of("column", "type", "nulls", "", "distinct", "", "min", "max", "values"));
        for (JsonNode column : profile.columns()) {
            long nulls = StoredProfile.count(column, "nullCount", "nulls");
            long values = column.path("count").asLong(0);
            long distinct = StoredProfile.count(column, "distinctCount", "distinct");
            table.row(List.of(
                    StoredProfile.name(column),
                    profile.type(column),
                    "%,d".formatted(nulls),
                    drawing.bar(share(nulls, nulls + values), BAR),
                    (column.path("distinctExact").asBoolean(true) ? "" : "~") + "%,d".formatted(distinct),
                    drawing.bar(share(distinct, values), BAR),
                    Excerpt.of(Json.text(column.path("min"), "")),
                    Excerpt.of(Json.text(column.path("max"), "")),
                    values(column)));
        }
        table.print();
        profile.withoutProfile()
                .forEach(
                        column -> screen.print("  %s: not in the file, only in earlier rows".formatted(column.name())));
        printPlacesAndDays();
        screen.print("");
        screen.say("next      belay datasets profile %s --column COLUMN"
                .formatted(profile.commit().dataset()));
    }

    /// A histogram, else the most frequent value.
    private String values(JsonNode column) {
        String histogram = drawing.histogram(column.path("quantiles"), HISTOGRAM);
        if (!histogram.isEmpty()) {
            return histogram;
        }
        JsonNode top = column.path("topValues").path(0);
        return top.isMissingNode()
                ? ""
                : "%s (%,d)"
                        .formatted(
                                cut(Json.text(top.path("value"), "")),
                                top.path("count").asLong());
    }

    private void printPlacesAndDays() {
        profile.box()
                .ifPresent(box -> screen.print(String.format(
                        Locale.ROOT,
                        "places    %s, %s: from %.5f, %.5f (south-west) to %.5f, %.5f (north-east)",
                        box.latitude(),
                        box.longitude(),
                        box.south(),
                        box.west(),
                        box.north(),
                        box.east())));
        profile.days()
                .ifPresent(days -> screen.print("times     from %s to %s".formatted(days.earliest(), days.latest())));
    }

    /// One column, all that is known.
    void print(JsonNode column) {
        long nulls = StoredProfile.count(column, "nullCount", "nulls");
        long values = column.path("count").asLong(0);
        long distinct = StoredProfile.count(column, "distinctCount", "distinct");
        screen.print("%s.%s  %s"
                .formatted(profile.commit().dataset(), screen.bold(StoredProfile.name(column)), profile.type(column)));
        line("values", "%,d".formatted(values));
        line("nulls", "%,d  %s".formatted(nulls, drawing.bar(share(nulls, nulls + values), WIDE_BAR)));
        line(
                "distinct",
                "%s%,d  %s%s"
                        .formatted(
                                column.path("distinctExact").asBoolean(true) ? "" : "about ",
                                distinct,
                                drawing.bar(share(distinct, values), WIDE_BAR),
                                column.path("unique").asBoolean(false) ? "  every value once" : ""));
        for (String name : List.of("min", "max", "sum", "mean", "standardDeviation", "shortest", "longest", "ascii")) {
            JsonNode found = column.path(name);
            if (!found.isMissingNode() && !found.isNull()) {
                line(name.equals("standardDeviation") ? "deviation" : name, Excerpt.of(found.asString()));
            }
        }
        if (column.has("sortOrder")) {
            line("order", column.path("sortOrder").asString().toLowerCase(Locale.ROOT));
        }
        String histogram = drawing.histogram(column.path("quantiles"), WIDE_HISTOGRAM);
        if (!histogram.isEmpty()) {
            line("histogram", histogram);
        }
        column.path("quantiles")
                .properties()
                .forEach(one -> line("  " + one.getKey(), one.getValue().asString()));
        printTop(column, values);
        screen.say("next      belay why %s.%s".formatted(profile.commit().dataset(), StoredProfile.name(column)));
    }

    private void printTop(JsonNode column, long values) {
        if (column.path("topValues").isEmpty()) {
            return;
        }
        screen.print("most frequent" + (column.path("topValuesExact").asBoolean(false) ? "" : ", estimated"));
        var table = new TextTable(screen);
        for (JsonNode top : column.path("topValues")) {
            long count = top.path("count").asLong();
            table.row(List.of(
                    cut(Json.text(top.path("value"), "")),
                    "%,d".formatted(count),
                    drawing.bar(share(count, values), WIDE_BAR)));
        }
        table.printRows();
    }

    private void line(String name, String words) {
        screen.print(name + " ".repeat(Math.max(1, 11 - name.length())) + words);
    }

    private static double share(long part, long of) {
        return of == 0 ? 0 : part / (double) of;
    }

    private static String cut(String value) {
        String excerpt = Excerpt.of(value);
        return excerpt.length() <= EXCERPT ? excerpt : excerpt.substring(0, EXCERPT - 1) + "…";
    }

    ObjectNode json() {
        ObjectNode object = Json.object()
                .put("dataset", profile.commit().dataset().value())
                .put("version", profile.commit().version())
                .put("rowCount", profile.commit().rows())
                .put("bytes", profile.commit().bytes());
        profile.box()
                .ifPresent(box -> object.putObject("box")
                        .put("latitudeColumn", box.latitude())
                        .put("longitudeColumn", box.longitude())
                        .put("south", box.south())
                        .put("west", box.west())
                        .put("north", box.north())
                        .put("east", box.east()));
        profile.days()
                .ifPresent(days -> object.putObject("times")
                        .put("earliest", days.earliest())
                        .put("latest", days.latest()));
        var columns = object.putArray("columns");
        profile.columns().forEach(column -> columns.add(json(column)));
        return object;
    }

    /// The column's profile as it is kept, with qsv's names beside ours.
    ObjectNode json(JsonNode column) {
        ObjectNode object =
                Json.object().put("field", StoredProfile.name(column)).put("type", profile.type(column));
        column.properties().forEach(one -> {
            object.set(one.getKey(), one.getValue());
            String alias = QSV.get(one.getKey());
            if (alias != null) {
                object.set(alias, one.getValue());
            }
        });
        return object;
    }
}
