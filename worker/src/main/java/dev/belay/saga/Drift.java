package dev.belay.saga;

import dev.belay.datastore.Commit;
import dev.belay.job.Column;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// How the columns of a version differ from those of the one before, in sentences. Pure.
///
/// A column that is gone and one that is new are told to be perhaps the same when their values look alike: the same
/// type, the same least and greatest value and about as many different ones, or mostly the same frequent ones. It is
/// said only, nothing is decided by it.
final class Drift {
    private static final int MOST_NAMED = 20;
    /// Columns of fewer different values look alike too easily.
    private static final int DIFFERENT_ENOUGH = 3;
    private static final double ABOUT = 0.1;

    private final int version;
    private final List<Column> served;
    private final List<Column> columns;
    private final String servedProfileJson;
    private final String profileJson;

    private Drift(Commit served, List<Column> columns, String profileJson) {
        this.version = served.version();
        this.served = served.columns();
        this.columns = columns;
        this.servedProfileJson = served.profileJson();
        this.profileJson = profileJson;
    }

    /// @param columns     of the new version
    /// @param profileJson of the file it is made from
    static List<String> between(Commit served, List<Column> columns, String profileJson) {
        return new Drift(served, columns, profileJson).sentences();
    }

    private List<String> sentences() {
        Map<String, Column> before = byName(served);
        Map<String, Column> after = byName(columns);
        List<Column> added = columns.stream()
                .filter(column -> !before.containsKey(folded(column)))
                .toList();
        List<Column> gone = served.stream()
                .filter(column -> !after.containsKey(folded(column)))
                .toList();
        var sentences = new ArrayList<String>();
        if (!added.isEmpty()) {
            sentences.add("columns that version %d does not have: %s".formatted(version, names(added)));
        }
        if (!gone.isEmpty()) {
            sentences.add("columns of version %d that are gone: %s".formatted(version, names(gone)));
        }
        for (Column column : columns) {
            Column earlier = before.get(folded(column));
            if (earlier != null && earlier.type() != column.type()) {
                sentences.add("column \"%s\" is %s; in version %d it is %s"
                        .formatted(
                                column.name(),
                                column.type().label(),
                                version,
                                earlier.type().label()));
            }
        }
        renamed(gone, added)
                .forEach((old, now) ->
                        sentences.add("column \"%s\" is perhaps what version %d calls \"%s\": their values look alike"
                                .formatted(now, version, old)));
        return sentences;
    }

    /// Where each looks like exactly one of the others. Profiles are long, and are read only where there is something
    /// to compare.
    private Map<String, String> renamed(List<Column> gone, List<Column> added) {
        if (gone.isEmpty() || added.isEmpty()) {
            return Map.of();
        }
        Map<String, JsonNode> before = profiles(servedProfileJson);
        Map<String, JsonNode> after = profiles(profileJson);
        var renamed = new LinkedHashMap<String, String>();
        Set<String> doubtful = new HashSet<>();
        for (Column old : gone) {
            List<Column> alike = added.stream()
                    .filter(now -> old.type() == now.type() && areAlike(before.get(old.name()), after.get(now.name())))
                    .toList();
            if (alike.size() == 1) {
                String now = alike.getFirst().name();
                if (renamed.containsValue(now)) {
                    doubtful.add(now);
                }
                renamed.put(old.name(), now);
            }
        }
        renamed.values().removeAll(doubtful);
        return renamed;
    }

    private static boolean areAlike(@Nullable JsonNode before, @Nullable JsonNode after) {
        if (before == null || after == null) {
            return false;
        }
        double few = Math.min(different(before), different(after));
        double many = Math.max(different(before), different(after));
        if (few < DIFFERENT_ENOUGH) {
            return false;
        }
        boolean sameRange = isSame(before, after, "min") && isSame(before, after, "max");
        return (sameRange && many - few <= ABOUT * many) || shareFrequentValues(before, after);
    }

    private static boolean isSame(JsonNode before, JsonNode after, String field) {
        return before.path(field).isString() && before.path(field).equals(after.path(field));
    }

    private static boolean shareFrequentValues(JsonNode before, JsonNode after) {
        Set<String> old = frequent(before);
        Set<String> now = frequent(after);
        if (old.size() < DIFFERENT_ENOUGH || now.size() < DIFFERENT_ENOUGH) {
            return false;
        }
        var both = new HashSet<>(old);
        both.retainAll(now);
        return 2 * both.size() > Math.max(old.size(), now.size());
    }

    private static Set<String> frequent(JsonNode profile) {
        var values = new HashSet<String>();
        for (JsonNode top : profile.path("topValues")) {
            // What is there once is frequent by chance.
            if (top.path("count").asLong(0) > 1) {
                values.add(top.path("value").asString(""));
            }
        }
        return values;
    }

    /// Named otherwise in profiles of earlier programs.
    private static double different(JsonNode profile) {
        return profile.path(profile.has("distinctCount") ? "distinctCount" : "distinct")
                .asDouble(0);
    }

    private static Map<String, Column> byName(List<Column> columns) {
        var byName = new HashMap<String, Column>();
        columns.forEach(column -> byName.put(folded(column), column));
        return byName;
    }

    private static String folded(Column column) {
        return column.name().toLowerCase(Locale.ROOT);
    }

    private static String names(List<Column> columns) {
        String names = String.join(
                ", ", columns.stream().limit(MOST_NAMED).map(Column::name).toList());
        return columns.size() <= MOST_NAMED ? names : "%s and %d more".formatted(names, columns.size() - MOST_NAMED);
    }

    private static Map<String, JsonNode> profiles(String json) {
        var profiles = new HashMap<String, JsonNode>();
        try {
            for (JsonNode profile : JsonMapper.shared().readTree(json)) {
                profiles.put(profile.path("column").path("name").asString(""), profile);
            }
        } catch (JacksonException unreadable) {
            // Then no column looks like another; names and types are in the commits themselves.
            return Map.of();
        }
        return profiles;
    }
}
