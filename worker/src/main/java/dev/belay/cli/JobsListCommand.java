package dev.belay.cli;

import dev.belay.job.DatasetId;
import dev.belay.job.JobFailure;
import dev.belay.journal.JobRecord;
import dev.belay.journal.JobState;
import dev.belay.runtime.settings.Settings;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `belay jobs list`: the newest jobs of the journal.
@Command(name = "list", description = "List jobs, newest first.", mixinStandardHelpOptions = true)
final class JobsListCommand extends dev.belay.cli.Command {
    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "List at most N jobs (default: ${DEFAULT-VALUE}).")
    private int limit = 20;

    @Option(names = "--dataset", paramLabel = "ID", description = "Only jobs of this dataset.")
    private @Nullable String dataset;

    @Option(names = "--failed", description = "Only jobs that have failed.")
    private boolean failed;

    @Option(names = "--review", description = "Only jobs that wait for `jobs approve` or `jobs reject`.")
    private boolean review;

    @Option(names = "--json", description = "Print a JSON array.")
    private boolean json;

    JobsListCommand(Screen screen) {
        super(screen);
    }

    @Override
    int execute() throws JobFailure {
        Settings settings = options.settings();
        Belay.logQuietly(settings);
        Optional<DatasetId> wanted = dataset == null ? Optional.empty() : Optional.of(StoredFacts.datasetId(dataset));
        Optional<JobState> state = failed
                ? Optional.of(JobState.FAILED)
                : review ? Optional.of(JobState.AWAITING_REVIEW) : Optional.empty();
        int shown = Math.max(1, limit);
        try (StoredFacts facts = StoredFacts.open(settings)) {
            // One more than is shown tells whether the list is cut.
            List<JobRecord> jobs = facts.jobs(wanted, state, shown + 1);
            print(jobs.stream().limit(shown).toList());
            if (jobs.size() > shown) {
                screen.say("there are more: belay jobs list --limit " + shown * 5);
            }
            if (jobs.isEmpty()) {
                screen.say(
                        facts.journal().isEmpty()
                                ? "no jobs yet in %s; load something: belay run FILE".formatted(settings.data())
                                : "no such jobs; all of them: belay jobs list");
            }
        }
        return ExitCode.DONE;
    }

    private void print(List<JobRecord> jobs) {
        if (json) {
            var array = Json.array();
            jobs.forEach(job -> array.add(JobJson.of(job)));
            screen.print(array.toPrettyString());
            return;
        }
        if (jobs.isEmpty()) {
            return;
        }
        var table = TextTable.withWideCells(screen);
        table.header(List.of("job", "dataset", "state", "attempts", "accepted", "next attempt"));
        for (JobRecord job : jobs) {
            table.row(List.of(
                    job.job().value(),
                    job.dataset().value(),
                    stateOf(job),
                    job.attempts() + " of " + job.maxAttempts(),
                    Texts.when(job.acceptedAt()),
                    next(job)));
        }
        table.print();
        jobs.stream()
                .filter(job -> job.state() == JobState.AWAITING_REVIEW)
                .findFirst()
                .ifPresent(job -> screen.say(
                        "next      belay jobs show %s, then belay jobs approve or reject".formatted(job.job())));
    }

    private static String next(JobRecord job) {
        return job.state() == JobState.AWAITING_REVIEW
                ? "decide until " + Texts.when(job.review().orElseThrow().until())
                : job.nextAttemptAt().map(Texts::when).orElse("");
    }

    /// `awaiting retry`, `completed`, …
    static String stateOf(JobRecord job) {
        return job.state().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
