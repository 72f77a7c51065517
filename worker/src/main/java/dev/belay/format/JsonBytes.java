package dev.belay.format;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The bytes of a JSON text one after the other, with the place of the next one: offset, line, column in bytes. Can go
/// back to a place.
final class JsonBytes implements Closeable {
    static final int END = -1;

    private final FileChannel channel;
    private final Pulse pulse;
    private final byte[] buffer = new byte[1 << 16];
    private long bufferStart;
    private int at;
    private int size;
    private long line = 1;
    private long lineStart;

    /// A place in the text.
    ///
    /// @param line      from 1
    /// @param lineStart the offset of the line's first byte
    record Spot(long offset, long line, long lineStart) {
        long column() {
            return offset - lineStart + 1;
        }
    }

    JsonBytes(Path file, Pulse pulse) throws IOException {
        this.channel = FileChannel.open(file, StandardOpenOption.READ);
        this.pulse = pulse;
    }

    /// The next byte without taking it, or [#END].
    int peek() throws IOException {
        if (at == size && !fill()) {
            return END;
        }
        return buffer[at] & 0xff;
    }

    /// Takes the next byte.
    int next() throws IOException {
        int next = peek();
        if (next == END) {
            return END;
        }
        at++;
        if (next == '\n') {
            line++;
            lineStart = offset();
        }
        return next;
    }

    /// The next byte that is no blank, without taking it.
    int peekPastBlanks() throws IOException {
        for (int next = peek(); ; next = peek()) {
            if (next != ' ' && next != '\n' && next != '\r' && next != '\t') {
                return next;
            }
            next();
        }
    }

    /// Goes to the beginning of the next line.
    void skipLine() throws IOException {
        for (int next = next(); next != '\n' && next != END; ) {
            next = next();
        }
    }

    Spot spot() {
        return new Spot(offset(), line, lineStart);
    }

    long line() {
        return line;
    }

    void goTo(Spot spot) {
        bufferStart = spot.offset();
        at = 0;
        size = 0;
        line = spot.line();
        lineStart = spot.lineStart();
    }

    /// The bytes from a place on, at most so many, without moving.
    byte[] excerpt(long from, int most) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(most);
        while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) > 0) {
            // Until it is full or the file ends.
        }
        return java.util.Arrays.copyOf(bytes.array(), bytes.position());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private long offset() {
        return bufferStart + at;
    }

    private boolean fill() throws IOException {
        bufferStart += size;
        at = 0;
        size = 0;
        pulse.at(bufferStart);
        int count = channel.read(ByteBuffer.wrap(buffer), bufferStart);
        size = Math.max(0, count);
        return size > 0;
    }
}
