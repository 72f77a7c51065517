package dev.belay.runtime.logging;

import dev.belay.runtime.settings.Settings;
import dev.belay.runtime.settings.Settings.LogFormat;
import dev.belay.runtime.settings.Settings.LogLevel;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A process that logs before and after its log is set up, to a file that cannot be written too.
final class LogProbe {
    private LogProbe() {}

    public static void main(String[] arguments) {
        Logger log = LoggerFactory.getLogger(LogProbe.class);
        log.warn("before");
        log.info("hidden");
        Path unwritable = Path.of(arguments[0]).resolve("belay.log");
        Logging.apply(LogPlan.dev(new Settings.Log(LogLevel.INFO, LogFormat.JSON), unwritable));
        log.info("after");
        log.debug("hidden");
    }
}
