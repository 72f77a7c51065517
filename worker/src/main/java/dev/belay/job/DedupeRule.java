package dev.belay.job;

import java.util.List;

/// Which records of a file are left out because another one says the same.
///
/// @param columns two records are the same when they are in these columns, by name or original header; empty: in all
/// @param keep    which of them stays
public record DedupeRule(List<String> columns, Keep keep) {
    /// Copies the list.
    public DedupeRule {
        columns = List.copyOf(columns);
    }

    /// Which of several records that are the same stays.
    public enum Keep {
        /// The one that comes first in the file.
        FIRST,
        /// The one that comes last.
        LAST
    }
}
