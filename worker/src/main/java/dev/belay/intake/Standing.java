package dev.belay.intake;

import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;

/// What the poll thread knew at one moment: this worker's membership in the group and the partitions it
/// owned under it.
///
/// The two belong together. Membership asked for later, or elsewhere, would let a worker that lost a partition and
/// joined again commit for what it does not own any more.
///
/// @param number grows with each standing
record Standing(long number, ConsumerGroupMetadata membership, Set<Ownership> owned) {
    Standing {
        owned = Set.copyOf(owned);
    }

    boolean covers(Ownership ownership) {
        return owned.contains(ownership) && !ownership.isOver();
    }
}
