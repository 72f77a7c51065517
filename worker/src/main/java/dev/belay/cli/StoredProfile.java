package dev.belay.cli;

import dev.belay.datastore.Commit;
import dev.belay.job.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// What was found in the columns of the file a version was made from, as it is kept with the version
/// (`docs/profile.md`).
///
/// @param commit  the version
/// @param columns their profiles, in the file's order
record StoredProfile(Commit commit, List<JsonNode> columns) {
    private static final double POLE = 90;
    private static final double DATE_LINE = 180;

    static StoredProfile of(Commit commit) {
        var columns = new ArrayList<JsonNode>();
        Json.read(commit.profileJson()).forEach(columns::add);
        return new StoredProfile(commit, List.copyOf(columns));
    }

    /// The profile of a column by its name, or else by its original header.
    Optional<JsonNode> column(String nameOrTitle) {
        return columns.stream()
                .filter(column -> name(column).equals(nameOrTitle))
                .findFirst()
                .or(() -> columns.stream()
                        .filter(column -> title(column).equals(nameOrTitle))
                        .findFirst());
    }

    static String name(JsonNode column) {
        return Json.text(column.path("column").path("name"), "");
    }

    static String title(JsonNode column) {
        return Json.text(column.path("column").path("title"), "");
    }

    /// The type's name in the version, which may be wider than the file's, in lower case.
    String type(JsonNode column) {
        return commit.columns().stream()
                .filter(one -> one.name().equals(name(column)))
                .map(one -> one.type().label())
                .findFirst()
                .orElse(Json.text(column.path("column").path("type"), "").toLowerCase(Locale.ROOT));
    }

    /// A count, under today's name or that of earlier versions.
    static long count(JsonNode column, String today, String before) {
        return column.path(column.has(today) ? today : before).asLong(0);
    }

    /// A value of the profile as a number, if it is one.
    static OptionalDouble number(JsonNode value) {
        try {
            return value.isNull() || value.isMissingNode()
                    ? OptionalDouble.empty()
                    : OptionalDouble.of(Double.parseDouble(value.asString()));
        } catch (NumberFormatException no) {
            return OptionalDouble.empty();
        }
    }

    /// The box in which the places lie, where there is one column of latitudes and one of longitudes, by name and by
    /// range.
    record Box(String latitude, String longitude, double south, double west, double north, double east) {}

    Optional<Box> box() {
        List<JsonNode> latitudes = places("(.*_)?(lat|latitude)", POLE);
        List<JsonNode> longitudes = places("(.*_)?(lon|lng|long|longitude)", DATE_LINE);
        if (latitudes.size() != 1 || longitudes.size() != 1) {
            return Optional.empty();
        }
        JsonNode north = latitudes.getFirst();
        JsonNode east = longitudes.getFirst();
        return Optional.of(new Box(name(north), name(east), least(north), least(east), most(north), most(east)));
    }

    private List<JsonNode> places(String name, double limit) {
        return columns.stream()
                .filter(column -> name(column).toLowerCase(Locale.ROOT).matches(name))
                .filter(column -> List.of("decimal", "double", "integer").contains(type(column)))
                .filter(column -> number(column.path("min")).isPresent()
                        && number(column.path("max")).isPresent()
                        && least(column) >= -limit
                        && most(column) <= limit)
                .toList();
    }

    private static double least(JsonNode column) {
        return number(column.path("min")).orElseThrow();
    }

    private static double most(JsonNode column) {
        return number(column.path("max")).orElseThrow();
    }

    /// From the earliest to the latest of all dates and times.
    record Days(String earliest, String latest) {}

    Optional<Days> days() {
        List<String> bounds = columns.stream()
                .filter(column -> List.of("date", "timestamp").contains(type(column)))
                .flatMap(column -> Stream.of(column.path("min"), column.path("max")))
                .filter(bound -> !bound.isNull() && !bound.isMissingNode())
                .map(JsonNode::asString)
                .sorted()
                .toList();
        return bounds.isEmpty() ? Optional.empty() : Optional.of(new Days(bounds.getFirst(), bounds.getLast()));
    }

    /// Columns of the version that the file did not have.
    List<Column> withoutProfile() {
        return commit.columns().stream()
                .filter(column -> columns.stream().noneMatch(one -> name(one).equals(column.name())))
                .toList();
    }
}
