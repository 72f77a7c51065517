package dev.belay.cli;

import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Place;
import dev.belay.runtime.RoomSettings;
import dev.belay.runtime.folder.Endpoint;
import dev.belay.runtime.settings.EffectiveSettings;
import dev.belay.runtime.settings.Origin;
import dev.belay.runtime.settings.Settings;
import dev.belay.runtime.settings.SettingsInputs;
import dev.belay.runtime.settings.SettingsReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options every command takes: where the data are and what is set otherwise.
final class GlobalOptions {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The data folder (default: ./belay-data, or the setting `data`).")
    private @Nullable Path data;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Settings file (default: ./belay.yaml if it is there).")
    private @Nullable Path config;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Set one setting; may be repeated. `belay config` lists them all.")
    private Map<String, String> set = new LinkedHashMap<>();

    @Option(names = "--debug", description = "Show stack traces and debug logs.")
    private boolean debug;

    /// Whether stack traces are wanted.
    boolean debug() {
        return debug;
    }

    /// What was set with `--set`, for a command that works on a place of its own.
    ///
    /// @param own what that command decides itself
    /// @throws JobFailure `SETTINGS_INVALID` when the place was chosen otherwise
    Map<String, String> setElsewhere(Set<String> own, String instead) throws JobFailure {
        if (data != null || config != null || set.keySet().stream().anyMatch(own::contains)) {
            throw JobFailure.configuration(
                    FailureCode.SETTINGS_INVALID,
                    "--data, --config and --set of %s are not for this command: %s"
                            .formatted(String.join(", ", new TreeSet<>(own)), instead));
        }
        return Map.copyOf(set);
    }

    /// The settings with their origins.
    ///
    /// @throws JobFailure `SETTINGS_INVALID` listing everything that is wrong
    EffectiveSettings effective() throws JobFailure {
        return effective(Map.of());
    }

    /// The settings, with another default for one of them.
    Settings settingsOr(String key, String value) throws JobFailure {
        EffectiveSettings effective = effective();
        boolean unset = effective.report().entries().stream()
                .anyMatch(entry -> entry.key().equals(key) && entry.origin() instanceof Origin.Default);
        return unset ? effective(Map.of(key, value)).settings() : effective.settings();
    }

    private EffectiveSettings effective(Map<String, String> more) throws JobFailure {
        var flags = new HashMap<>(more);
        flags.putAll(set);
        if (data != null) {
            flags.put("data", data.toString());
        }
        if (debug) {
            flags.put("log.level", "debug");
        }
        return SettingsReader.read(new SettingsInputs(Path.of(""), config, System.getenv(), flags));
    }

    /// The settings.
    Settings settings() throws JobFailure {
        return effective().settings();
    }

    /// Where Kafka is: what the settings say, else the broker of the `belay dev` or `belay run` that runs on
    /// the data folder.
    static Optional<String> bootstrapServers(Settings settings) {
        return settings.kafka()
                .bootstrapServers()
                .or(() ->
                        new RoomSettings(settings).folder().endpoint().living().map(Endpoint::bootstrapServers));
    }

    /// The same, for commands that cannot do without.
    ///
    /// @throws JobFailure `BROKER_UNREACHABLE` naming both ways out
    static String requiredBootstrapServers(Settings settings) throws JobFailure {
        return bootstrapServers(settings)
                .orElseThrow(() -> new JobFailure(new Failure.Configuration(
                        FailureCode.BROKER_UNREACHABLE,
                        "no Kafka is set and no `belay dev` runs on %s: start `belay dev` there, or set kafka.bootstrap.servers"
                                .formatted(settings.data()),
                        Place.NONE)));
    }
}
