package dev.belay.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.belay.job.DatasetId;
import dev.belay.job.JobId;
import dev.belay.job.OperationId;
import dev.belay.job.Sha256;
import dev.belay.job.SourcePosition;
import dev.belay.job.WorkerId;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Values that journal tests are made of.
public final class JournalSamples {
    /// Nine decimals, so that a journal which rounds is found.
    public static final Instant NOW = Instant.parse("2026-11-01T10:00:00.123456789Z");

    /// Nobody who was heard of at all is dead.
    public static final Instant NOBODY_IS_DEAD = NOW.minusSeconds(60);

    public static final WorkerId ALPHA = new WorkerId("alpha", "first-life");
    public static final WorkerId ALPHA_AGAIN = new WorkerId("alpha", "second-life");
    public static final WorkerId BETA = new WorkerId("beta", "first-life");

    private JournalSamples() {}

    /// The nth operation id.
    public static OperationId operation(int number) {
        return new OperationId("%026d".formatted(number));
    }

    /// A message of job `job` on dataset `dataset`, at most three attempts, whose original stands at offset 7.
    public static Delivery delivery(String job, String dataset, int hop) {
        return delivery(job, dataset, 7, hop, "request of " + job);
    }

    /// A message with everything that tells messages apart.
    public static Delivery delivery(String job, String dataset, long offset, int hop, String request) {
        return new Delivery(
                new JobId(job),
                new DatasetId(dataset),
                "{\"request\":\"" + request + "\"}",
                Sha256.of(request.getBytes(UTF_8)),
                3,
                new SourcePosition("topic-1", 2, offset),
                hop);
    }

    /// Events with these ids.
    public static List<OutgoingEvent> events(String... ids) {
        return Arrays.stream(ids)
                .map(id -> new OutgoingEvent(id, "dev.belay.job." + id, "{\"id\":\"" + id + "\"}"))
                .toList();
    }

    /// The job is completed.
    public static Ending completed() {
        return new Ending(new Verdict.Over(JobState.COMPLETED, "{\"rows\":3}"), "completed", true, events("completed"));
    }

    /// The job comes back an hour later.
    public static Ending retry() {
        return new Ending(new Verdict.Retry(NOW.plusSeconds(3600)), "rolled-back", true, events("rolled-back"));
    }

    /// A person is asked, and has an hour.
    public static Ending asked() {
        return new Ending(new Verdict.Ask(review()), "review", false, events("review-requested"));
    }

    /// What they are asked.
    public static Review review() {
        return new Review(
                Sha256.of("found".getBytes(UTF_8)), operation(1), NOW.plusSeconds(3600), List.of("one", "two"));
    }

    /// Their word, in a message of its own.
    public static Delivery decision(String job, Decision.Word word, int hop, long offset) {
        return saying(
                job,
                hop,
                new Decision(
                        word, review().digest(), "ann", Optional.of("why"), new SourcePosition("topic-1", 2, offset)));
    }

    /// An approval of hop 0 by somebody.
    public static Delivery saidBy(String job, String by, String note) {
        return saying(
                job,
                1,
                new Decision(
                        Decision.Word.APPROVED,
                        review().digest(),
                        by,
                        Optional.of(note),
                        new SourcePosition("topic-1", 2, 7)));
    }

    private static Delivery saying(String job, int hop, Decision said) {
        Delivery of = delivery(job, "city", 0);
        return new Delivery(
                of.job(),
                of.dataset(),
                of.requestJson(),
                of.requestDigest(),
                of.maxAttempts(),
                of.position(),
                hop,
                Optional.of(said));
    }

    /// The job goes on at once.
    public static Ending again(boolean counted) {
        return new Ending(new Verdict.Again(), "discarded", counted, events("recovered"));
    }

    /// The job has failed.
    public static Verdict.Over failed() {
        return new Verdict.Over(JobState.FAILED, "{\"failure\":\"x\"}");
    }
}
