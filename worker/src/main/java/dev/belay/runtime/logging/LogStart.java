package dev.belay.runtime.logging;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;
import dev.belay.runtime.settings.Settings;
import dev.belay.runtime.settings.Settings.LogFormat;
import dev.belay.runtime.settings.Settings.LogLevel;

/// What Logback calls when the first logger is made, instead of looking for XML files and parsing them.
///
/// It steps back where someone has named a configuration file, as the embedded broker's process does, and where
/// `logback-test.xml` is on the class path. Logback makes it by its name in `META-INF/services`.
public final class LogStart extends ContextAwareBase implements Configurator {
    /// Called by Logback.
    public LogStart() {}

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (System.getProperty("logback.configurationFile") != null
                || LogStart.class.getResource("/logback-test.xml") != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        Logging.configure(context, LogPlan.command(new Settings.Log(LogLevel.WARN, LogFormat.TEXT)));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
