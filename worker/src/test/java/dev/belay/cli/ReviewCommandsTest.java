package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.intake.IntakeSettings;
import dev.belay.intake.JobSubmitter;
import dev.belay.job.JobId;
import dev.belay.journal.Decision;
import dev.belay.journal.JobRecord;
import dev.belay.journal.sqlite.SqliteJournalReader;
import dev.belay.runtime.RoomSettings;
import dev.belay.runtime.folder.Endpoint;
import dev.belay.runtime.settings.Settings;
import dev.belay.runtime.settings.SettingsInputs;
import dev.belay.runtime.settings.SettingsReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/// Reviews and the words on them, over a real broker and worker, by the commands that people have.
@TestInstance(Lifecycle.PER_CLASS)
final class ReviewCommandsTest {
    private static final String PEOPLE = "name,contact\nAnna,canary.bird@example.org\nBert,none\n";

    @TempDir
    private static Path scratch = Path.of("");

    private Path data = Path.of("");
    private @Nullable Settings settings;
    private @Nullable LocalStation station;

    @BeforeAll
    void startsDev() throws Exception {
        data = scratch.resolve("data");
        settings = SettingsReader.read(new SettingsInputs(
                        Path.of(""), null, Map.of(), Map.of("data", data.toString(), "worker.recoverEvery", "1s")))
                .settings();
        station = LocalStation.start(settings, Endpoint.Kind.DEV, List.of(scratch.toRealPath(), scratch));
    }

    @AfterAll
    void stopsDev() {
        if (station != null) {
            station.close();
        }
    }

    @Test
    void waitsWithTheTwoCommandsAndGoesOnWhenApproved() throws Exception {
        Transcript asked = reviewed("approved");
        String job = waiting("approved");
        Transcript list = belay("jobs", "list", "--review", "--dataset", "approved");
        Transcript shown = belay("jobs", "show", job);
        Transcript approved = belay("jobs", "approve", job, "--by", "Ann", "--note", "asked legal", "--json");
        Transcript again = belay("jobs", "approve", job);
        Transcript after = belay("jobs", "show", job);

        assertThat(asked.code()).as(asked.err()).isEqualTo(ExitCode.NEEDS_DECISION);
        assertThat(asked.out())
                .contains("waiting approved: someone has to approve or reject it until")
                .contains(
                        "column \"contact\": email in 1 of 2 values, first in record 1, line 2: c*****.****@*******.**g")
                .contains("served    nothing: approved was never published")
                .contains("belay jobs approve " + job, "belay jobs reject " + job);
        assertThat(list.out()).contains(job, "awaiting review", "decide until");
        assertThat(shown.out()).contains("awaiting review", "belay jobs approve " + job);
        assertThat(approved.code()).as(approved.err()).isZero();
        assertThat(approved.json().path("outcome").asString()).isEqualTo("completed");
        assertThat(approved.json().path("warnings").toString()).contains("approved by Ann (asked legal)");
        assertThat(again.code()).isEqualTo(ExitCode.USAGE);
        assertThat(again.err()).contains("REVIEW_NOT_OPEN", "completed");
        assertThat(after.out()).contains("review    approved by Ann: asked legal");
    }

    @Test
    void failsWhenRejectedAndCanBeAskedAgain() throws Exception {
        reviewed("rejected");
        String job = waiting("rejected");
        Transcript rejected = belay("jobs", "reject", job, "--by", "Ann");
        Transcript retried = belay("jobs", "retry", job);

        assertThat(rejected.code()).isEqualTo(ExitCode.JOB_FAILED);
        assertThat(rejected.out()).contains("REVIEW_REJECTED", "rejected by Ann: column \"contact\"");
        assertThat(retried.code()).as(retried.err()).isEqualTo(ExitCode.NEEDS_DECISION);
        assertThat(retried.out()).contains("belay jobs approve " + job + ":2");
    }

    /// As a worker says it that finds the time over; and what comes after it.
    @Test
    void endsWithTheFirstWordAndTellsContradictionsApart() throws Exception {
        reviewed("expired");
        JobRecord job = record(waiting("expired"));
        Transcript ended;
        try (var submitter = new JobSubmitter(intake())) {
            var patience = new JobSubmitter.Patience(Duration.ofSeconds(30), Instant.now());
            submitter.decide(job, Decision.Word.EXPIRED, "belay worker", Optional.empty(), patience);
            submitter.decide(job, Decision.Word.EXPIRED, "another worker", Optional.empty(), patience);
            submitter.decide(job, Decision.Word.APPROVED, "Ann", Optional.empty(), patience);
        }
        ended = belay("jobs", "watch", job.job().value());
        // A job behind them in the topic: what stands before it is dealt with.
        Transcript next = belay("run", file("expired.csv", "a\n1\n").toString(), "--json");
        Transcript events = belay("jobs", "show", job.job().value(), "--json");

        assertThat(ended.out()).contains("REVIEW_EXPIRED");
        assertThat(next.json().path("outcome").asString()).isEqualTo("completed");
        assertThat(events.json().path("state").asString()).isEqualTo("failed");
        assertThat(events.json().path("review").path("decision").path("by").asString())
                .isEqualTo("belay worker");
    }

    @Test
    void blocksAndReportsByOption() throws Exception {
        Transcript blocked = belay("run", file("blocked.csv", PEOPLE).toString(), "--screen", "block");
        Transcript reported = belay("run", file("reported.csv", PEOPLE).toString(), "--screen", "report");

        assertThat(blocked.code()).isEqualTo(ExitCode.JOB_FAILED);
        assertThat(blocked.out()).contains("SCREENED", "column \"contact\": email in 1 of 2 values");
        assertThat(reported.code()).isZero();
        assertThat(reported.out()).contains("warning: column \"contact\": email in 1 of 2 values");
        assertThat(blocked.out() + blocked.err()).doesNotContain("canary.bird");
    }

    /// Nothing under the data folder holds the value of a job that was not loaded: no journal, log, topic or
    /// stash.
    @Test
    void leavesNoValueBehindWhileItWaits() throws Exception {
        Path file = file("secret.csv", "name,contact\nAnna,hidden.canary@example.org\n");
        belay("run", file.toString(), "--screen", "review");
        belay("run", file.toString(), "--screen", "block", "--dataset", "secret-too");

        try (Stream<Path> files = Files.walk(data)) {
            for (Path one : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(one, StandardCharsets.ISO_8859_1))
                        .as(one.toString())
                        .doesNotContain("hidden.canary");
            }
        }
    }

    private Transcript reviewed(String dataset) throws Exception {
        return belay("run", file(dataset + ".csv", PEOPLE).toString(), "--screen", "review");
    }

    private String waiting(String dataset) {
        return belay("jobs", "list", "--review", "--dataset", dataset, "--json")
                .json()
                .get(0)
                .path("jobId")
                .asString();
    }

    private JobRecord record(String job) {
        try (var journal = SqliteJournalReader.open(data).orElseThrow()) {
            return journal.job(new JobId(job)).orElseThrow();
        }
    }

    private IntakeSettings intake() {
        return new RoomSettings(Objects.requireNonNull(settings))
                .intake("test", Objects.requireNonNull(station).bootstrapServers());
    }

    private Transcript belay(String... words) {
        return Transcript.of(data, words);
    }

    private static Path file(String name, String content) throws Exception {
        return Files.write(scratch.resolve(name), content.getBytes(StandardCharsets.UTF_8));
    }
}
