package dev.belay.tabular;

import dev.belay.job.CollectedRows;
import dev.belay.job.ColumnType;
import dev.belay.job.JobFailure;
import dev.belay.job.Progress;
import dev.belay.job.ReadOptions;
import dev.belay.job.TypedTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// Reads a text in all three steps.
record Reading(TableBytes bytes, ReadLimits limits) {
    static Reading of(String text) {
        return new Reading(bytes(text), ReadLimits.DEFAULTS);
    }

    static TableBytes bytes(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return TableBytes.of(bytes);
    }

    TableProfile profile() throws JobFailure, IOException {
        return profile(Map.of());
    }

    TableProfile profile(Map<String, ColumnType> overrides) throws JobFailure, IOException {
        var reader = DelimitedReader.alone(limits);
        return reader.profile(bytes, reader.detect(bytes, ReadOptions.DETECT), overrides, Progress.SILENT);
    }

    /// All rows in storage form; null is the empty string.
    List<List<String>> rows(TableProfile profile) throws JobFailure, IOException {
        try (TypedTable table = DelimitedReader.alone(limits).rows(bytes, profile)) {
            return CollectedRows.of(table, profile.columns().size()).stream()
                    .map(row -> row.stream()
                            .map(value -> value == null ? "" : value.toString())
                            .toList())
                    .toList();
        }
    }
}
