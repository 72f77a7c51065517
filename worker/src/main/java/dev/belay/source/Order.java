package dev.belay.source;

import dev.belay.job.JobSource;
import dev.belay.job.Progress;
import dev.belay.job.Sha256;
import java.nio.file.Path;
import java.util.Optional;

/// What the caller asked for, whatever the source is.
///
/// @param shown    the source as it may be shown
/// @param expected the digest it must have, if known
/// @param target   the workspace file to write
/// @param progress hears bytes written
record Order(String shown, Optional<Sha256> expected, Path target, Progress progress) {
    static Order of(JobSource.Url source, Path target, Progress progress) {
        return new Order(source.shown(), source.sha256(), target, progress);
    }
}
