package dev.belay.source;

import java.nio.file.Path;
import java.util.List;

/// What may be fetched from where, and how much of it.
///
/// @param roots     folders that local files may be read from (`source.roots`); none: no local file at all
/// @param forbidden folders that stay closed even inside a root: the worker's own
/// @param maxBytes  the largest source (`limits.sourceBytes`)
/// @param http      how other hosts are spoken to
public record SourceSettings(List<Path> roots, List<Path> forbidden, long maxBytes, HttpSettings http) {
    /// @throws IllegalArgumentException when the limit is not positive
    public SourceSettings {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("limits.sourceBytes is " + maxBytes + ", must be at least 1");
        }
        roots = List.copyOf(roots);
        forbidden = List.copyOf(forbidden);
    }
}
