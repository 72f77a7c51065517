package dev.belay.intake;

import dev.belay.job.JobFailure;
import dev.belay.job.JobId;
import dev.belay.schemas.Event;
import dev.belay.schemas.EventCodec;
import dev.belay.schemas.MessageFormatException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows jobs by their events to their end, as any `read_committed` consumer can. Open it *before* the jobs are
/// submitted: it hears what is committed from then on. For one thread.
public final class EventFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventFollower.class);
    private static final Duration POLL = Duration.ofMillis(100);

    private final EventCodec codec = new EventCodec();
    private final TopicReader reader;

    private EventFollower(TopicReader reader) {
        this.reader = reader;
    }

    /// Begins at the present end of the events topic.
    ///
    /// @throws JobFailure `TOPICS_MISSING` or `BROKER_UNREACHABLE`
    public static EventFollower fromNow(IntakeSettings settings, Duration patience) throws JobFailure {
        var reader = new TopicReader(settings, settings.topics().events(), patience);
        try {
            reader.toEnd();
            return new EventFollower(reader);
        } catch (JobFailure e) {
            reader.close();
            throw e;
        }
    }

    /// Begins at the first event that is still kept.
    ///
    /// @throws JobFailure `TOPICS_MISSING` or `BROKER_UNREACHABLE`
    public static EventFollower fromBeginning(IntakeSettings settings, Duration patience) throws JobFailure {
        var reader = new TopicReader(settings, settings.topics().events(), patience);
        try {
            reader.toBeginning();
            return new EventFollower(reader);
        } catch (JobFailure e) {
            reader.close();
            throw e;
        }
    }

    /// Follows the jobs until each has ended or the time is up.
    ///
    /// @param heard hears every event of these jobs, terminal ones included
    /// @return the terminal events of those that have ended
    public Map<JobId, Event> follow(Set<JobId> jobs, Duration within, Consumer<Event> heard) throws JobFailure {
        var open = new HashSet<>(jobs);
        var ended = new LinkedHashMap<JobId, Event>();
        long end = System.nanoTime() + within.toNanos();
        while (!open.isEmpty() && System.nanoTime() - end < 0) {
            for (var record : reader.poll(POLL)) {
                read(record, event -> {
                    String subject = event.subject();
                    if (subject == null
                            || jobs.stream().noneMatch(job -> job.value().equals(subject))) {
                        return;
                    }
                    heard.accept(event);
                    if (event.type().terminal() && open.remove(new JobId(subject))) {
                        ended.put(new JobId(subject), event);
                    }
                });
            }
        }
        return Map.copyOf(ended);
    }

    /// Hears every event, of all jobs, until `enough` says so.
    public void watch(BooleanSupplier enough, Consumer<Event> heard) throws JobFailure {
        while (!enough.getAsBoolean()) {
            for (var record : reader.poll(POLL)) {
                read(record, heard);
            }
        }
    }

    private void read(ConsumerRecord<byte[], byte[]> record, Consumer<Event> heard) {
        if (record.value() == null) {
            return;
        }
        try {
            codec.read(RetryHeaders.text(record.headers()), record.value()).ifPresent(heard);
        } catch (MessageFormatException foreign) {
            LOG.debug("{} offset {} is no event of ours", record.topic(), record.offset(), foreign);
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
