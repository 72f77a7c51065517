package dev.belay.cli;

import dev.belay.journal.JobRecord;
import dev.belay.journal.JournalReader;
import dev.belay.journal.OutgoingEvent;
import dev.belay.schemas.EventCodec;
import dev.belay.schemas.EventData;
import dev.belay.schemas.Receipt;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the journal has announced, or will, about a job.
final class KeptReceipt {
    private KeptReceipt() {}

    /// The receipt of a job that has ended.
    static Optional<Receipt> of(JournalReader journal, JobRecord job) {
        return events(journal, job, job.hop()).stream()
                .filter(Receipt.class::isInstance)
                .map(Receipt.class::cast)
                .reduce((earlier, later) -> later);
    }

    /// The data of the events of one hop, in order.
    private static List<EventData> events(JournalReader journal, JobRecord job, int hop) {
        var codec = new EventCodec();
        var data = new ArrayList<EventData>();
        journal.announcement(job.job(), hop).ifPresent(announcement -> {
            for (OutgoingEvent event : announcement.events()) {
                codec.read(event.json().getBytes(StandardCharsets.UTF_8)).ifPresent(read -> data.add(read.data()));
            }
        });
        return data;
    }
}
