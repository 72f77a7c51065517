package dev.belay.drill;

import java.util.Map;
import java.util.TreeMap;

/// What one look at a table showed: how many rows of each job it has.
///
/// @param version as the file itself says
/// @param rows    by job
record Seen(int version, Map<String, Long> rows) {
    Seen {
        rows = Map.copyOf(rows);
    }

    /// What a table of these lines shows.
    static Map<String, Long> rows(Iterable<String> lines) {
        var rows = new TreeMap<String, Long>();
        for (String line : lines) {
            rows.merge(line.substring(line.lastIndexOf(',') + 1), 1L, Long::sum);
        }
        return rows;
    }
}
