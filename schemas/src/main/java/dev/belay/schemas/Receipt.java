package dev.belay.schemas;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.belay.schemas.EventData.SourceSummary;
import dev.belay.schemas.EventData.StillServed;
import dev.belay.schemas.EventData.Truncation;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The end of a job, whatever it was: one shape for all five terminal events.
///
/// @param dataset null only if the message was too broken to name it
/// @param reason for `skipped`: `unchanged`, `empty` or `dry_run`; for the others null or one word more
/// @param version the published version; null if this job published none
/// @param rows the rows of the published version; 0 if none
/// @param file the published SQLite file, where there is one
/// @param operationId of the last attempt; null if there was none
/// @param attempts how many attempts were made
/// @param stillServed what readers see after this outcome; null if nothing was ever published
/// @param stageMillis how long each stage of the last attempt took, in the order they ran, up to the publication
/// @param rejects the first of the rejected rows, at most 20
/// @param duplicates the first of the rows that `rules.dedupe` left out, at most 20; not written where there are none
/// @param screened what screening found, where the job's rule was not `off`
/// @param failure for `failed`, and for no other outcome
/// @param supersededBy the job that was published instead
/// @param plan what a dry run found the job would do; for no other receipt
public record Receipt(
        String jobId,
        @Nullable String dataset,
        Outcome outcome,
        @Nullable String reason,
        @Nullable Long version,
        long rows,
        long rejected,
        long deduplicated,
        @Nullable String file,
        List<Column> columns,
        List<String> warnings,
        List<Reject> rejects,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Duplicate> duplicates,
        List<Screened> screened,
        @Nullable String operationId,
        int attempts,
        @Nullable SourceSummary source,
        @Nullable Mode mode,
        @Nullable String commitId,
        @Nullable DictionaryMerge dictionary,
        @Nullable StillServed stillServed,
        @Nullable Failure failure,
        @Nullable String supersededBy,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable DryRun plan,
        Map<String, Long> stageMillis,
        @Nullable Instant startedAt,
        Instant endedAt,
        List<Truncation> truncated)
        implements EventData {
    /// Checks and copies.
    ///
    /// @throws IllegalArgumentException if there is a failure without `failed`, or `failed` without one
    public Receipt {
        if ((outcome == Outcome.FAILED) != (failure != null)) {
            throw new IllegalArgumentException("a receipt has a failure if and only if its outcome is failed, not "
                    + outcome.wire() + (failure == null ? " without one" : " with one"));
        }
        columns = Lists.copy(columns);
        warnings = Lists.copy(warnings);
        rejects = Lists.copy(rejects);
        duplicates = Lists.copy(duplicates);
        screened = Lists.copy(screened);
        stageMillis = stageMillis == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(stageMillis));
        truncated = Lists.copy(truncated);
    }

    @Override
    @JsonIgnore
    public EventType type() {
        return outcome.eventType();
    }

    /// A column of the published version.
    ///
    /// @param name as it is in the store
    /// @param type integer, decimal, double, boolean, date, time, timestamp, uuid, json or text
    /// @param title what people call it: the header as it was in the file, or what the dictionary says
    public record Column(String name, String type, @Nullable String title) {}

    /// A row that was not loaded, and why.
    ///
    /// @param line 0 where the source has no lines
    /// @param column null where the whole row is at fault
    public record Reject(long row, long line, @Nullable String column, String code, String message) {}

    /// A row that was left out because another one says the same.
    ///
    /// @param line 0 where the source has no lines
    /// @param keptRow the row that stays
    /// @param keptLine its line; 0 where the source has no lines
    public record Duplicate(long row, long line, long keptRow, long keptLine) {}

    /// Values of a column that look like personal data. No value stands here but masked.
    ///
    /// @param detector such as `iban`; `pattern:NAME` for one of the worker's settings
    /// @param found values in which it was found
    /// @param shaped values that have the form, whether they pass the check or not
    /// @param values values that were looked at
    /// @param likely false where no more pass the check than chance makes; such findings decide nothing
    /// @param samples the first ones
    public record Screened(
            String column,
            String detector,
            long found,
            long shaped,
            long values,
            boolean likely,
            List<Sample> samples) {
        public Screened {
            samples = Lists.copy(samples);
        }

        /// @param line 0 where the source has no lines
        /// @param masked the first and the last character at most, and separators
        public record Sample(long record, long line, String masked) {}
    }

    /// What a job would do, found without doing it.
    ///
    /// @param records of the source, rejected ones included
    /// @param rows that would be loaded from it
    /// @param readAs how the source is read, in a sentence; null for an earlier version
    /// @param columns of the version that would be published, at most 200
    /// @param changes to the columns of what is served, a sentence each, at most 100
    public record DryRun(
            long records, long rows, @Nullable String readAs, List<PlannedColumn> columns, List<String> changes) {
        static final int MAX_COLUMNS = 200;
        static final int MAX_CHANGES = 100;

        /// Copies and cuts the lists: what is planned for more columns is said by the receipt's own.
        public DryRun {
            columns = Lists.copy(columns).stream().limit(MAX_COLUMNS).toList();
            changes = Lists.copy(changes).stream().limit(MAX_CHANGES).toList();
        }

        /// A column of the version that would be published.
        ///
        /// @param title as the dictionary would have it after the merge
        /// @param description likewise
        /// @param reason why it has its type
        public record PlannedColumn(
                String name,
                String type,
                @Nullable String title,
                @Nullable String description,
                @Nullable String reason) {}
    }

    /// What became of the curated dictionary.
    ///
    /// @param kept curated titles, descriptions and other properties that stayed as they were
    /// @param applied fields whose type override was applied to the data
    /// @param added fields the dictionary did not have
    /// @param orphaned fields the data no longer have; they are kept
    /// @param conflicts overrides the data do not satisfy, a sentence each
    /// @param summary all of it in one line for people
    public record DictionaryMerge(
            int kept, int applied, int added, int orphaned, List<String> conflicts, String summary) {
        public DictionaryMerge {
            conflicts = Lists.copy(conflicts);
        }
    }
}
