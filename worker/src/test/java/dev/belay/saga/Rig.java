package dev.belay.saga;

import dev.belay.datastore.Datastore;
import dev.belay.datastore.InMemoryDatastore;
import dev.belay.dictionary.InMemoryStash;
import dev.belay.dictionary.Stash;
import dev.belay.job.IdSource;
import dev.belay.job.JobId;
import dev.belay.job.JobRequest;
import dev.belay.job.SourcePosition;
import dev.belay.job.WorkerId;
import dev.belay.journal.Announcement;
import dev.belay.journal.Delivery;
import dev.belay.journal.InMemoryJournal;
import dev.belay.journal.Journal;
import dev.belay.journal.OutgoingEvent;
import dev.belay.journal.Verdict;
import dev.belay.schemas.EventCodec;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.MessageCodec;
import dev.belay.source.FakeSource;
import dev.belay.source.Source;
import dev.belay.stage.Arm;
import dev.belay.stage.BuildIndexes;
import dev.belay.stage.DeleteLive;
import dev.belay.stage.Examine;
import dev.belay.stage.Fetch;
import dev.belay.stage.Publish;
import dev.belay.stage.Settle;
import dev.belay.stage.StageRows;
import dev.belay.stage.StashDictionary;
import dev.belay.stage.Workspace;
import dev.belay.tabular.DelimitedReader;
import dev.belay.tabular.ReadLimits;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// A world for sagas: a log of messages, a journal, a datastore and a stash that outlive the workers, and workers
/// that may die.
///
/// The log stands for Kafka: a message stays until its announcement and its offset are written in one step.
final class Rig {
    // Shared by all rigs: immutable, and slow to make.
    private static final MessageCodec CODEC = new MessageCodec();
    private static final EventCodec EVENTS = new EventCodec();

    static final Instant START = Instant.parse("2026-11-21T08:00:00Z");

    final InMemoryJournal journal = new InMemoryJournal("rig");
    final InMemoryDatastore datastore = new InMemoryDatastore();
    final InMemoryStash stash = new InMemoryStash();
    final FakeSource source = new FakeSource();
    final Workspace workspace;
    /// Every event a read_committed consumer sees, in order.
    final List<OutgoingEvent> events = new ArrayList<>();
    /// Jobs that a dead letter was written for.
    final List<JobId> deadLetters = new ArrayList<>();
    /// Messages not yet dealt with.
    final Deque<Message> log = new ArrayDeque<>();

    private final Requests requests = new Requests(CODEC, 3);
    private final AtomicLong now = new AtomicLong(START.toEpochMilli());
    private final AtomicLong minted = new AtomicLong();
    private long offset;
    private int lives;

    Rig(Path folder) {
        this.workspace = new Workspace(folder);
    }

    /// A message in the log.
    record Message(JobRequest request, Delivery delivery) {}

    /// Writes a job to the log.
    Message send(String id, JobMessage message) {
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
        var sent = new Message(request, delivery);
        log.add(sent);
        return sent;
    }

    /// The next life of the one worker there is.
    Saga worker(CrashPoints points) {
        return worker("0", points);
    }

    /// The next life of the worker in a slot; it sees its world through `points`.
    Saga worker(String slot, CrashPoints points) {
        lives++;
        Journal seenJournal = points.around(Journal.class, journal);
        Datastore seenStore = points.around(Datastore.class, datastore);
        Stash seenStash = points.around(Stash.class, stash);
        Source seenSource = points.around(Source.class, source);
        var clock = clock();
        var examine = new Examine(new DelimitedReader(ReadLimits.DEFAULTS));
        var stages = new Stages(
                new Fetch(seenSource, workspace),
                examine,
                new StashDictionary(seenStash, seenStore),
                new Arm(),
                new DeleteLive(seenStore, seenStash, clock),
                new StageRows(seenStore, examine),
                new BuildIndexes(seenStore),
                new Publish(seenStore),
                new Settle(seenStore, seenStash, workspace, 3));
        var settings = new SagaSettings(3, List.of(Duration.ofSeconds(5)), Duration.ofMinutes(1), "belay:rig");
        return new Saga(
                new Saga.Rooms(seenJournal, seenStore, seenStash, stages, requests, EVENTS),
                settings,
                new WorkerId(slot, "life-" + lives),
                clock,
                ids());
    }

    /// Lets a worker deal with every message in the log, as often as it takes.
    void drain(Saga worker, CrashPoints points) {
        Journal seen = points.around(Journal.class, journal);
        while (!log.isEmpty()) {
            Message message = log.peek();
            Handled handled =
                    worker.handle(message.request(), message.delivery(), JobListener.SILENT, StopSignal.NEVER);
            switch (handled) {
                case Handled.Announce(Announcement announcement) -> {
                    announce(announcement, message);
                    seen.announced(List.of(announcement.key()));
                }
                case Handled.Drop _ -> log.remove();
                case Handled.Conflict _ -> {
                    deadLetters.add(message.request().jobId());
                    log.remove();
                }
                case Handled.Later later -> throw new IllegalStateException("nothing else is going on: " + later);
            }
        }
    }

    /// One Kafka transaction: events, the retry message or dead letter, and the offset.
    void announce(Announcement announcement, Message message) {
        events.addAll(announcement.events());
        log.remove(message);
        switch (announcement.verdict()) {
            case Verdict.Retry(Instant dueAt) -> {
                now.accumulateAndGet(dueAt.toEpochMilli(), Math::max);
                log.add(new Message(message.request(), nextHop(message.delivery())));
            }
            case Verdict.Over over -> {
                if (over.state() == dev.belay.journal.JobState.FAILED) {
                    deadLetters.add(announcement.key().job());
                }
            }
            case Verdict.Again again -> throw new IllegalStateException("never announced: " + again);
        }
    }

    /// The types of the events seen so far, without their common prefix.
    List<String> eventTypes() {
        return events.stream()
                .map(event -> event.type().replace("dev.belay.", ""))
                .toList();
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
