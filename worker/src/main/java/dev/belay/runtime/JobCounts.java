package dev.belay.runtime;

import dev.belay.job.FailureCode;
import dev.belay.job.JobRequest;
import dev.belay.job.OperationId;
import dev.belay.journal.Announcement;
import dev.belay.journal.Delivery;
import dev.belay.journal.JobState;
import dev.belay.journal.OutgoingEvent;
import dev.belay.journal.Verdict;
import dev.belay.metrics.Family;
import dev.belay.metrics.Tally;
import dev.belay.saga.Handled;
import dev.belay.saga.JobHandler;
import dev.belay.saga.JobListener;
import dev.belay.saga.StopSignal;
import dev.belay.schemas.EventType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Counts what becomes of jobs, while it hands them on to who does them. An end is counted by the worker that announces
/// it: after a crash or a change of owners one may be counted twice, or not at all. The events and the journal are the
/// record; these are numbers to look at.
final class JobCounts implements JobHandler {
    private static final Logger LOG = LoggerFactory.getLogger(JobCounts.class);
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final String ALL = "";

    private final JobHandler jobs;
    private final JsonMapper mapper = JsonMapper.shared();
    private final AtomicInteger running = new AtomicInteger();
    private final Tally ended = new Tally("completed", "skipped", "failed", "superseded", "cancelled");
    // Prometheus does not see the first step of a series that was not there before, and this one has alerts.
    private final Tally failed =
            new Tally(Stream.of(FailureCode.values()).map(Enum::name).toArray(String[]::new));
    private final Tally putOff = new Tally("retry", "review");
    private final Tally rolledBack = new Tally();
    private final Tally attempts = new Tally(ALL);
    private final Tally stages = new Tally();
    private final Tally durations = new Tally(ALL);
    private final Tally rows = new Tally(ALL);
    private final Tally rejected = new Tally(ALL);
    private final Tally duplicates = new Tally(ALL);
    private final Tally sourceBytes = new Tally(ALL);

    JobCounts(JobHandler jobs) {
        this.jobs = jobs;
    }

    @Override
    public Handled handle(JobRequest request, Delivery delivery, JobListener listener, StopSignal stop) {
        running.incrementAndGet();
        try {
            Handled handled = jobs.handle(request, delivery, new Timing(listener), stop);
            if (handled instanceof Handled.Announce(Announcement announcement)) {
                count(announcement);
            }
            return handled;
        } finally {
            running.decrementAndGet();
        }
    }

    /// Never lets a job fail for a number.
    private void count(Announcement announcement) {
        try {
            announcement.events().forEach(this::countRollBack);
            switch (announcement.verdict()) {
                case Verdict.Again _ -> {}
                case Verdict.Retry _ -> putOff.count("retry");
                case Verdict.Ask _ -> putOff.count("review");
                case Verdict.Over(JobState state, String receipt) -> countEnd(state, mapper.readTree(receipt));
            }
        } catch (RuntimeException unreadable) {
            LOG.warn("the end of job {} is not counted: {}", announcement.key().job(), unreadable.toString());
        }
    }

    private void countRollBack(OutgoingEvent event) {
        if (event.type().equals(EventType.JOB_ROLLED_BACK.cloudEventType())) {
            rolledBack.count(code(mapper.readTree(event.json()).path("data")));
        }
    }

    private void countEnd(JobState state, JsonNode receipt) {
        ended.count(state.name().toLowerCase(Locale.ROOT));
        if (state == JobState.FAILED) {
            failed.count(code(receipt));
        }
        if (state == JobState.COMPLETED) {
            rows.add(ALL, receipt.path("rows").asDouble(0));
        }
        rejected.add(ALL, receipt.path("rejected").asDouble(0));
        duplicates.add(ALL, receipt.path("deduplicated").asDouble(0));
        sourceBytes.add(ALL, receipt.path("source").path("bytes").asDouble(0));
        String from = receipt.path("startedAt").asString("");
        String to = receipt.path("endedAt").asString("");
        if (!from.isEmpty() && !to.isEmpty()) {
            Duration took = Duration.between(Instant.parse(from), Instant.parse(to));
            durations.add(ALL, Math.max(0, took.toNanos() / NANOS));
        }
    }

    private static String code(JsonNode of) {
        return of.path("failure").path("code").asString("UNKNOWN");
    }

    /// Measures stages; called on the job's thread, but for progress.
    private final class Timing implements JobListener {
        private final JobListener listener;
        private final ConcurrentHashMap<String, Long> begun = new ConcurrentHashMap<>();

        Timing(JobListener listener) {
            this.listener = listener;
        }

        @Override
        public void attemptStarted(OperationId operation, int number) {
            attempts.count(ALL);
            listener.attemptStarted(operation, number);
        }

        @Override
        public void stageStarted(OperationId operation, String stage) {
            begun.put(stage, System.nanoTime());
            listener.stageStarted(operation, stage);
        }

        @Override
        public void stageDone(OperationId operation, String stage) {
            Long from = begun.remove(stage);
            if (from != null) {
                stages.add(stage, (System.nanoTime() - from) / NANOS);
            }
            listener.stageDone(operation, stage);
        }

        @Override
        public void progress(OperationId operation, String stage, long done, long total, String unit) {
            listener.progress(operation, stage, done, total, unit);
        }
    }

    /// The numbers as they are now.
    List<Family> families() {
        return List.of(
                Family.gauge("belay_jobs_running", "Jobs that are being done.", running.get()),
                Family.counter("belay_jobs_ended_total", "Jobs that ended for good.", "outcome", ended.amounts()),
                Family.counter("belay_jobs_failed_total", "Failed jobs by failure code.", "code", failed.amounts()),
                Family.counter(
                        "belay_jobs_put_off_total",
                        "Jobs that wait for a retry, or for a person's word.",
                        "until",
                        putOff.amounts()),
                Family.counter("belay_attempts_total", "Attempts that began.", amount(attempts)),
                Family.counter(
                        "belay_attempts_rolled_back_total",
                        "Attempts that were rolled back, by failure code.",
                        "code",
                        rolledBack.amounts()),
                Family.summary(
                        "belay_job_duration_seconds",
                        "From a job's acceptance to its end, waits for retries included.",
                        durations.sums().getOrDefault(ALL, new Tally.Sum(0, 0))),
                Family.summary(
                        "belay_stage_duration_seconds",
                        "Time of stages that came to their end.",
                        "stage",
                        stages.sums()),
                Family.counter(
                        "belay_published_rows_total",
                        "Rows of published versions; those that an append or upsert kept are among them.",
                        amount(rows)),
                Family.counter("belay_rejected_records_total", "Records that were rejected.", amount(rejected)),
                Family.counter("belay_duplicate_records_total", "Records left out as duplicates.", amount(duplicates)),
                Family.counter("belay_source_bytes_total", "Bytes of the sources of ended jobs.", amount(sourceBytes)));
    }

    private static double amount(Tally tally) {
        return tally.amounts().getOrDefault(ALL, 0.0);
    }
}
