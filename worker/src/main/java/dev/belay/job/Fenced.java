package dev.belay.job;

/// Someone else has claimed the dataset since: nothing was changed, and nothing more may be by this attempt.
public final class Fenced extends RuntimeException {
    /// @param mine    the epoch of the attempt that was stopped
    /// @param current the epoch that holds now
    public Fenced(DatasetId dataset, Epoch mine, Epoch current) {
        super("dataset %s was claimed by someone else: epoch %s here, %s now".formatted(dataset, mine, current));
    }
}
