package dev.belay.schemas;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A request to load one source into one dataset, with every default filled in. The wire form is
/// `job.schema.json`; [MessageCodec] reads and writes it, and only what it has read is known to be within the
/// schema's limits.
///
/// @param jobId null: derived from where the message lies
/// @param key the columns that identify a row; not empty for an upsert
/// @param owner who is told about the job
public record JobMessage(
        @Nullable String jobId,
        String dataset,
        Source source,
        Mode mode,
        List<String> key,
        PublishStrategy publish,
        Retry retry,
        Read read,
        Rules rules,
        @Nullable String owner,
        List<String> groups,
        @Nullable String callback,
        boolean dryRun) {
    /// The CloudEvents `type` of a job message that is sent as a CloudEvent.
    public static final String CLOUD_EVENT_TYPE = "dev.belay.job.requested";

    public JobMessage {
        key = List.copyOf(key);
        groups = List.copyOf(groups);
    }

    /// A replace of `dataset` with everything else at its default.
    public static JobMessage replace(String dataset, Source source) {
        return new JobMessage(
                null,
                dataset,
                source,
                Mode.REPLACE,
                List.of(),
                PublishStrategy.SWAP,
                Retry.DEFAULT,
                Read.DEFAULT,
                Rules.DEFAULT,
                null,
                List.of(),
                null,
                false);
    }

    /// The same job under an id.
    public JobMessage withJobId(String id) {
        return new JobMessage(
                id, dataset, source, mode, key, publish, retry, read, rules, owner, groups, callback, dryRun);
    }

    /// The same job in another mode.
    public JobMessage withMode(Mode newMode, List<String> newKey) {
        return new JobMessage(
                jobId, dataset, source, newMode, newKey, publish, retry, read, rules, owner, groups, callback, dryRun);
    }

    /// The same job, published in another way.
    public JobMessage withPublish(PublishStrategy newPublish) {
        return new JobMessage(
                jobId, dataset, source, mode, key, newPublish, retry, read, rules, owner, groups, callback, dryRun);
    }

    /// The same job from another source.
    public JobMessage withSource(Source newSource) {
        return new JobMessage(
                jobId, dataset, newSource, mode, key, publish, retry, read, rules, owner, groups, callback, dryRun);
    }

    /// The same job, tried again in another way.
    public JobMessage withRetry(Retry newRetry) {
        return new JobMessage(
                jobId, dataset, source, mode, key, publish, newRetry, read, rules, owner, groups, callback, dryRun);
    }

    /// The same job with other words on how to read the source.
    public JobMessage withRead(Read newRead) {
        return new JobMessage(
                jobId, dataset, source, mode, key, publish, retry, newRead, rules, owner, groups, callback, dryRun);
    }

    /// The same job with other rules.
    public JobMessage withRules(Rules newRules) {
        return new JobMessage(
                jobId, dataset, source, mode, key, publish, retry, read, newRules, owner, groups, callback, dryRun);
    }

    /// The same job, only to say what it would do.
    public JobMessage asDryRun() {
        return new JobMessage(
                jobId, dataset, source, mode, key, publish, retry, read, rules, owner, groups, callback, true);
    }

    /// Where the rows come from.
    public sealed interface Source {
        /// A file to fetch.
        ///
        /// @param url an http, https or file URL, or a path
        /// @param sha256 what the file's bytes must have as SHA-256, 64 lower-case hexadecimal digits
        /// @param secretRef the name of a secret in the worker's settings; not supported yet
        record Url(
                String url,
                @Nullable String sha256,
                @Nullable String secretRef) implements Source {}

        /// An earlier version of the dataset, to be published again.
        record Version(long version) implements Source {}

        /// A file with no digest to check.
        static Source url(String url) {
            return new Url(url, null, null);
        }

        static Source version(long version) {
            return new Version(version);
        }
    }

    /// What happens after a failed attempt.
    ///
    /// @param maxAttempts null: as the worker's settings say
    public record Retry(@Nullable Integer maxAttempts, On on) {
        public static final Retry DEFAULT = new Retry(null, On.TRANSIENT);

        /// Which failures are tried again.
        public enum On implements WireName {
            /// Only those that may go away by themselves.
            TRANSIENT,
            /// Every failure: the source may be mended between attempts.
            ANY
        }
    }

    /// How the source is read; null everywhere means: find out from the bytes.
    ///
    /// @param member the file of an archive that holds the table
    /// @param sheet the sheet of a workbook, by name or by number from 1
    /// @param delimiter 1 to 8 characters
    /// @param quote one character
    /// @param encoding an IANA charset name
    /// @param headerRow the physical line of a text or the row of a sheet, from 1
    /// @param locale not supported yet, always null
    /// @param dateOrder whether the day or the month comes first in dates that could be read both ways
    /// @param nullTokens texts that stand for no value, besides the empty one
    /// @param decimalMark what stands before the fraction of a number, `.` or `,`
    /// @param groupMark what parts groups of its digits: `.`, `,`, a blank or an apostrophe
    public record Read(
            Format format,
            @Nullable String member,
            @Nullable String sheet,
            @Nullable String delimiter,
            @Nullable String quote,
            @Nullable String encoding,
            @Nullable Integer headerRow,
            @Nullable String locale,
            @Nullable DateOrder dateOrder,
            List<String> nullTokens,
            @Nullable String decimalMark,
            @Nullable String groupMark) {
        public static final Read DEFAULT =
                new Read(Format.AUTO, null, null, null, null, null, null, null, null, List.of(), null, null);
        /// The largest [#headerRow].
        public static final int MAX_HEADER_ROW = 1_048_576;

        public Read {
            nullTokens = List.copyOf(nullTokens);
        }

        /// In which order dates are written.
        public enum DateOrder implements WireName {
            /// The day first: 31/12/2026.
            DMY,
            /// The month first: 12/31/2026.
            MDY
        }

        /// What a file is.
        public enum Format implements WireName {
            AUTO,
            CSV,
            JSON,
            XLSX,
            XLS,
            ODS,
            PARQUET
        }

        /// The default but for the two things a CSV file leaves open.
        public static Read csv(@Nullable String delimiter, @Nullable String encoding) {
            return new Read(Format.CSV, null, null, delimiter, null, encoding, null, null, null, List.of(), null, null);
        }
    }

    /// What rows must satisfy.
    ///
    /// @param maxRejectedRatio the part of the rows, 0 to 1, that may be rejected before the job fails
    /// @param screen what is done about values that look like personal data; null: as the worker's settings say
    /// @param dedupe which records are left out because another one says the same; null: none
    /// @param expect not supported yet, always null
    /// @param overridePolicy what becomes of values that are not of the type the dictionary demands
    public record Rules(
            double maxRejectedRatio,
            @Nullable Screen screen,
            @Nullable Dedupe dedupe,
            @Nullable String expect,
            OverridePolicy overridePolicy) {
        public static final Rules DEFAULT = new Rules(0.05, null, null, null, OverridePolicy.REJECT);

        /// The same rules with another word on screening.
        public Rules withScreen(Screen newScreen) {
            return new Rules(maxRejectedRatio, newScreen, dedupe, expect, overridePolicy);
        }

        /// The same rules with another part that may be rejected.
        public Rules withMaxRejectedRatio(double newRatio) {
            return new Rules(newRatio, screen, dedupe, expect, overridePolicy);
        }

        /// The same rules with another word on values that are not of the type demanded.
        public Rules withOverridePolicy(OverridePolicy newPolicy) {
            return new Rules(maxRejectedRatio, screen, dedupe, expect, newPolicy);
        }

        /// What becomes of a job when values are not of the type that the dictionary demands.
        public enum OverridePolicy implements WireName {
            /// Their records are rejected.
            REJECT,
            /// The job fails before anything is touched.
            FAIL,
            /// The column takes the narrowest type that holds all its values.
            WIDEN
        }

        /// The same rules with another word on records that say the same; null: all of them are loaded.
        public Rules withDedupe(@Nullable Dedupe newDedupe) {
            return new Rules(maxRejectedRatio, screen, newDedupe, expect, overridePolicy);
        }

        /// Which records of the source are left out because another one says the same.
        ///
        /// @param by what has to be the same
        /// @param columns for [By#COLUMNS], and for nothing else, their names or original headers
        /// @param keep which of the records that are the same stays
        public record Dedupe(By by, List<String> columns, Keep keep) {
            public Dedupe {
                columns = List.copyOf(columns);
            }

            /// What of two records has to be the same.
            public enum By implements WireName {
                /// The whole record.
                RECORD,
                /// The columns of the job's key.
                KEY,
                /// Columns that are named; on the wire the list of them.
                COLUMNS
            }

            /// Which of them stays.
            public enum Keep implements WireName {
                FIRST,
                LAST;

                /// For jobs that do not say: the last for an upsert, where the last row of a key wins anyway.
                public static Keep usual(Mode mode) {
                    return mode == Mode.UPSERT ? LAST : FIRST;
                }
            }
        }

        /// What is done about values that look like personal data.
        public enum Screen implements WireName {
            /// Nobody looks.
            OFF,
            /// Said in the receipt.
            REPORT,
            /// A person decides; until then the job waits.
            REVIEW,
            /// The job fails before anything is written.
            BLOCK
        }
    }
}
