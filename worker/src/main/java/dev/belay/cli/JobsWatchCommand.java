package dev.belay.cli;

import dev.belay.intake.EventFollower;
import dev.belay.job.JobFailure;
import dev.belay.job.JobId;
import dev.belay.journal.JobRecord;
import dev.belay.runtime.settings.Settings;
import dev.belay.schemas.Receipt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `belay jobs watch`: follows jobs to their ends; one that has ended already is shown as the journal has it.
@Command(
        name = "watch",
        description = "Follow jobs to their ends and exit by outcome.",
        mixinStandardHelpOptions = true)
final class JobsWatchCommand extends dev.belay.cli.Command {
    @Parameters(arity = "1..*", paramLabel = "JOB", description = "Ids, or beginnings that only one id has.")
    private List<String> jobs = List.of();

    @Option(names = "--json", description = "Print one JSON object per job: the terminal event's data.")
    private boolean json;

    @Option(names = "--quiet", description = "Show no progress.")
    private boolean quiet;

    JobsWatchCommand(Screen screen) {
        super(screen);
    }

    @Override
    int execute() throws JobFailure, InterruptedException {
        Settings settings = options.settings();
        Belay.logQuietly(settings);
        var view = new JobsView(screen, new JobsView.Manner(json, quiet), settings);
        Optional<String> servers = GlobalOptions.bootstrapServers(settings);
        if (servers.isEmpty()) {
            var ended = new Ended(view);
            if (!ended.take(settings, jobs, false).isEmpty()) {
                GlobalOptions.requiredBootstrapServers(settings);
            }
            return ended.code;
        }
        try (KafkaWay way = KafkaWay.to(settings, servers.get());
                // Opened before the journal is asked: a job that ends in between is seen by one of the two.
                EventFollower follower = EventFollower.fromNow(way.intake(), KafkaWay.PATIENCE)) {
            var ended = new Ended(view);
            List<JobId> open = ended.take(settings, jobs, true);
            return Math.max(ended.code, view.follow(follower, open, Optional::empty));
        }
    }

    /// Shows what has ended, and leaves the rest.
    private final class Ended {
        private final JobsView view;
        private int code = ExitCode.DONE;

        Ended(JobsView view) {
            this.view = view;
        }

        /// @param unknownToo whether an id that the journal does not know is waited for: it may just have been
        /// sent
        List<JobId> take(Settings settings, List<String> names, boolean unknownToo) throws JobFailure {
            var open = new ArrayList<JobId>();
            try (StoredFacts facts = StoredFacts.open(settings)) {
                for (String name : names) {
                    Optional<JobRecord> known = unknownToo ? facts.jobIfKnown(name) : Optional.of(facts.job(name));
                    if (known.isEmpty()) {
                        screen.say("job %s is not in the journal of %s: waiting for its events, Ctrl-C ends that"
                                .formatted(name, settings.data()));
                    }
                    Optional<Receipt> receipt =
                            known.flatMap(job -> facts.journal().flatMap(journal -> KeptReceipt.of(journal, job)));
                    if (receipt.isPresent()) {
                        view.show(receipt.get());
                        code = Math.max(code, JobsView.codeOf(receipt.get()));
                    } else {
                        open.add(known.isPresent() ? known.get().job() : StoredFacts.jobId(name));
                    }
                }
            }
            return open;
        }
    }
}
