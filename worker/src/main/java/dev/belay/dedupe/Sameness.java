package dev.belay.dedupe;

import dev.belay.job.ColumnType;
import dev.belay.job.DedupeRule;
import java.util.List;

/// When two rows are the same, and which of them stays.
///
/// Values are compared as they are loaded: text byte by byte, numbers as numbers (1.0 is 1.00, and -0 is 0). Where
/// whole rows are compared, no value is the same as no value. Where a key is, a row without a value in one of its
/// columns has no key and is the same as no other.
///
/// @param types of the columns, in the order of the source
/// @param key   the columns that are compared; empty: all of them
/// @param keep  which of several rows that are the same stays
public record Sameness(List<ColumnType> types, List<Integer> key, DedupeRule.Keep keep) {
    /// @throws IllegalArgumentException when a column of the key is none of the row's
    public Sameness {
        types = List.copyOf(types);
        key = List.copyOf(key);
        for (int column : key) {
            if (column < 0 || column >= types.size()) {
                throw new IllegalArgumentException("column %d of %d columns".formatted(column, types.size()));
            }
        }
    }

    boolean isOfWholeRows() {
        return key.isEmpty();
    }
}
