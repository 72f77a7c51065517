package dev.belay.saga;

import dev.belay.job.IdSource;
import dev.belay.job.JobId;
import dev.belay.job.JobRequest;
import dev.belay.job.SourcePosition;
import dev.belay.journal.Announcement;
import dev.belay.journal.Decision;
import dev.belay.journal.Delivery;
import dev.belay.journal.JobRecord;
import dev.belay.journal.JobState;
import dev.belay.journal.Journal;
import dev.belay.journal.OutgoingEvent;
import dev.belay.journal.Review;
import dev.belay.journal.Verdict;
import dev.belay.schemas.Event;
import dev.belay.schemas.EventCodec;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.MessageCodec;
import dev.belay.schemas.Parsed;
import dev.belay.schemas.Receipt;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// Stands for Kafka, the clock and the ids: a message stays in the log until its announcement and its offset are
/// written in one step. Used by one thread at a time.
final class JobLog {
    // Shared by all logs: immutable, and slow to make.
    private static final MessageCodec CODEC = new MessageCodec();
    static final EventCodec EVENTS = new EventCodec();

    static final Instant START = Instant.parse("2026-11-21T08:00:00Z");

    /// Every event a read_committed consumer sees, in order.
    final List<OutgoingEvent> events = new ArrayList<>();
    /// Jobs that a dead letter was written for.
    final List<JobId> deadLetters = new ArrayList<>();
    /// Messages not yet dealt with.
    final Deque<Message> waiting = new ArrayDeque<>();
    /// For how long each retry was put off.
    final List<Duration> delays = new ArrayList<>();

    final Requests requests = new Requests(CODEC, 3);
    private final AtomicLong now = new AtomicLong(START.toEpochMilli());
    private final AtomicLong minted = new AtomicLong();
    private long offset;

    /// Another log that goes on from here.
    JobLog copy() {
        var copy = new JobLog();
        copy.events.addAll(events);
        copy.deadLetters.addAll(deadLetters);
        copy.waiting.addAll(waiting);
        copy.delays.addAll(delays);
        copy.now.set(now.get());
        copy.minted.set(minted.get());
        copy.offset = offset;
        return copy;
    }

    /// Where it stood before its only waiting message was written, in one word.
    String placeOfFirstWaiting() {
        return waiting.element().delivery().position().offset() + ":" + now.get() + ":" + minted.get();
    }

    /// An empty log that goes on, in another process, from where one stood.
    static JobLog at(String place) {
        String[] parts = place.split(":", -1);
        var log = new JobLog();
        log.offset = Long.parseLong(parts[0]);
        log.now.set(Long.parseLong(parts[1]));
        log.minted.set(Long.parseLong(parts[2]));
        return log;
    }

    /// Leaves ids to another process that went on from here too.
    void leaveOut(long ids) {
        minted.addAndGet(ids);
    }

    /// A message in the log.
    record Message(JobRequest request, Delivery delivery) {}

    /// Writes a job to the log.
    Message send(String id, JobMessage message) {
        Message sent = message(id, message);
        waiting.add(sent);
        return sent;
    }

    /// A job at the log's next place, not yet written to it.
    Message message(String id, JobMessage message) {
        JobMessage named = message.withJobId(id);
        JobRequest request = requests.of(named, new JobId(id));
        var delivery = new Delivery(
                request.jobId(),
                request.dataset(),
                new String(CODEC.writeJob(named), StandardCharsets.UTF_8),
                request.digest(),
                request.retry().maxAttempts(),
                new SourcePosition("topic-1", 0, offset++),
                0);
        return new Message(request, delivery);
    }

