package dev.belay.intake;

import dev.belay.journal.AnnouncementKey;
import java.util.List;
import java.util.Optional;

/// A message whose hop has ended: what is to be written in one transaction with its offset.
///
/// @param records      events, then the retry or dead-letter record; none for a duplicate
/// @param announcement what the journal is told afterwards
record Finished(Delivered.Taken taken, List<Outgoing> records, Optional<AnnouncementKey> announcement) {
    Finished {
        records = List.copyOf(records);
    }

    Ownership ownership() {
        return taken.ownership();
    }

    Finished with(List<Outgoing> otherRecords) {
        return new Finished(taken, otherRecords, announcement);
    }
}
