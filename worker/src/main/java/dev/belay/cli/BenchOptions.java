package dev.belay.cli;

import dev.belay.bench.Bench;
import dev.belay.bench.BenchFolder;
import dev.belay.bench.Program;
import dev.belay.job.IdSource;
import dev.belay.job.JobFailure;
import dev.belay.runtime.logging.LogPlan;
import dev.belay.runtime.settings.Settings;
import dev.belay.runtime.settings.SettingsInputs;
import dev.belay.runtime.settings.SettingsReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What both kinds of bench take.
final class BenchOptions {
    private static final Set<String> OWN =
            Set.of("data", "kafka.bootstrap.servers", "worker.slot", "source.roots", "journal.url", "datastore.url");

    @Option(
            names = "--folder",
            paramLabel = "DIR",
            description =
                    "The scratch folder, on the disk that is to be measured (default: a new one among the temporary files).")
    private @Nullable Path folder;

    @Option(names = "--keep", description = "Keep the files that were made, for the next bench in the same folder.")
    private boolean keep;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    boolean json() {
        return json;
    }

    /// Checks the settings and makes the folder.
    Bench.Means means(GlobalOptions options) throws JobFailure, IOException {
        Map<String, String> settings = options.setElsewhere(OWN, "a bench has a folder of its own, see --folder");
        SettingsReader.read(new SettingsInputs(Path.of(""), null, Map.of(), settings));
        BenchFolder scratch = BenchFolder.at(folder == null ? Files.createTempDirectory("belay-bench-") : folder);
        Belay.log(new LogPlan(
                Settings.LogLevel.ERROR,
                Settings.LogFormat.TEXT,
                scratch.path().resolve("bench.log"),
                Settings.LogLevel.WARN));
        return new Bench.Means(
                scratch,
                Program.ofThisJvm(
                        System.getProperties(),
                        ManagementFactory.getRuntimeMXBean().getInputArguments()),
                IdSource.random(InstantSource.system()),
                System.getProperties(),
                settings);
    }

    /// Deletes what was made; that it cannot be deleted costs the result nothing.
    void clean(Bench.Means means, Screen screen) {
        try {
            means.folder().clean(keep);
            if (keep) {
                screen.say("the files are kept in " + means.folder().path());
            }
        } catch (IOException failed) {
            screen.say(
                    "note: %s could not be deleted: %s".formatted(means.folder().path(), failed));
        }
    }
}
