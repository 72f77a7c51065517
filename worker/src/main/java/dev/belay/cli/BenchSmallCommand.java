package dev.belay.cli;

import dev.belay.bench.Bench;
import dev.belay.bench.SmallJobs;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `belay bench small`: small jobs a second, and how long one takes.
@Command(
        name = "small",
        description =
                "Measure many small jobs by one worker or several: jobs a second, and how long a single one takes; over a PostgreSQL also what it is asked for.",
        mixinStandardHelpOptions = true)
final class BenchSmallCommand extends dev.belay.cli.Command {
    @Option(names = "--jobs", paramLabel = "N", description = "Jobs sent at once (default: 1000).")
    private int jobs = 1000;

    @Option(names = "--rows", paramLabel = "N", description = "Rows of each (default: 100).")
    private int rows = 100;

    @Option(names = "--datasets", paramLabel = "N", description = "Datasets they are for (default: 50).")
    private int datasets = 50;

    @Option(
            names = "--single",
            paramLabel = "N",
            description = "Jobs sent afterwards, each when the one before has ended (default: 100).")
    private int single = 100;

    @Option(
            names = "--workers",
            paramLabel = "N",
            description =
                    "Worker processes of one group, each with a data folder of its own, 1 to 64; more than one needs --postgres-url (default: 1).")
    private int workers = 1;

    @Option(
            names = "--idle",
            description = "Look at the workers afterwards, when they have had nothing to do for a minute.")
    private boolean idle;

    @Mixin
    private BenchServer server = new BenchServer();

    @Mixin
    private BenchOptions bench = new BenchOptions();

    BenchSmallCommand(Screen screen) {
        super(screen);
    }

    @Override
    int execute() throws JobFailure, InterruptedException {
        SmallJobs.Plan plan = plan();
        try {
            Bench.Means means = bench.means(options);
            try {
                screen.say("bench: %s of %,d rows, %s"
                        .formatted(
                                Texts.count(plan.jobs(), "job"),
                                plan.rows(),
                                Texts.count(plan.by().workers(), "worker")));
                SmallJobs.Found found = SmallJobs.measure(plan, means);
                if (bench.json()) {
                    screen.print(BenchView.json(found).toString());
                } else {
                    new BenchView(screen).print(found);
                }
                return ExitCode.DONE;
            } finally {
                bench.clean(means, screen);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private SmallJobs.Plan plan() throws JobFailure {
        try {
            return new SmallJobs.Plan(jobs, rows, datasets, single, new SmallJobs.By(workers, server.given(), idle));
        } catch (IllegalArgumentException outOfRange) {
            throw JobFailure.configuration(FailureCode.SETTINGS_INVALID, String.valueOf(outOfRange.getMessage()));
        }
    }
}
