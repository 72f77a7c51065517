package dev.belay.cli;

import dev.belay.intake.JobSubmitter;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.journal.Decision;
import dev.belay.journal.JobRecord;
import dev.belay.journal.JobState;
import dev.belay.runtime.RoomSettings;
import dev.belay.runtime.logging.LogPlan;
import dev.belay.runtime.settings.Settings;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `belay jobs approve` and `belay jobs reject`: the word on a review, sent as the job's next message.
abstract sealed class ReviewCommand extends dev.belay.cli.Command {
    private final Decision.Word word;

    @Parameters(arity = "1", paramLabel = "JOB", description = "An id, or a beginning that only one id has.")
    private String job = "";

    @Option(
            names = "--by",
            paramLabel = "NAME",
            description = "Who decides, for the receipt (default: the user of this machine).")
    private @Nullable String by;

    @Option(names = "--note", paramLabel = "TEXT", description = "Why, for the receipt.")
    private @Nullable String note;

    @Option(names = "--no-wait", description = "Do not follow it; needs belay dev or a configured Kafka.")
    private boolean doesNotWait;

    @Option(names = "--json", description = "Print JSON: the terminal event's data.")
    private boolean json;

    @Option(names = "--quiet", description = "Show no progress.")
    private boolean quiet;

    private ReviewCommand(Screen screen, Decision.Word word) {
        super(screen);
        this.word = word;
    }

    /// `belay jobs approve`.
    @Command(
            name = "approve",
            description = "Let a job go on that waits for a review, if its file is still the one that was looked at.",
            mixinStandardHelpOptions = true)
    static final class Approve extends ReviewCommand {
        Approve(Screen screen) {
            super(screen, Decision.Word.APPROVED);
        }
    }

    /// `belay jobs reject`.
    @Command(
            name = "reject",
            description = "End a job that waits for a review: it fails as REVIEW_REJECTED.",
            mixinStandardHelpOptions = true)
    static final class Reject extends ReviewCommand {
        Reject(Screen screen) {
            super(screen, Decision.Word.REJECTED);
        }
    }

    @Override
    int execute() throws JobFailure, InterruptedException {
        Settings settings = options.settingsOr("retry.delays", KafkaWay.SOON);
        Belay.logQuietly(settings);
        if (doesNotWait) {
            GlobalOptions.requiredBootstrapServers(settings);
        }
        JobRecord waiting = waiting(settings);
        List<Path> roots = JobsRetryCommand.roots(waiting);
        Belay.log(
                LogPlan.run(settings.log(), new RoomSettings(settings).folder().logFile()));
        try (KafkaWay way = KafkaWay.open(settings, roots, quiet ? Optional.empty() : Optional.of(screen))) {
            var view = new JobsView(screen, new JobsView.Manner(json, quiet), settings);
            if (!doesNotWait) {
                return view.decide(way, waiting, submitter -> send(submitter, waiting));
            }
            try (var submitter = new JobSubmitter(way.intake())) {
                send(submitter, waiting);
            }
            screen.print("job %s is %s".formatted(waiting.job(), word.name().toLowerCase(Locale.ROOT)));
            screen.say("next      belay jobs watch " + waiting.job());
            return ExitCode.DONE;
        }
    }

    private void send(JobSubmitter submitter, JobRecord waiting) throws JobFailure, InterruptedException {
        String who = by == null ? System.getProperty("user.name", "?") : by;
        submitter.decide(
                waiting,
                word,
                who,
                Optional.ofNullable(note),
                new JobSubmitter.Patience(
                        KafkaWay.PATIENCE, InstantSource.system().instant()));
    }

    private JobRecord waiting(Settings settings) throws JobFailure {
        try (StoredFacts facts = StoredFacts.open(settings)) {
            JobRecord found = facts.job(job);
            if (found.state() != JobState.AWAITING_REVIEW) {
                throw JobFailure.permanent(
                        FailureCode.REVIEW_NOT_OPEN,
                        "job %s does not wait for a review, it is %s"
                                .formatted(found.job(), JobsListCommand.stateOf(found)));
            }
            return found;
        }
    }
}
