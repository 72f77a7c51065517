package dev.belay.intake;

import dev.belay.job.JobFailure;
import dev.belay.schemas.Event;
import dev.belay.schemas.EventCodec;
import dev.belay.schemas.EventType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// All events from the first on, as any `read_committed` consumer hears them, kept with where they stand. For one
/// thread.
public final class EventHistory implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(50);

    private final EventCodec codec = new EventCodec();
    private final TopicReader reader;
    private final Predicate<Event> wanted;
    private final List<Heard> heard = new ArrayList<>();
    private final Map<String, List<Heard>> ends = new LinkedHashMap<>();

    /// One event where it stands.
    public record Heard(int partition, long offset, Event event) {
        public boolean isTerminal() {
            return event.type().terminal();
        }

        public String job() {
            return String.valueOf(event.subject());
        }

        public EventType type() {
            return event.type();
        }
    }

    /// Nothing is read yet.
    ///
    /// @param patience how long the broker has for each answer
    /// @param wanted   which events are kept
    /// @throws JobFailure `TOPICS_MISSING` or `BROKER_UNREACHABLE`
    public EventHistory(IntakeSettings settings, Duration patience, Predicate<Event> wanted) throws JobFailure {
        this.wanted = wanted;
        reader = new TopicReader(settings, settings.topics().events(), patience);
        try {
            reader.toBeginning();
        } catch (JobFailure failed) {
            reader.close();
            throw failed;
        }
    }

    /// Reads what has come, or waits for it a moment.
    public void poll() throws JobFailure {
        for (var record : reader.poll(POLL)) {
            codec.read(RetryHeaders.text(record.headers()), record.value())
                    .filter(wanted)
                    .ifPresent(event -> keep(new Heard(record.partition(), record.offset(), event)));
        }
    }

    private void keep(Heard one) {
        heard.add(one);
        if (one.isTerminal()) {
            ends.computeIfAbsent(one.job(), job -> new ArrayList<>()).add(one);
        }
    }

    /// Reads all there is now.
    ///
    /// @throws JobFailure `BROKER_UNREACHABLE`
    public void toEnd() throws JobFailure {
        var end = reader.ends();
        while (!reader.isPast(end)) {
            poll();
        }
    }

    /// What was kept so far, oldest first within a partition.
    public List<Heard> all() {
        return List.copyOf(heard);
    }

    /// The terminal events of each job that has one.
    public Map<String, List<Heard>> ends() {
        return Collections.unmodifiableMap(ends);
    }

    @Override
    public void close() {
        reader.close();
    }
}
