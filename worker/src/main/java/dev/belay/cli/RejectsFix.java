package dev.belay.cli;

import dev.belay.intake.EventFollower;
import dev.belay.intake.JobSubmitter;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.JobId;
import dev.belay.job.Sha256;
import dev.belay.journal.JobRecord;
import dev.belay.runtime.settings.Settings;
import dev.belay.schemas.Event;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.JobMessage.Source;
import dev.belay.schemas.MessageCodec;
import dev.belay.schemas.Mode;
import dev.belay.schemas.Outcome;
import dev.belay.schemas.Parsed;
import dev.belay.schemas.Receipt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/// Loads the mended records of a job into its dataset, as a job of its own: first as a dry run, which says how
/// many there are, then for real. Its id is made from the first job's and the file's digest, so the same file
/// is loaded once.
final class RejectsFix {
    private static final Duration SLICE = Duration.ofMillis(500);
    private static final int DIGITS = 16;

    private final Screen screen;
    private final Settings settings;
    private final JobRecord job;
    private final Receipt receipt;

    RejectsFix(Screen screen, Settings settings, JobRecord job, Receipt receipt) {
        this.screen = screen;
        this.settings = settings;
        this.job = job;
        this.receipt = receipt;
    }

    /// @return an [ExitCode]
    /// @throws JobFailure when there is nothing to mend, or more than was rejected
    int load(Path file, boolean json) throws JobFailure, InterruptedException {
        if (receipt.outcome() != Outcome.COMPLETED || receipt.rejected() == 0) {
            throw JobFailure.permanent(
                    FailureCode.JOB_INVALID,
                    "job %s is %s with %,d rejected records: there is nothing to add to; mend the source and `belay jobs retry %s`"
                            .formatted(job.job(), receipt.outcome().wire(), receipt.rejected(), job.job()));
        }
        JobMessage message = message(file);
        try (StoredFacts facts = StoredFacts.open(settings)) {
            // By its whole id: another job's may begin with it.
            String id = String.valueOf(message.jobId());
            Optional<JobRecord> before =
                    facts.jobIfKnown(id).filter(known -> known.job().value().equals(id));
            if (before.isPresent()) {
                throw JobFailure.permanent(
                        FailureCode.JOB_INVALID,
                        "%s was given to job %s already: see belay jobs show %s"
                                .formatted(
                                        file, before.get().job(), before.get().job()));
            }
        }
        try (KafkaWay way = KafkaWay.open(settings, KafkaWay.roots(List.of(message)), Optional.empty())) {
            // Each a job of its own: one that was refused, or killed before the load, is asked anew.
            Receipt planned =
                    ended(way, message.asDryRun().withJobId(UUID.randomUUID().toString()));
            Receipt.DryRun plan = planned.plan();
            if (plan == null) {
                return shown(planned, json);
            }
            if (plan.records() > receipt.rejected()) {
                throw JobFailure.permanent(
                        FailureCode.JOB_INVALID,
                        "%s holds %s, but job %s rejected %,d: only mended records are to be in it"
                                .formatted(file, Texts.records(plan.records()), job.job(), receipt.rejected()));
            }
            return balanced(ended(way, message), planned, plan, json);
        }
    }

    private JobMessage message(Path file) throws JobFailure {
        JobMessage first = switch (new MessageCodec().readJob(job.requestJson().getBytes(StandardCharsets.UTF_8))) {
            case Parsed.Valid<JobMessage>(JobMessage valid) -> valid;
            case Parsed.Invalid<JobMessage> invalid ->
                throw JobFailure.permanent(FailureCode.STORE_CORRUPT, invalid.summary());
        };
        Path place = file.toAbsolutePath().normalize();
        String digest;
        try {
            digest = Sha256.of(Files.readAllBytes(place)).hex();
        } catch (IOException failed) {
            throw JobFailure.permanent(FailureCode.SOURCE_NOT_FOUND, "%s cannot be read: %s".formatted(file, failed));
        }
        // Half of them may still be wrong: they are counted, and refuse nothing but what the job's own rules do.
        return first.withSource(Source.url(place.toString()))
                .withMode(first.mode() == Mode.UPSERT ? Mode.UPSERT : Mode.APPEND, first.key())
                .withRules(first.rules().withMaxRejectedRatio(1))
                .withJobId("%.100s:fix-%s".formatted(job.job().value(), digest.substring(0, DIGITS)));
    }

    private static Receipt ended(KafkaWay way, JobMessage message) throws JobFailure, InterruptedException {
        try (EventFollower follower = EventFollower.fromNow(way.intake(), KafkaWay.PATIENCE);
                var submitter = new JobSubmitter(way.intake())) {
            JobId id = submitter.submit(message, KafkaWay.PATIENCE).job();
            while (true) {
                Event end = follower.follow(Set.of(id), SLICE, _ -> {}).get(id);
                if (end != null && end.data() instanceof Receipt ended) {
                    return ended;
                }
                if (way.worker().isPresent()) {
                    Fatal.await(way.worker().get().failure(), 0, TimeUnit.MILLISECONDS);
                }
            }
        }
    }

    private int shown(Receipt failed, boolean json) {
        new JobsView(screen, new JobsView.Manner(json, true), settings).show(failed);
        return JobsView.codeOf(failed);
    }

    /// Records in are loaded, fixed and still rejected ones. Where rows are added, what was fixed is the
    /// difference of the two versions' rows.
    private int balanced(Receipt fixed, Receipt planned, Receipt.DryRun plan, boolean json) throws JobFailure {
        if (fixed.outcome() != Outcome.COMPLETED) {
            return shown(fixed, json);
        }
        long loaded = planned.mode() == Mode.APPEND && planned.stillServed() != null
                ? fixed.rows() - planned.stillServed().rows()
                : plan.records() - fixed.rejected() - fixed.deduplicated();
        long still = receipt.rejected() - plan.records() + fixed.rejected();
        if (loaded + fixed.deduplicated() + still != receipt.rejected()) {
            throw JobFailure.permanent(
                    FailureCode.ROW_BALANCE,
                    "%,d fixed, %,d deduplicated and %,d still rejected are not the %,d that job %s rejected"
                            .formatted(loaded, fixed.deduplicated(), still, receipt.rejected(), job.job()));
        }
        if (json) {
            screen.print(Json.object()
                    .put("jobId", fixed.jobId())
                    .put("dataset", fixed.dataset())
                    .put("version", fixed.version())
                    .put("rejected", receipt.rejected())
                    .put("fixed", loaded)
                    .put("deduplicated", fixed.deduplicated())
                    .put("stillRejected", still)
                    .toString());
        } else {
            screen.print(
                    "fixed %s: version %d, %s".formatted(fixed.dataset(), fixed.version(), Texts.rows(fixed.rows())));
            screen.print("  %,d rejected = %,d fixed + %,d still rejected%s"
                    .formatted(
                            receipt.rejected(),
                            loaded,
                            still,
                            fixed.deduplicated() == 0 ? "" : " + %,d deduplicated".formatted(fixed.deduplicated())));
            if (fixed.rejected() > 0) {
                screen.say("next      belay rejects " + fixed.jobId());
            }
        }
        return ExitCode.DONE;
    }
}
