package dev.belay.source;

import dev.belay.job.Sha256;
import java.util.List;
import java.util.Optional;

/// A source that was fetched whole.
///
/// @param length    bytes in the workspace file
/// @param digest    their digest, taken while they were written
/// @param entityTag the server's `ETag`, as sent; empty for files
/// @param mediaType the server's `Content-Type` with its parameters, as sent: a claim, not a fact; empty for files
/// @param fileName  the source's own name, for the format's sake and for display; never a path, never used to name a
/// file of ours
/// @param warnings  what was accepted but is worth knowing, each starting with a stable word in capitals
public record Fetched(
        long length,
        Sha256 digest,
        Optional<String> entityTag,
        Optional<String> mediaType,
        String fileName,
        List<String> warnings) {
    public Fetched {
        if (length < 0) {
            throw new IllegalArgumentException("length " + length + " is negative");
        }
        warnings = List.copyOf(warnings);
    }
}
