package dev.belay.datastore;

import dev.belay.job.JobId;
import dev.belay.job.Mode;
import dev.belay.job.Sha256;
import dev.belay.job.SourcePosition;
import java.util.Optional;

/// What a version was made from.
///
/// @param job          the job that made it
/// @param mode         its load mode
/// @param position     where the job's original message stands: versions never go backwards in it
/// @param source       the source as it may be shown
/// @param sourceDigest the digest of the fetched file; empty for roll-backs
/// @param basis        digest of everything that decides the result (source digest, reading options, overrides): equal
/// basis, equal table
public record Provenance(
        JobId job,
        Mode mode,
        SourcePosition position,
        String source,
        Optional<Sha256> sourceDigest,
        Optional<Sha256> basis) {}
