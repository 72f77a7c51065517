package dev.belay.cli;

import dev.belay.intake.DeadLetterReader;
import dev.belay.intake.JobSubmitter;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.JobId;
import dev.belay.journal.JobRecord;
import dev.belay.journal.JobState;
import dev.belay.runtime.RoomSettings;
import dev.belay.runtime.logging.LogPlan;
import dev.belay.runtime.settings.Settings;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.MessageCodec;
import dev.belay.schemas.Parsed;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `belay jobs retry`: produces failed jobs again from the dead-letter topic, each as a new job `JOB:2`.
@Command(
        name = "retry",
        description = "Produce failed jobs again, each as a new job JOB:2, JOB:3, … and follow them to their ends.",
        mixinStandardHelpOptions = true)
final class JobsRetryCommand extends dev.belay.cli.Command {
    private static final int MOST = 1000;

    @Parameters(arity = "0..*", paramLabel = "JOB", description = "Ids, or beginnings that only one id has.")
    private List<String> jobs = List.of();

    @Option(names = "--failed", description = "All failed jobs that were not produced again yet.")
    private boolean failed;

    @Option(names = "--no-wait", description = "Do not follow them; needs belay dev or a configured Kafka.")
    private boolean doesNotWait;

    @Option(names = "--json", description = "Print one JSON object per job: the terminal event's data.")
    private boolean json;

    @Option(names = "--quiet", description = "Show no progress.")
    private boolean quiet;

    JobsRetryCommand(Screen screen) {
        super(screen);
    }

    @Override
    int execute() throws JobFailure, InterruptedException {
        if (jobs.isEmpty() == !failed) {
            throw JobFailure.permanent(FailureCode.JOB_NOT_FOUND, "name jobs, or all failed ones with --failed");
        }
        Settings settings = options.settingsOr("retry.delays", KafkaWay.SOON);
        Belay.logQuietly(settings);
        if (doesNotWait) {
            GlobalOptions.requiredBootstrapServers(settings);
        }
        List<JobId> again = new ArrayList<>();
        List<Path> roots = new ArrayList<>();
        try (StoredFacts facts = StoredFacts.open(settings)) {
            for (JobRecord job : failed ? failedOnes(facts) : named(facts)) {
                again.add(job.job());
                roots.addAll(roots(job));
            }
        }
        if (again.isEmpty()) {
            screen.say("no failed job waits to be produced again; all jobs: belay jobs list");
            return ExitCode.DONE;
        }
        Belay.log(
                LogPlan.run(settings.log(), new RoomSettings(settings).folder().logFile()));
        try (KafkaWay way = KafkaWay.open(settings, roots, quiet ? Optional.empty() : Optional.of(screen))) {
            return produce(settings, way, again);
        }
    }

    private int produce(Settings settings, KafkaWay way, List<JobId> again) throws JobFailure, InterruptedException {
        List<JobMessage> messages = new ArrayList<>();
        var reader = new DeadLetterReader(way.intake(), KafkaWay.PATIENCE);
        try (StoredFacts facts = StoredFacts.open(settings)) {
            for (JobId job : again) {
                messages.add(reader.again(
                        job, id -> facts.journal().flatMap(open -> open.job(id)).isPresent()));
            }
        }
        for (int at = 0; at < messages.size(); at++) {
            screen.say("%s is produced again as %s"
                    .formatted(again.get(at), messages.get(at).jobId()));
        }
        if (!doesNotWait) {
            return new JobsView(screen, new JobsView.Manner(json, quiet), settings).load(way, messages);
        }
        try (var submitter = new JobSubmitter(way.intake())) {
            for (JobMessage message : messages) {
                JobId job = submitter.submit(message, KafkaWay.PATIENCE).job();
                screen.print(
                        json
                                ? Json.object()
                                        .put("jobId", job.value())
                                        .put("dataset", message.dataset())
                                        .toString()
                                : "submitted %s for %s".formatted(job, message.dataset()));
            }
        }
        return ExitCode.DONE;
    }

    private List<JobRecord> named(StoredFacts facts) throws JobFailure {
        var found = new ArrayList<JobRecord>();
        for (String name : jobs) {
            JobRecord job = facts.job(name);
            if (job.state() != JobState.FAILED) {
                throw JobFailure.permanent(
                        FailureCode.JOB_NOT_FOUND,
                        "job %s has not failed, it is %s: only failed jobs are in the dead-letter topic"
                                .formatted(job.job(), JobsListCommand.stateOf(job)));
            }
            found.add(job);
        }
        return found;
    }

    /// Oldest first, as they were asked for; without those of which a later repetition is known.
    private List<JobRecord> failedOnes(StoredFacts facts) {
        Set<String> repeated = new HashSet<>();
        List<JobRecord> found = new ArrayList<>();
        List<JobRecord> failures = facts.jobs(Optional.empty(), Optional.of(JobState.FAILED), MOST);
        for (JobRecord job : failures) {
            String stem = job.job().value().replaceFirst(":[1-9][0-9]{0,4}$", "");
            boolean newer = facts.journal().stream()
                    .flatMap(open -> open.jobsBeginningWith(stem + ":", MOST).stream())
                    .anyMatch(other -> other.acceptedAt().isAfter(job.acceptedAt()));
            if (!newer && repeated.add(stem)) {
                found.add(job);
            }
        }
        if (failures.size() == MOST) {
            screen.say("only the newest %,d failed jobs were looked at".formatted(MOST));
        }
        return found.reversed();
    }

    /// The folder of the job's own file, which was named on a command line once.
    static List<Path> roots(JobRecord job) {
        return switch (new MessageCodec().readJob(job.requestJson().getBytes(StandardCharsets.UTF_8))) {
            case Parsed.Valid<JobMessage>(JobMessage message) -> KafkaWay.roots(List.of(message));
            // Its dead letter says the same, and why, when it is produced again.
            case Parsed.Invalid<JobMessage> _ -> List.of();
        };
    }
}
