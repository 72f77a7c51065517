package dev.belay.runtime.logging;

import dev.belay.runtime.settings.Settings;
import dev.belay.runtime.settings.Settings.LogFormat;
import dev.belay.runtime.settings.Settings.LogLevel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What is logged, how, and where to.
///
/// @param console the least level that goes to standard error
/// @param file    where everything from `fileLevel` on goes too; null for no file
public record LogPlan(
        LogLevel console, LogFormat format, @Nullable Path file, LogLevel fileLevel) {
    /// For commands: warnings, on standard error.
    public static LogPlan command(Settings.Log log) {
        return new LogPlan(LogLevel.WARN, log.format(), null, LogLevel.WARN);
    }

    /// For `belay worker`: what the settings say, on standard error.
    public static LogPlan worker(Settings.Log log) {
        return new LogPlan(log.level(), log.format(), null, log.level());
    }

    /// For `belay dev`: what the settings say, on standard error and in a file.
    public static LogPlan dev(Settings.Log log, Path file) {
        return new LogPlan(log.level(), log.format(), file, log.level());
    }

    /// For `belay run`, whose progress is on the terminal: warnings there, what the settings say in a file.
    public static LogPlan run(Settings.Log log, Path file) {
        return new LogPlan(LogLevel.WARN, log.format(), file, log.level());
    }
}
