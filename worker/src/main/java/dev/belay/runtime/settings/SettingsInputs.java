package dev.belay.runtime.settings;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Everything that settings are read from.
///
/// @param workingFolder what relative folders start from, and where `belay.yaml` is looked for
/// @param configFile    the file that `--config` names, which must exist
/// @param environment   all environment variables
/// @param flags         `--set key=value` and flags that stand for a key, such as `--data`
public record SettingsInputs(
        Path workingFolder, @Nullable Path configFile, Map<String, String> environment, Map<String, String> flags) {
    /// Copies the maps.
    public SettingsInputs {
        workingFolder = workingFolder.toAbsolutePath().normalize();
        environment = Map.copyOf(environment);
        flags = Map.copyOf(flags);
    }
}
