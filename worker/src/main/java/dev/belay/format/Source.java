package dev.belay.format;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file that is read from its first byte to its last. Trouble with the file itself comes out as [Trouble], so that
/// whoever decodes its bytes can tell it from bytes that make no sense.
final class Source extends FilterInputStream {
    private final Pulse pulse;
    private long bytes;

    /// The file cannot be read, or the work was ended; the cause says why.
    static final class Trouble extends IOException {
        private final IOException reason;

        Trouble(IOException reason) {
            super(reason);
            this.reason = reason;
        }

        IOException reason() {
            return reason;
        }
    }

    private Source(InputStream in, Pulse pulse) {
        super(in);
        this.pulse = pulse;
    }

    static Source open(Path file, Pulse pulse) throws IOException {
        return new Source(Files.newInputStream(file), pulse);
    }

    static Source over(InputStream in, Pulse pulse) {
        return new Source(in, pulse);
    }

    /// How many bytes were read.
    long bytes() {
        return bytes;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        try {
            pulse.at(bytes);
            int count = in.read(target, from, length);
            bytes += Math.max(0, count);
            return count;
        } catch (IOException failed) {
            throw new Trouble(failed);
        }
    }

    @Override
    public long skip(long count) throws IOException {
        try {
            pulse.at(bytes);
            long skipped = in.skip(count);
            bytes += skipped;
            return skipped;
        } catch (IOException failed) {
            throw new Trouble(failed);
        }
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
