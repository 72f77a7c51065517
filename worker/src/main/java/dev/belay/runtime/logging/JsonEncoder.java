package dev.belay.runtime.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.time.Instant;

/// One JSON object a line: `time`, `level`, `logger`, `thread`, `message`, the job's context, and `exception` with
/// the stack trace.
final class JsonEncoder extends LineEncoder {
    @Override
    void append(StringBuilder lines, Instant time, ILoggingEvent event) {
        lines.append('{');
        member(lines, "time", time.toString());
        lines.append(',');
        member(lines, "level", event.getLevel().toString());
        lines.append(',');
        member(lines, "logger", event.getLoggerName());
        lines.append(',');
        member(lines, "thread", String.valueOf(event.getThreadName()));
        lines.append(',');
        member(lines, "message", String.valueOf(event.getFormattedMessage()));
        for (String name : LogContext.NAMES) {
            String value = event.getMDCPropertyMap().get(name);
            if (value != null) {
                lines.append(',');
                member(lines, name, value);
            }
        }
        if (event.getThrowableProxy() != null) {
            var stack = new StringBuilder();
            StackText.append(stack, event.getThrowableProxy());
            lines.append(',');
            member(lines, "exception", stack.toString());
        }
        lines.append("}\n");
    }

    private static void member(StringBuilder lines, String name, String value) {
        LineText.appendQuoted(lines, name);
        lines.append(':');
        LineText.appendQuoted(lines, value);
    }
}
