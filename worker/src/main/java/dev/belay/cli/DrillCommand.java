package dev.belay.cli;

import dev.belay.drill.Breach;
import dev.belay.drill.Drill;
import dev.belay.drill.DrillPlan;
import dev.belay.drill.DrillReport;
import dev.belay.drill.DrillServer;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    private static final Pattern DATABASE = Pattern.compile("(?:jdbc:)?postgresql://([^@/?:]+)@([^@]+)");

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

    @Option(
            names = "--database",
            paramLabel = "URL",
            description =
                    "A PostgreSQL database with nothing of Belay in it, postgresql://ROLE@HOST:PORT/NAME, for journal, stash and datasets; each worker has a data folder of its own then (default: files).")
    private @Nullable String database;

    @Option(
            names = "--database-password-file",
            paramLabel = "FILE",
            description = "Holds the role's password (default: none is asked for).")
    private @Nullable Path passwordFile;

    @Option(
            names = "--database-restart",
            paramLabel = "COMMAND",
            description =
                    "Kills the database's server (kill -9) and starts it again; run as often as the broker is killed (default: the server is left alone).")
    private @Nullable String restart;

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
                    settings,
                    server());
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
            means.server().ifPresent(this::clear);
            delete(scratch);
        }
        return ExitCode.DONE;
    }

    private static String password(Path file) throws JobFailure {
        try {
            return Files.readString(file).strip();
        } catch (IOException unreadable) {
            throw JobFailure.configuration(
                    FailureCode.SETTINGS_INVALID, "--database-password-file: %s cannot be read".formatted(file));
        }
    }

    private Optional<DrillServer> server() throws JobFailure {
        if (database == null) {
            return Optional.empty();
        }
        Matcher parts = DATABASE.matcher(database);
        if (!parts.matches()) {
            throw JobFailure.configuration(
                    FailureCode.SETTINGS_INVALID, "--database is postgresql://ROLE@HOST:PORT/NAME, without a password");
        }
        String password = passwordFile == null ? "" : password(passwordFile);
        String command = restart;
        return Optional.of(new DrillServer(
                "jdbc:postgresql://" + parts.group(2),
                parts.group(1),
                password,
                command == null ? Optional.empty() : Optional.of(() -> run(command))));
    }

    private static void run(String command) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("sh", "-c", command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IOException("--database-restart ended with %d: %s".formatted(exit, command));
        }
    }

    private void clear(DrillServer server) {
        try {
            server.clear();
        } catch (IOException failed) {
            // The promises hold all the same.
            screen.say("note: what the drill made in the database could not be dropped: " + failed.getMessage());
        }
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
