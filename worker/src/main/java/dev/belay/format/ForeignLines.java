package dev.belay.format;

import java.io.ByteArrayOutputStream;

/// Collects the lines of a text that have bytes outside ASCII, up to a bound: they alone say in which encoding it is.
final class ForeignLines {
    private static final int ENOUGH = 1 << 18;
    private static final int LONGEST_LINE = 1 << 13;

    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
    private final byte[] line = new byte[LONGEST_LINE];
    private int length;
    private boolean foreign;
    private long foreignBytes;

    void over(byte[] bytes, int count) {
        for (int at = 0; at < count; at++) {
            byte next = bytes[at];
            if (next < 0 || next == 0x1b) {
                foreign = true;
                foreignBytes++;
            }
            line[length++] = next;
            if (next == '\n' || length == line.length) {
                endLine();
            }
        }
    }

    byte[] lines() {
        endLine();
        return lines.toByteArray();
    }

    /// How many bytes of the whole text are not ASCII.
    long foreignBytes() {
        return foreignBytes;
    }

    private void endLine() {
        if (foreign && lines.size() + length <= ENOUGH) {
            lines.write(line, 0, length);
        }
        length = 0;
        foreign = false;
    }
}
