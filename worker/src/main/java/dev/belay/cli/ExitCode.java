package dev.belay.cli;

import dev.belay.job.Failure;

/// What the process says to the shell. A contract.
final class ExitCode {
    /// Done.
    static final int DONE = 0;
    /// The job failed, or a drill found a breach.
    static final int JOB_FAILED = 1;
    /// Wrong usage or settings.
    static final int USAGE = 2;
    /// Something could not be reached or used.
    static final int UNREACHABLE = 3;
    /// Someone has to decide first.
    static final int NEEDS_DECISION = 4;

    private ExitCode() {}

    /// What a failure outside of a job means.
    static int of(Failure failure) {
        return switch (failure.code()) {
            case SETTINGS_INVALID,
                    JOB_INVALID,
                    DICTIONARY_INVALID,
                    COLUMN_NOT_FOUND,
                    JOB_NOT_FOUND,
                    DATASET_NOT_FOUND,
                    REVIEW_NOT_OPEN,
                    VERSION_NOT_FOUND -> USAGE;
            case DATASET_QUARANTINED,
                    STASH_CORRUPT,
                    JOURNAL_TOO_NEW,
                    UNVERIFIABLE,
                    CATALOG_LOST,
                    JOURNAL_LOST,
                    STORES_DISAGREE,
                    FOREIGN_DATASTORE -> NEEDS_DECISION;
            default -> UNREACHABLE;
        };
    }
}
