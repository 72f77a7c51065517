package dev.belay.tabular;

import dev.belay.job.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.util.HexFormat;

/// Decodes a stream and stops at the first byte that is not text in its encoding, knowing which byte that is.
///
/// All characters before the bad byte are handed out first. Nothing is ever replaced.
final class StrictText extends Reader {
    private static final int BUFFER_BYTES = 1 << 16;

    private final InputStream bytes;
    private final CharsetDecoder decoder;
    private final Progress progress;
    private final int markBytes;
    private final ByteBuffer pending = ByteBuffer.allocate(BUFFER_BYTES).flip();
    private long offsetOfPending;
    private long bytesRead;
    private boolean ended;
    private boolean flushed;

    /// Bytes that are no text.
    static final class Undecodable extends IOException {
        private final long offset;
        private final String hex;

        private Undecodable(long offset, String hex) {
            super("byte " + offset + ": " + hex);
            this.offset = offset;
            this.hex = hex;
        }

        /// The offset of the first bad byte in the file, from 0.
        long offset() {
            return offset;
        }

        /// The bad bytes, in hexadecimal.
        String hex() {
            return hex;
        }
    }

    /// @param bytes    a fresh stream, from here on closed by this reader
    /// @param progress hears the bytes read so far
    StrictText(InputStream bytes, TextFormat format, Progress progress) {
        this.bytes = bytes;
        this.progress = progress;
        this.decoder = format.charset()
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        this.markBytes = format.markBytes();
    }

    /// @param length at least 2, so that a character outside the basic plane has room
    /// @throws Undecodable at the first byte that is no text
    @Override
    public int read(char[] target, int from, int length) throws IOException {
        if (length < 2) {
            throw new IllegalArgumentException("a read needs room for 2 characters, not " + length);
        }
        if (flushed) {
            return -1;
        }
        CharBuffer out = CharBuffer.wrap(target, from, length);
        while (true) {
            CoderResult result = decoder.decode(pending, out, ended);
            if (out.position() > from) {
                return out.position() - from;
            }
            if (result.isError()) {
                throw undecodable(result.length());
            }
            if (ended) {
                decoder.flush(out);
                flushed = true;
                return out.position() > from ? out.position() - from : -1;
            }
            refill();
        }
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }

    private Undecodable undecodable(int length) {
        byte[] bad = new byte[length];
        pending.get(pending.position(), bad);
        return new Undecodable(
                offsetOfPending + pending.position(),
                HexFormat.ofDelimiter(" ").withUpperCase().formatHex(bad));
    }

    private void refill() throws IOException {
        if (bytesRead == 0) {
            bytes.skipNBytes(markBytes);
            bytesRead = markBytes;
            offsetOfPending = markBytes;
        }
        offsetOfPending += pending.position();
        pending.compact();
        int count = bytes.read(pending.array(), pending.position(), pending.remaining());
        if (count < 0) {
            ended = true;
        } else {
            pending.position(pending.position() + count);
            bytesRead += count;
            progress.at(bytesRead, -1);
        }
        pending.flip();
    }
}
