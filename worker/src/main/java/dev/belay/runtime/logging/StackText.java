package dev.belay.runtime.logging;

import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;

/// A stack trace as lines that each begin with a tab, so that no message in it can look like a line of the log.
final class StackText {
    private static final int DEEPEST = 10;

    private StackText() {}

    /// Appends an exception, its frames and its causes.
    static void append(StringBuilder lines, IThrowableProxy thrown) {
        append(lines, thrown, "\t", 0);
    }

    private static void append(StringBuilder lines, IThrowableProxy thrown, String lead, int depth) {
        lines.append(lead).append(thrown.getClassName());
        if (thrown.getMessage() != null) {
            lines.append(": ");
            LineText.appendPlain(lines, thrown.getMessage());
        }
        lines.append('\n');
        if (thrown.isCyclic() || depth == DEEPEST) {
            return;
        }
        StackTraceElementProxy[] frames = thrown.getStackTraceElementProxyArray();
        int shown = frames.length - thrown.getCommonFrames();
        for (int at = 0; at < shown; at++) {
            lines.append("\t\t").append(frames[at].getSTEAsString()).append('\n');
        }
        if (thrown.getCommonFrames() > 0) {
            lines.append("\t\t... ").append(thrown.getCommonFrames()).append(" more\n");
        }
        for (IThrowableProxy suppressed : thrown.getSuppressed()) {
            append(lines, suppressed, "\tsuppressed: ", depth + 1);
        }
        if (thrown.getCause() != null) {
            append(lines, thrown.getCause(), "\tcaused by: ", depth + 1);
        }
    }
}
