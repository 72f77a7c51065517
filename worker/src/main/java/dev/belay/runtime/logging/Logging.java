package dev.belay.runtime.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.status.NopStatusListener;
import ch.qos.logback.core.util.Duration;
import ch.qos.logback.core.util.FileSize;
import dev.belay.runtime.settings.Settings.LogFormat;
import dev.belay.runtime.settings.Settings.LogLevel;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sets the log up in code. Until [#apply] is called warnings go to standard error as text, see [LogStart].
public final class Logging {
    private static final FileSize LARGEST_FILE = new FileSize(10L * FileSize.MB_COEFFICIENT);
    private static final int OLD_FILES = 4;

    /// Belay says itself, once, what these repeat with every try, or what nobody needs to know.
    private static final Map<String, Level> OTHERS = Map.of(
            "org.apache.kafka",
            Level.WARN,
            "org.apache.kafka.clients.NetworkClient",
            Level.OFF,
            "org.apache.kafka.clients.admin.internals.AdminMetadataManager",
            Level.OFF,
            "org.apache.kafka.clients.consumer.ConsumerConfig",
            Level.OFF,
            "org.apache.kafka.clients.producer.ProducerConfig",
            Level.OFF,
            "org.apache.kafka.clients.admin.AdminClientConfig",
            Level.OFF,
            "org.apache.kafka.common.utils.AppInfoParser",
            Level.OFF,
            "com.zaxxer.hikari",
            Level.OFF,
            "io.github.resilience4j",
            Level.WARN);

    private Logging() {}

    /// Replaces what was set up before. To be called once, when the settings are known.
    ///
    /// Does nothing when SLF4J is bound to something else than Logback, as when Belay runs within another
    /// program.
    public static void apply(LogPlan plan) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.reset();
            configure(context, plan);
        }
    }

    static void configure(LoggerContext context, LogPlan plan) {
        // Logback would print its own troubles to standard output.
        context.getStatusManager().add(new NopStatusListener());
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(level(plan.console()));
        var console = console(context, plan);
        root.addAppender(console);
        Path file = plan.file();
        if (file != null) {
            var finest = plan.fileLevel().compareTo(plan.console()) > 0 ? plan.fileLevel() : plan.console();
            root.setLevel(level(finest));
            limit(console, plan.console());
            var appender = file(context, plan.format(), file);
            limit(appender, plan.fileLevel());
            root.addAppender(appender);
        }
        OTHERS.forEach((name, level) -> context.getLogger(name).setLevel(level));
    }

    private static OutputStreamAppender<ILoggingEvent> console(LoggerContext context, LogPlan plan) {
        var console = new ConsoleAppender<ILoggingEvent>();
        console.setTarget("System.err");
        start(context, console, "console", encoder(plan.format(), "HH:mm:ss.SSS"));
        return console;
    }

    private static OutputStreamAppender<ILoggingEvent> file(LoggerContext context, LogFormat format, Path file) {
        var appender = new RollingFileAppender<ILoggingEvent>();
        appender.setFile(file.toString());
        var rolling = new NumberedFiles(file, OLD_FILES);
        rolling.setContext(context);
        rolling.start();
        var trigger = new SizeBasedTriggeringPolicy<ILoggingEvent>();
        trigger.setContext(context);
        trigger.setMaxFileSize(LARGEST_FILE);
        trigger.setCheckIncrement(Duration.buildBySeconds(1));
        trigger.start();
        appender.setRollingPolicy(rolling);
        appender.setTriggeringPolicy(trigger);
        start(context, appender, "file", encoder(format, "yyyy-MM-dd HH:mm:ss.SSS"));
        return appender;
    }

    private static void start(
            LoggerContext context, OutputStreamAppender<ILoggingEvent> appender, String name, LineEncoder encoder) {
        encoder.setContext(context);
        encoder.start();
        appender.setContext(context);
        appender.setName(name);
        appender.setEncoder(encoder);
        appender.start();
    }

    private static void limit(OutputStreamAppender<ILoggingEvent> appender, LogLevel least) {
        var filter = new ThresholdFilter();
        filter.setLevel(least.name());
        filter.start();
        appender.addFilter(filter);
    }

    private static LineEncoder encoder(LogFormat format, String time) {
        return switch (format) {
            case TEXT -> new TextEncoder(time, ZoneId.systemDefault());
            case JSON -> new JsonEncoder();
        };
    }

    private static Level level(LogLevel level) {
        return switch (level) {
            case ERROR -> Level.ERROR;
            case WARN -> Level.WARN;
            case INFO -> Level.INFO;
            case DEBUG -> Level.DEBUG;
            case TRACE -> Level.TRACE;
        };
    }
}
