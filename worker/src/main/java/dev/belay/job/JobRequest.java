package dev.belay.job;

import java.util.List;
import java.util.Optional;

/// What a job asks for, checked and with its defaults filled in.
///
/// @param key              the columns that identify a row, by their name or original header; empty unless the
/// job names them
/// @param dryRun           whether to say only what would be done, and touch nothing
/// @param maxRejectedRatio 0 to 1: above this share of rejected records the job fails with nothing touched
/// @param overridePolicy   what becomes of values that are not of the type the dictionary demands
/// @param screen           what is done about personal data; empty: as the worker's settings say
/// @param dedupe           which records of the file are left out because another one says the same; empty: none
/// @param digest           of the canonical request without its id: same id and other digest is a conflict
public record JobRequest(
        JobId jobId,
        DatasetId dataset,
        JobSource source,
        Mode mode,
        List<String> key,
        PublishStrategy publish,
        boolean dryRun,
        ReadOptions read,
        double maxRejectedRatio,
        OverridePolicy overridePolicy,
        RetryRule retry,
        Optional<ScreenRule> screen,
        Optional<DedupeRule> dedupe,
        Sha256 digest) {
    /// @throws IllegalArgumentException when an upsert names no key or the ratio is out of range
    public JobRequest {
        key = List.copyOf(key);
        if (mode == Mode.UPSERT && key.isEmpty()) {
            throw new IllegalArgumentException("an upsert needs at least one key column");
        }
        if (!(maxRejectedRatio >= 0 && maxRejectedRatio <= 1)) {
            throw new IllegalArgumentException("maxRejectedRatio is 0 to 1, not " + maxRejectedRatio);
        }
    }
}
