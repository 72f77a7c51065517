package dev.belay.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// One record of a delimited file in the making: fields by their types, without an object for any.
final class Line {
    private static final int ROOM = 64 * 1024;

    private final OutputStream out;
    private byte[] bytes = new byte[ROOM];
    private int length;
    private boolean first = true;

    Line(OutputStream out) {
        this.out = out;
    }

    /// A field that is not there.
    Line nothing() {
        next();
        return this;
    }

    /// A whole number.
    Line number(long value) {
        next();
        digits(value, 1);
        return this;
    }

    /// A whole number of at least so many digits, zeros in front.
    Line padded(long value, int width) {
        next();
        digits(value, width);
        return this;
    }

    /// A decimal number: `unscaled` with `scale` digits behind the point.
    Line decimal(long unscaled, int scale) {
        next();
        if (unscaled < 0) {
            put('-');
        }
        long power = 1;
        for (int at = 0; at < scale; at++) {
            power *= 10;
        }
        long positive = Math.abs(unscaled);
        digits(positive / power, 1);
        put('.');
        digits(positive % power, scale);
        return this;
    }

    /// Text that needs no quotes.
    Line text(byte[] text) {
        next();
        put(text);
        return this;
    }

    /// Texts one after the other in quotes, their own doubled.
    Line quoted(byte[]... texts) {
        next();
        put('"');
        for (byte[] text : texts) {
            for (byte one : text) {
                if (one == '"') {
                    put('"');
                }
                put(one);
            }
        }
        put('"');
        return this;
    }

    /// A day of the year 2000 and later, `2000-01-01` being 0; all months have 28 days.
    Line day(int day) {
        next();
        dayOf(day);
        return this;
    }

    /// A second since 2000-01-01T00:00:00, by the same short months.
    Line second(long second) {
        next();
        dayOf((int) (second / 86_400));
        put('T');
        digits(second / 3_600 % 24, 2);
        put(':');
        digits(second / 60 % 60, 2);
        put(':');
        digits(second % 60, 2);
        return this;
    }

    /// Ends the record.
    void end() throws IOException {
        put('\n');
        out.write(bytes, 0, length);
        length = 0;
        first = true;
    }

    private void dayOf(int day) {
        digits(2000 + day / 336, 4);
        put('-');
        digits(1 + day / 28 % 12, 2);
        put('-');
        digits(1 + day % 28, 2);
    }

    private void next() {
        if (first) {
            first = false;
        } else {
            put(',');
        }
    }

    private void digits(long value, int width) {
        if (value < 0) {
            put('-');
        }
        put(Long.toString(Math.abs(value)).getBytes(StandardCharsets.US_ASCII), width);
    }

    private void put(byte[] text, int width) {
        for (int zeros = width - text.length; zeros > 0; zeros--) {
            put('0');
        }
        put(text);
    }

    private void put(byte[] text) {
        for (byte one : text) {
            put(one);
        }
    }

    private void put(int one) {
        if (length == bytes.length) {
            bytes = java.util.Arrays.copyOf(bytes, 2 * length);
        }
        bytes[length++] = (byte) one;
    }
}
