package dev.belay.intake;

import dev.belay.job.IdSource;
import dev.belay.job.JobId;
import dev.belay.job.JobRequest;
import dev.belay.job.OperationId;
import dev.belay.job.Sha256;
import dev.belay.journal.Announcement;
import dev.belay.journal.AnnouncementKey;
import dev.belay.journal.Delivery;
import dev.belay.journal.JobRecord;
import dev.belay.journal.JobState;
import dev.belay.journal.OutgoingEvent;
import dev.belay.journal.Verdict;
import dev.belay.saga.Handled;
import dev.belay.saga.JobHandler;
import dev.belay.saga.JobListener;
import dev.belay.saga.StopSignal;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A job handler with a journal in memory: keeps the promises of the saga, does what a test's script says
/// instead of loading files. May be shared by several intakes, as a journal is.
final class ScriptedSaga implements JobHandler {
    /// What becomes of a job's hop.
    @FunctionalInterface
    interface Script {
        Script COMPLETE = (_, delivery, _, _) -> over(delivery, JobState.COMPLETED);

        Object play(JobRequest request, Delivery delivery, JobListener listener, StopSignal stop)
                throws InterruptedException;
    }

    private final InstantSource clock = InstantSource.system();
    private final IdSource ids = IdSource.random(clock);
    private final Object lock = new Object();
    private final Map<JobId, Delivery> admitted = new HashMap<>();
    private final Map<AnnouncementKey, Announcement> ended = new HashMap<>();
    private final Set<AnnouncementKey> announced = new HashSet<>();
    private final Set<JobId> busy = new HashSet<>();
    private final Map<String, Script> scripts = new ConcurrentHashMap<>();
    final List<String> ran = new CopyOnWriteArrayList<>();
    final AtomicInteger noted = new AtomicInteger();
    volatile Script script = Script.COMPLETE;
    volatile boolean forgetful;

    void on(String job, Script its) {
        scripts.put(job, its);
    }

    static Verdict.Over over(Delivery delivery, JobState state) {
        String failure = state == JobState.FAILED
                ? ",\"failure\":{\"kind\":\"permanent\",\"code\":\"EMPTY_FILE\",\"message\":\"nothing in it\"}"
                : "";
        return new Verdict.Over(state, """
                {"jobId":"%s","dataset":"%s","outcome":"%s","rows":0,"rejected":0,"deduplicated":0,"attempts":1,"endedAt":"2026-11-21T00:00:00Z"%s}""".formatted(
                        delivery.job(), delivery.dataset(), state.name().toLowerCase(java.util.Locale.ROOT), failure));
    }

    @Override
    public Handled handle(JobRequest request, Delivery delivery, JobListener listener, StopSignal stop) {
        var key = new AnnouncementKey(delivery.job(), delivery.hop());
        synchronized (lock) {
            var first = admitted.putIfAbsent(delivery.job(), delivery);
            if (first != null && !first.position().equals(delivery.position())) {
                return first.requestDigest().equals(delivery.requestDigest())
                        ? new Handled.Drop("a duplicate")
                        : new Handled.Conflict(record(first));
            }
            var known = ended.get(key);
            if (known != null) {
                return announced.contains(key) ? new Handled.Drop("announced") : new Handled.Announce(known);
            }
            if (!busy.add(delivery.job())) {
                return new Handled.Later(Handled.Later.Cause.BUSY, "another worker is at it");
            }
        }
        try {
            return run(request, delivery, listener, stop, key);
        } finally {
            synchronized (lock) {
                busy.remove(delivery.job());
            }
        }
    }

    private Handled run(
            JobRequest request, Delivery delivery, JobListener listener, StopSignal stop, AnnouncementKey key) {
        ran.add(delivery.job() + "#" + delivery.hop());
        OperationId operation = ids.nextOperation();
        listener.attemptStarted(operation, delivery.hop() + 1);
        listener.stageStarted(operation, "fetch");
        Object end;
        try {
            end = scripts.getOrDefault(delivery.job().value(), script).play(request, delivery, listener, stop);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (end instanceof Handled handled) {
            return handled;
        }
        listener.stageDone(operation, "fetch");
        var announcement = new Announcement(
                key, delivery.dataset(), (Verdict) end, events(delivery, operation, (Verdict) end), false);
        synchronized (lock) {
            ended.put(key, announcement);
        }
        return new Handled.Announce(announcement);
    }

    private static List<OutgoingEvent> events(Delivery delivery, OperationId operation, Verdict verdict) {
        String type = "dev.belay.job."
                + (verdict instanceof Verdict.Over over
                        ? over.state().name().toLowerCase(java.util.Locale.ROOT)
                        : "rolled-back");
        String data = verdict instanceof Verdict.Over over
                ? over.receiptJson()
                : """
                {"jobId":"%s","dataset":"%s","operationId":"%s","attempt":1,"failure":{"kind":"transient","code":"HTTP_TIMEOUT","message":"m","advice":"a","retryable":true},"compensations":[]}""".formatted(delivery.job(), delivery.dataset(), operation);
        var id = java.util.UUID.nameUUIDFromBytes((operation + type).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        String json = """
                {"specversion":"1.0","id":"%s","source":"/belay","type":"%s","subject":"%s","time":"2026-11-21T00:00:00Z","datacontenttype":"application/json","data":%s}""".formatted(id, type, delivery.job(), data);
        return List.of(new OutgoingEvent(id.toString(), type, json));
    }

    private JobRecord record(Delivery first) {
        return new JobRecord(
                first.job(),
                first.dataset(),
                JobState.OPEN,
                first.requestJson(),
                first.requestDigest(),
                first.position(),
                first.hop(),
                0,
                first.maxAttempts(),
                clock.instant(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    void announced(List<AnnouncementKey> keys) {
        if (forgetful) {
            throw new IllegalStateException("the journal is away");
        }
        synchronized (lock) {
            announced.addAll(keys);
        }
        noted.addAndGet(keys.size());
    }

    @Nullable Sha256 digestOf(String job) {
        synchronized (lock) {
            var delivery = admitted.get(new JobId(job));
            return delivery == null ? null : delivery.requestDigest();
        }
    }
}
