package dev.belay.intake;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What intake is doing, for people and probes.
///
/// @param outage whether nothing is taken because journal, datastore or stash cannot be used
public record IntakeStatus(boolean outage, List<Partition> partitions) {
    /// Copies the partitions.
    public IntakeStatus {
        partitions = List.copyOf(partitions);
    }

    /// A partition this worker owns.
    ///
    /// @param name    topic and number
    /// @param open    messages that were taken and are not settled
    /// @param lag     messages behind the end that were not taken yet, once known
    /// @param stalled why it stands still, if it does
    public record Partition(String name, int open, OptionalLong lag, Optional<String> stalled) {}
}