    /// A person says what becomes of a job that waits for a review: as the job's next message.
    void decide(JobRecord job, Decision.Word word) {
        Review review = job.review().orElseThrow();
        Delivery first = new Delivery(
                job.job(),
                job.dataset(),
                job.requestJson(),
                job.requestDigest(),
                job.maxAttempts(),
                job.position(),
                job.hop() + 1,
                Optional.of(new Decision(
                        word,
                        review.digest(),
                        "ann",
                        Optional.of("as asked"),
                        new SourcePosition("topic-1", 0, offset++))));
        JobMessage message = ((Parsed.Valid<JobMessage>)
                        CODEC.readJob(job.requestJson().getBytes(StandardCharsets.UTF_8)))
                .message();
        waiting.add(new Message(requests.of(message, job.job()), first));
    }

    /// Hands the oldest message to a worker and does what it says.
    Handled deliver(Saga worker, Journal seen, StopSignal stop) {
        Message message = waiting.element();
        Handled handled = worker.handle(message.request(), message.delivery(), JobListener.SILENT, stop);
        switch (handled) {
            case Handled.Announce(Announcement announcement) -> {
                announce(announcement, message);
                seen.announced(List.of(announcement.key()));
            }
            case Handled.Drop _ -> waiting.remove();
            case Handled.Conflict _ -> {
                deadLetters.add(message.request().jobId());
                waiting.remove();
            }
            case Handled.Unasked _ -> {
                deadLetters.add(message.request().jobId());
                waiting.remove();
            }
            case Handled.Later _ -> {}
        }
        return handled;
    }

    /// One Kafka transaction: events, the retry message or dead letter, and the offset.
    void announce(Announcement announcement, Message message) {
        events.addAll(announcement.events());
        waiting.remove(message);
        switch (announcement.verdict()) {
            case Verdict.Retry(Instant dueAt) -> {
                delays.add(Duration.ofSeconds(
                        Duration.between(now(), dueAt).plusMillis(500).toSeconds()));
                now.accumulateAndGet(dueAt.toEpochMilli(), Math::max);
                waiting.add(new Message(message.request(), nextHop(message.delivery())));
            }
            case Verdict.Ask _ -> {}
            case Verdict.Over over -> {
                if (over.state() == JobState.FAILED) {
                    deadLetters.add(announcement.key().job());
                }
            }
            case Verdict.Again again -> throw new IllegalStateException("never announced: " + again);
        }
    }

    /// The types of the events seen so far, without their common prefix.
    List<String> types() {
        return events.stream()
                .map(event -> event.type().replace("dev.belay.", ""))
                .toList();
    }

    /// The events that end jobs.
    List<String> terminalTypes() {
        return read().stream()
                .filter(event -> event.type().terminal())
                .map(event -> event.type().shortName())
                .toList();
    }

    /// The events seen so far, read as a consumer reads them.
    List<Event> read() {
        return events.stream()
                .map(event -> EVENTS.read(event.json().getBytes(StandardCharsets.UTF_8))
                        .orElseThrow())
                .toList();
    }

    /// The data of all events of a kind, in order.
    <T> List<T> of(Class<T> kind) {
        return read().stream()
                .map(Event::data)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    /// How the last job ended.
    Receipt receipt() {
        return of(Receipt.class).getLast();
    }

    /// The code of the failure that ended the last job.
    String failure() {
        return Objects.requireNonNull(receipt().failure()).code();
    }

    /// The time, without letting any pass.
    Instant now() {
        return Instant.ofEpochMilli(now.get());
    }

    /// Time passes by one millisecond with each look at it.
    InstantSource clock() {
        return () -> Instant.ofEpochMilli(now.incrementAndGet());
    }

    /// Lets time pass.
    void pass(Duration time) {
        now.addAndGet(time.toMillis());
    }

    IdSource ids() {
        return () -> "01J000000000000000%08d".formatted(minted.incrementAndGet());
    }

    private static Delivery nextHop(Delivery delivery) {
        return new Delivery(
                delivery.job(),
                delivery.dataset(),
                delivery.requestJson(),
                delivery.requestDigest(),
                delivery.maxAttempts(),
                delivery.position(),
                delivery.hop() + 1);
    }
}
