package dev.belay.saga;

import java.time.Duration;
import java.util.List;

/// @param keepVersions    how many versions of a dataset keep their data, at least 1
/// @param retryDelays     how long the first, second, … retry waits; the last one stands for all that follow
/// @param ownerLostAfter  an owner not heard of for so long is taken for dead (fencing keeps it harmless if it is
/// not)
/// @param eventSource     the CloudEvents source of all events
public record SagaSettings(int keepVersions, List<Duration> retryDelays, Duration ownerLostAfter, String eventSource) {
    /// Copies the delays.
    ///
    /// @throws IllegalArgumentException when there is no delay or no version to keep
    public SagaSettings {
        retryDelays = List.copyOf(retryDelays);
        if (retryDelays.isEmpty() || keepVersions < 1) {
            throw new IllegalArgumentException("at least one retry delay and one version to keep are needed");
        }
    }
}
