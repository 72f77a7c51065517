package dev.belay.runtime;

import static dev.belay.journal.JournalSamples.delivery;
import static dev.belay.journal.JournalSamples.operation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.job.DatasetId;
import dev.belay.job.FailureCode;
import dev.belay.job.JobId;
import dev.belay.job.JobRequest;
import dev.belay.job.OperationId;
import dev.belay.journal.Announcement;
import dev.belay.journal.AnnouncementKey;
import dev.belay.journal.JobState;
import dev.belay.journal.JournalSamples;
import dev.belay.journal.OutgoingEvent;
import dev.belay.journal.Verdict;
import dev.belay.kit.Scrape;
import dev.belay.metrics.TextPage;
import dev.belay.saga.Handled;
import dev.belay.saga.JobHandler;
import dev.belay.saga.JobListener;
import dev.belay.saga.Requests;
import dev.belay.saga.StopSignal;
import dev.belay.schemas.Event;
import dev.belay.schemas.EventCodec;
import dev.belay.schemas.EventData;
import dev.belay.schemas.EventType;
import dev.belay.schemas.Failure;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.MessageCodec;
import dev.belay.schemas.Outcome;
import dev.belay.schemas.Receipt;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class JobCountsTest {
    private static final Instant NOW = Instant.parse("2026-11-29T22:00:00Z");
    private static final EventCodec CODEC = new EventCodec();
    private static final JobRequest REQUEST = new Requests(new MessageCodec(), 3)
            .of(JobMessage.replace("city", JobMessage.Source.url("file:///a.csv")), new JobId("job"));

    private static Failure failure(String code) {
        return new Failure(Failure.Kind.TRANSIENT, code, "it broke", "nothing", null, true);
    }

    private static Receipt receipt(Outcome outcome, @Nullable Failure failure) {
        return new Receipt(
                "job",
                "city",
                outcome,
                null,
                3L,
                100,
                4,
                2,
                null,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                operation(1).value(),
                2,
                new EventData.SourceSummary("file:/a.csv", null, null, 5000L),
                null,
                null,
                null,
                null,
                failure,
                null,
                null,
                Map.of("fetch", 3L),
                NOW,
                NOW.plusMillis(2500),
                List.of());
    }

    private static Verdict over(JobState state, @Nullable Failure failure) {
        var outcome = Outcome.valueOf(state.name());
        return new Verdict.Over(state, text(CODEC.writeData(receipt(outcome, failure))));
    }

    private static OutgoingEvent rolledBack(String code) {
        var data = new EventData.RolledBack(
                "job", "city", operation(1).value(), 1, failure(code), List.of(), null, null, List.of());
        var event = new Event(new UUID(0, 1), "/belay", "job", NOW, data);
        return new OutgoingEvent("id", EventType.JOB_ROLLED_BACK.cloudEventType(), text(CODEC.write(event)));
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }

    private static Handled.Announce announce(Verdict verdict, OutgoingEvent... events) {
        return new Handled.Announce(new Announcement(
                new AnnouncementKey(new JobId("job"), 0), new DatasetId("city"), verdict, List.of(events), false));
    }

    /// What the page says after these have been handled one after the other.
    private static Scrape after(Handled... ends) {
        var left = new ArrayList<>(List.of(ends));
        var counts = new JobCounts((_, _, _, _) -> left.removeFirst());
        while (!left.isEmpty()) {
            counts.handle(REQUEST, delivery("job", "city", 0), JobListener.SILENT, StopSignal.NEVER);
        }
        return Scrape.of(TextPage.of(counts.families()));
    }

    @Test
    void everyEndIsThereFromTheBeginning() {
        Scrape read = after();

        for (JobState state : JobState.values()) {
            String series = "belay_jobs_ended_total{outcome=\"%s\"}"
                    .formatted(state.name().toLowerCase(Locale.ROOT));
            assertThat(read.values().containsKey(series)).as(series).isEqualTo(state.isTerminal());
        }
        for (FailureCode code : FailureCode.values()) {
            assertThat(read.values()).containsEntry("belay_jobs_failed_total{code=\"%s\"}".formatted(code), 0.0);
        }
        assertThat(read.values()).containsEntry("belay_job_duration_seconds_count", 0.0);
    }

    @Test
    void countsEndsByTheirOutcomeAndWhatWasLoaded() {
        Scrape read = after(
                announce(over(JobState.COMPLETED, null)),
                announce(over(JobState.SKIPPED, null)),
                announce(over(JobState.FAILED, failure("EMPTY_FILE")), rolledBack("EMPTY_FILE")));

        assertThat(read.values())
                .containsEntry("belay_jobs_ended_total{outcome=\"completed\"}", 1.0)
                .containsEntry("belay_jobs_ended_total{outcome=\"skipped\"}", 1.0)
                .containsEntry("belay_jobs_ended_total{outcome=\"failed\"}", 1.0)
                .containsEntry("belay_jobs_failed_total{code=\"EMPTY_FILE\"}", 1.0)
                .containsEntry("belay_attempts_rolled_back_total{code=\"EMPTY_FILE\"}", 1.0)
                .containsEntry("belay_published_rows_total", 100.0)
                .containsEntry("belay_rejected_records_total", 12.0)
                .containsEntry("belay_duplicate_records_total", 6.0)
                .containsEntry("belay_source_bytes_total", 15_000.0)
                .containsEntry("belay_job_duration_seconds_count", 3.0)
                .containsEntry("belay_job_duration_seconds_sum", 7.5);
    }

    @Test
    void countsEveryAttemptThatWasRolledBack() {
        Scrape read = after(
                announce(new Verdict.Retry(NOW), rolledBack("WORKER_STOPPED"), rolledBack("HTTP_TIMEOUT")),
                announce(new Verdict.Ask(JournalSamples.review())),
                announce(over(JobState.COMPLETED, null), rolledBack("HTTP_TIMEOUT")));

        assertThat(read.values())
                .containsEntry("belay_attempts_rolled_back_total{code=\"WORKER_STOPPED\"}", 1.0)
                .containsEntry("belay_attempts_rolled_back_total{code=\"HTTP_TIMEOUT\"}", 2.0)
                .containsEntry("belay_jobs_put_off_total{until=\"retry\"}", 1.0)
                .containsEntry("belay_jobs_put_off_total{until=\"review\"}", 1.0)
                .containsEntry("belay_jobs_ended_total{outcome=\"completed\"}", 1.0);
    }

    @Test
    void countsNothingThatIsNoEnd() {
        Scrape read = after(
                new Handled.Drop("announced before"),
                new Handled.Later(Handled.Later.Cause.BUSY, "soon"),
                new Handled.Unasked("nobody asked"));

        assertThat(read.values())
                .allSatisfy((series, value) -> assertThat(value).as(series).isZero());
    }

    @Test
    void measuresStagesAndPassesEverythingOn() {
        var heard = new ArrayList<String>();
        var listener = new JobListener() {
            @Override
            public void attemptStarted(OperationId operation, int number) {
                heard.add("attempt " + number);
            }

            @Override
            public void stageStarted(OperationId operation, String stage) {
                heard.add("from " + stage);
            }

            @Override
            public void stageDone(OperationId operation, String stage) {
                heard.add("to " + stage);
            }

            @Override
            public void progress(OperationId operation, String stage, long done, long total, String unit) {
                heard.add(stage + " " + done + "/" + total + " " + unit);
            }
        };
        var during = new ArrayList<Scrape>();
        var pages = new ArrayList<JobCounts>();
        JobHandler job = (_, _, told, _) -> {
            told.attemptStarted(operation(1), 2);
            told.stageStarted(operation(1), "fetch");
            told.progress(operation(1), "fetch", 5, 10, "bytes");
            told.stageDone(operation(1), "fetch");
            told.stageStarted(operation(1), "stage");
            during.add(Scrape.of(TextPage.of(pages.getFirst().families())));
            return new Handled.Drop("done");
        };
        var counts = new JobCounts(job);
        pages.add(counts);

        counts.handle(REQUEST, delivery("job", "city", 0), listener, StopSignal.NEVER);

        Scrape read = Scrape.of(TextPage.of(counts.families()));
        assertThat(heard).containsExactly("attempt 2", "from fetch", "fetch 5/10 bytes", "to fetch", "from stage");
        assertThat(during.getFirst().value("belay_jobs_running")).isEqualTo(1);
        assertThat(read.values())
                .containsEntry("belay_jobs_running", 0.0)
                .containsEntry("belay_attempts_total", 1.0)
                .containsEntry("belay_stage_duration_seconds_count{stage=\"fetch\"}", 1.0)
                .doesNotContainKey("belay_stage_duration_seconds_count{stage=\"stage\"}");
        assertThat(read.values().get("belay_stage_duration_seconds_sum{stage=\"fetch\"}"))
                .isNotNegative();
    }

    @Test
    void aDefectOfTheJobIsNotHeldUpAndAnUnreadableReceiptIsOnlyNotCounted() {
        var broken = new JobCounts((_, _, _, _) -> {
            throw new IllegalStateException("planned");
        });
        assertThatThrownBy(
                        () -> broken.handle(REQUEST, delivery("job", "city", 0), JobListener.SILENT, StopSignal.NEVER))
                .hasMessage("planned");
        assertThat(Scrape.of(TextPage.of(broken.families())).value("belay_jobs_running"))
                .isZero();

        Scrape read = after(announce(new Verdict.Over(JobState.COMPLETED, "{\"rows\":")));

        assertThat(read.value("belay_published_rows_total")).isZero();
    }
}
