package dev.belay.intake;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What intake is doing, for people and probes.
///
/// @param outage       whether nothing is taken because journal, datastore or stash cannot be used
/// @param brokerSilent how long nothing has come from a broker; some seconds when all is well
public record IntakeStatus(boolean outage, Duration brokerSilent, Sent sent, List<Partition> partitions) {
    /// Copies the partitions.
    public IntakeStatus {
        partitions = List.copyOf(partitions);
    }

    /// Messages that are in committed transactions of this intake; it counts none of earlier lives.
    ///
    /// @param retries jobs put into a retry topic
    public record Sent(long events, long retries, long deadLetters) {}

    /// A partition this worker owns.
    ///
    /// @param topic   whose it is
    /// @param number  which of the topic's
    /// @param open    messages that were taken and are not settled
    /// @param lag     messages behind the end that were not taken yet, once known
    /// @param stalled why it stands still, if it does
    public record Partition(String topic, int number, int open, OptionalLong lag, Optional<String> stalled) {
        /// Topic and number.
        public String name() {
            return topic + "-" + number;
        }
    }
}
