package dev.belay.cli;

import dev.belay.bench.Bench;
import dev.belay.bench.BenchPlan;
import dev.belay.bench.BenchReport;
import dev.belay.bench.Peers;
import dev.belay.bench.Sample;
import dev.belay.bench.Way;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `belay bench`: speed beside other tools on this machine.
@Command(
        name = "bench",
        description = {
            "Measure loads on this machine, beside those of the tools that are found here.",
            "Makes its files and works in a scratch folder of its own; touches no data of yours. The machine should have nothing else to do."
        },
        mixinStandardHelpOptions = true)
final class BenchCommand extends dev.belay.cli.Command {
    @Option(
            names = "--only",
            paramLabel = "FILE",
            split = ",",
            description = "Of the three files only these: ${COMPLETION-CANDIDATES} (default: all).")
    private List<Sample> only = new ArrayList<>();

    @Option(
            names = "--scale",
            paramLabel = "X",
            description = "Rows of the files, as a share of their full size (default: 1).")
    private double scale = 1;

    @Option(names = "--file", paramLabel = "FILE", description = "Load this delimited file instead of those.")
    private @Nullable Path file;

    @Option(
            names = "--runs",
            paramLabel = "N",
            description = "Rounds, in each of which everybody loads once (default: 3).")
    private int runs = 3;

    @Option(
            names = "--ways",
            paramLabel = "WAY",
            split = ",",
            description = "Load only in these ways: ${COMPLETION-CANDIDATES} (default: in all that there are).")
    private List<Way> ways = new ArrayList<>();

    @Option(
            names = "--duckdb",
            paramLabel = "JAR",
            description = "DuckDB's JDBC driver (default: the newest in the local Maven repository, if there is one).")
    private @Nullable Path duckDb;

    @Option(
            names = "--postgres",
            paramLabel = "URL",
            description = "A PostgreSQL to compare with, as psql takes it; a table is made there and dropped.")
    private @Nullable String postgres;

    @Mixin
    private BenchServer server = new BenchServer();

    @Mixin
    private BenchOptions bench = new BenchOptions();

    BenchCommand(Screen screen) {
        super(screen);
    }

    @Override
    int execute() throws JobFailure, InterruptedException {
        BenchPlan plan = plan();
        try {
            Bench.Means means = bench.means(options);
            var view = new BenchView(screen);
            try (var running = new Bench(plan, means, view::step)) {
                // Ctrl-C: neither worker nor broker outlives this.
                Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(running), "belay-stop"));
                BenchReport report = running.run();
                screen.redraw("");
                if (bench.json()) {
                    screen.print(BenchView.json(report).toString());
                } else {
                    view.print(report);
                }
                return report.files().stream()
                                .flatMap(of -> of.measured().stream())
                                .allMatch(one -> one.trouble().isEmpty())
                        ? ExitCode.DONE
                        : ExitCode.JOB_FAILED;
            } finally {
                bench.clean(means, screen);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void stop(Bench running) {
        try {
            running.close();
        } catch (IOException ending) {
            // Processes end with their parent's pipe; nothing more can be done.
            return;
        }
    }

    private BenchPlan plan() throws JobFailure {
        try {
            return new BenchPlan(
                    only.isEmpty() ? List.of(Sample.values()) : only,
                    scale,
                    Optional.ofNullable(file),
                    runs,
                    ways.isEmpty() ? EnumSet.allOf(Way.class) : EnumSet.copyOf(ways),
                    duckDb == null ? Peers.duckDb(System.getProperties()) : Optional.of(duckDb.toAbsolutePath()),
                    Optional.ofNullable(postgres),
                    server.given());
        } catch (IllegalArgumentException outOfRange) {
            throw JobFailure.configuration(FailureCode.SETTINGS_INVALID, String.valueOf(outOfRange.getMessage()));
        }
    }
}
