package dev.belay.tabular;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which texts stand for no value, besides the empty one, which always does.
///
/// What the job says holds in every column, beside what the dictionary says: for a column its own texts, else those of
/// the table.
///
/// @param job     the job's
/// @param table   the dictionary's for columns that have none of their own
/// @param columns the dictionary's for single columns, by physical name or header; an empty list is a word too
public record NullTexts(List<String> job, List<String> table, Map<String, List<String>> columns) {
    /// Only the empty text.
    public static final NullTexts NONE = new NullTexts(List.of(), List.of(), Map.of());

    /// Copies lists and map.
    public NullTexts {
        job = List.copyOf(job);
        table = List.copyOf(table);
        columns = Map.copyOf(columns);
    }

    /// Texts that hold in every column.
    public static NullTexts everywhere(List<String> job) {
        return new NullTexts(job, List.of(), Map.of());
    }

    /// For each column its texts. Columns without words of their own share one list.
    List<List<String>> of(Dialect dialect) {
        List<String> usual = joined(table);
        return Wishes.perColumn(columns, dialect).stream()
                .map(own -> own.map(this::joined).orElse(usual))
                .toList();
    }

    private List<String> joined(List<String> dictionary) {
        Set<String> texts = new LinkedHashSet<>(job);
        texts.addAll(dictionary);
        texts.remove("");
        return List.copyOf(texts);
    }
}
