package dev.belay.tabular;

import dev.belay.job.NumberMarks;
import java.util.List;
import java.util.Map;

/// What is said about how numbers are written.
///
/// @param job     what the job says of all columns
/// @param columns what the dictionary says of single ones, by physical name or header, in the place of the job's words
/// @param marked  whether numbers may be written with marks at all
public record NumberWords(NumberMarks job, Map<String, NumberMarks> columns, boolean marked) {
    /// Nothing is said; the values may show it.
    public static final NumberWords NONE = new NumberWords(NumberMarks.UNKNOWN, Map.of());

    /// For a text that we have written ourselves, whose numbers are plain.
    static final NumberWords PLAIN = new NumberWords(NumberMarks.UNKNOWN, Map.of(), false);

    /// Copies the map.
    public NumberWords {
        columns = Map.copyOf(columns);
    }

    /// Of delimited text.
    public NumberWords(NumberMarks job, Map<String, NumberMarks> columns) {
        this(job, columns, true);
    }

    /// For each column what is said of it.
    List<NumberMarks> of(Dialect dialect) {
        return Wishes.perColumn(columns, dialect).stream()
                .map(own -> own.orElse(job))
                .toList();
    }
}
