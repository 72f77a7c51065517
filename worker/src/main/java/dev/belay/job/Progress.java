package dev.belay.job;

/// Hears how far a stage is. Called often, from the job's thread; must return at once and never throw.
@FunctionalInterface
public interface Progress {
    /// Hears nothing.
    Progress SILENT = (done, total) -> {};

    /// @param done  units done so far (bytes or rows, the stage says which)
    /// @param total units in all, or -1 while that is not known
    void at(long done, long total);
}
