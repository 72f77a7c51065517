package dev.belay.cli;

import dev.belay.drill.Breach;
import dev.belay.drill.Drill;
import dev.belay.drill.DrillPlan;
import dev.belay.drill.DrillReport;
import dev.belay.drill.Program;
import dev.belay.job.FailureCode;
import dev.belay.job.IdSource;
import dev.belay.job.JobFailure;
import dev.belay.runtime.logging.LogPlan;
import dev.belay.runtime.settings.Settings;
import dev.belay.runtime.settings.SettingsInputs;
import dev.belay.runtime.settings.SettingsReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `belay drill`: the promises, proved on this machine.
@Command(
        name = "drill",
        description = {
            "Prove the promises on this machine: feed jobs while workers and broker are killed, then check everything.",
            "Starts a broker and workers on a scratch folder of its own; touches no data of yours."
        },
        mixinStandardHelpOptions = true)
final class DrillCommand extends dev.belay.cli.Command {
    private static final Set<String> OWN =
            Set.of("data", "kafka.bootstrap.servers", "worker.slot", "source.roots", "journal.url", "datastore.url");

    @Option(names = "--jobs", paramLabel = "N", description = "Jobs to feed, 10 to 100,000 (default: 200).")
    private int jobs = 200;

    @Option(names = "--workers", paramLabel = "W", description = "Worker processes, 1 to 16 (default: 2).")
    private int workers = 2;

    @Option(
            names = "--kills",
            paramLabel = "K",
            description =
                    "kill -9 of workers and, one in twenty, of the broker, 0 to 10,000 (default: 20). Besides, a fifth as often a worker is stopped and continued.")
    private int kills = 20;

    @Option(names = "--seed", paramLabel = "S", description = "Make the same choices again (default: new ones).")
    private @Nullable Long seed;

    @Option(
            names = "--folder",
            paramLabel = "DIR",
            description = "The scratch folder; empty or not there yet (default: a new one among the temporary files).")
    private @Nullable Path folder;

    @Option(names = "--keep", description = "Keep the scratch folder; after a breach it is kept anyway.")
    private boolean keep;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    DrillCommand(Screen screen) {
        super(screen);
    }

    @Override
    int execute() throws JobFailure, InterruptedException {
        var settings = options.setElsewhere(OWN, "a drill has a folder of its own, see --folder");
        // Known to be right before anything is started with them; no file and no environment has a say.
        SettingsReader.read(new SettingsInputs(Path.of(""), null, Map.of(), settings));
        DrillPlan plan = plan();
        try {
            var scratch = ScratchFolder.at(folder);
            Path place = scratch.path();
            // The broker dies on purpose: what the clients here say to that is for nobody.
            Belay.log(new LogPlan(
                    Settings.LogLevel.ERROR,
                    Settings.LogFormat.TEXT,
                    place.resolve("drill.log"),
                    Settings.LogLevel.INFO));
            var means = new Drill.Means(
                    place,
                    Program.ofThisJvm(
                            System.getProperties(),
                            ManagementFactory.getRuntimeMXBean().getInputArguments()),
                    IdSource.random(InstantSource.system()),
                    settings);
            screen.say("drill: %s, %s, %s, seed %d, in %s"
                    .formatted(
                            Texts.count(plan.jobs(), "job"),
                            Texts.count(plan.workers(), "worker"),
                            Texts.count(plan.kills(), "kill"),
                            plan.seed(),
                            place));
            return drill(plan, means, scratch);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private int drill(DrillPlan plan, Drill.Means means, ScratchFolder scratch)
            throws JobFailure, IOException, InterruptedException {
        var view = new DrillView(screen, json);
        DrillReport report;
        try (var drill = new Drill(plan, means, view::hear)) {
            // Ctrl-C: neither broker nor workers outlive this.
            Runtime.getRuntime().addShutdownHook(new Thread(drill::close, "belay-stop"));
            report = drill.run();
        } catch (Breach breach) {
            view.breach(plan, means.folder(), breach);
            return ExitCode.JOB_FAILED;
        }
        view.report(report, keep);
        if (!report.holds()) {
            return ExitCode.JOB_FAILED;
        }
        if (!keep) {
            delete(scratch);
        }
        return ExitCode.DONE;
    }

    private DrillPlan plan() throws JobFailure {
        try {
            return new DrillPlan(jobs, workers, kills, seed == null ? System.nanoTime() : seed);
        } catch (IllegalArgumentException outOfRange) {
            throw JobFailure.configuration(FailureCode.SETTINGS_INVALID, String.valueOf(outOfRange.getMessage()));
        }
    }

    private void delete(ScratchFolder scratch) {
        try {
            scratch.delete();
        } catch (IOException | UncheckedIOException failed) {
            // The promises hold all the same.
            screen.say("note: %s could not be deleted: %s".formatted(scratch.path(), failed));
        }
    }
}
