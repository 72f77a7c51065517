package dev.belay.runtime.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// Turns an event of the log into bytes: one line, and with a stack trace further ones that begin with a tab.
abstract sealed class LineEncoder extends EncoderBase<ILoggingEvent> permits TextEncoder, JsonEncoder {
    private static final byte[] NOTHING = {};

    /// Appends all of an event, its last line ended.
    abstract void append(StringBuilder lines, Instant time, ILoggingEvent event);

    @Override
    public final byte[] encode(ILoggingEvent event) {
        var lines = new StringBuilder(160);
        append(
                lines,
                event.getInstant() == null ? Instant.ofEpochMilli(event.getTimeStamp()) : event.getInstant(),
                event);
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public final byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public final byte[] footerBytes() {
        return NOTHING;
    }
}
