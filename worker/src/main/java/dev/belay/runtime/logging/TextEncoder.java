package dev.belay.runtime.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/// A line for people: `HH:mm:ss.SSS LEVEL logger message {job=… dataset=… operation=… attempt=…}`.
final class TextEncoder extends LineEncoder {
    private final DateTimeFormatter time;

    /// @param pattern of the time
    TextEncoder(String pattern, ZoneId zone) {
        time = DateTimeFormatter.ofPattern(pattern).withZone(zone);
    }

    @Override
    void append(StringBuilder lines, Instant instant, ILoggingEvent event) {
        time.formatTo(instant, lines);
        String level = event.getLevel().toString();
        lines.append(' ').append(level).append(" ".repeat(Math.max(1, 6 - level.length())));
        LineText.appendPlain(lines, shortened(event.getLoggerName()));
        lines.append(' ');
        LineText.appendPlain(lines, String.valueOf(event.getFormattedMessage()));
        appendContext(lines, event.getMDCPropertyMap());
        lines.append('\n');
        if (event.getThrowableProxy() != null) {
            StackText.append(lines, event.getThrowableProxy());
        }
    }

    private static void appendContext(StringBuilder lines, Map<String, String> context) {
        String separator = " {";
        for (String name : LogContext.NAMES) {
            String value = context.get(name);
            if (value != null) {
                lines.append(separator).append(name).append('=');
                LineText.appendPlain(lines, value);
                separator = " ";
            }
        }
        if (separator.equals(" ")) {
            lines.append('}');
        }
    }

    /// The class without its package.
    private static String shortened(String logger) {
        return logger.substring(logger.lastIndexOf('.') + 1);
    }
}
