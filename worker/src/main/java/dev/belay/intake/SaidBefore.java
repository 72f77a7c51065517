package dev.belay.intake;

import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Place;
import dev.belay.journal.Announcement;
import dev.belay.journal.OutgoingEvent;
import dev.belay.schemas.EventCodec;
import dev.belay.schemas.MessageFormatException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks into the events topic for announcements that are out, where neither the committed offset nor the journal says
/// so: the group was set back by a person just after a worker was killed between the commit and the journal's note.
///
/// What is in the events topic when a partition is adopted is all that earlier owners have said of it. Safe for many
/// threads; one looks at a time.
final class SaidBefore implements JobRunner.Said {
    private static final Logger LOG = LoggerFactory.getLogger(SaidBefore.class);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(100);
    /// An event's time is its job's end by one clock, its record's by another, which may be wrong.
    private static final Duration CLOCKS_APART = Duration.ofDays(1);

    private final EventCodec codec = new EventCodec();
    private final IntakeSettings settings;

    // Guards what was read.
    private final Object lock = new Object();
    private Set<String> said = Set.of();
    private Instant saidFrom = Instant.MAX;
    private long readAt = System.nanoTime();

    SaidBefore(IntakeSettings settings) {
        this.settings = settings;
    }

    /// Whether the events of this announcement are in the events topic. They stand in one transaction with the retry
    /// or dead-letter record and the offset: one of them says that all are out.
    ///
    /// @throws JobFailure when the broker does not say
    @Override
    public boolean before(Announcement announcement, Ownership ownership) throws JobFailure {
        if (announcement.events().isEmpty()) {
            return false;
        }
        OutgoingEvent last = announcement.events().getLast();
        Instant from = codec.read(last.json().getBytes(StandardCharsets.UTF_8))
                .orElseThrow(() -> new IllegalStateException("an event of the journal of unknown type " + last.type()))
                .time()
                .minus(CLOCKS_APART);
        synchronized (lock) {
            if (from.isBefore(saidFrom) || ownership.isAdoptedAfter(readAt)) {
                readFrom(from);
            }
            return said.contains(last.id());
        }
    }

    private void readFrom(Instant from) throws JobFailure {
        LOG.info("the group was set back by hand: the events since {} are read for what is out already", from);
        long now = System.nanoTime();
        var ids = new HashSet<String>();
        try (var reader = new TopicReader(settings, settings.topics().events(), PATIENCE)) {
            reader.toTime(from);
            var ends = reader.writtenEnds();
            long progress = now;
            while (!reader.isPast(ends)) {
                for (var record : reader.poll(POLL)) {
                    id(record, ids);
                    progress = System.nanoTime();
                }
                if (System.nanoTime() - progress > PATIENCE.toNanos()) {
                    throw new JobFailure(new Failure.Transient(
                            FailureCode.BROKER_UNREACHABLE,
                            "no event could be read for " + PATIENCE.toSeconds() + " s",
                            Place.NONE));
                }
            }
        }
        said = ids;
        saidFrom = from;
        readAt = now;
    }

    private void id(ConsumerRecord<byte[], byte[]> record, Set<String> ids) {
        try {
            codec.read(RetryHeaders.text(record.headers()), record.value())
                    .ifPresent(event -> ids.add(event.id().toString()));
        } catch (MessageFormatException someoneElses) {
            LOG.debug("no event of ours at offset {}", record.offset());
        }
    }
}
