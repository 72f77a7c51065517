package dev.belay.format;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Writes a text once more as UTF-8, character by character, nothing else changed.
///
/// Bytes that are no text in its encoding are never replaced by U+FFFD: a byte that no UTF-8 has (FF) is written in
/// their place, so that the reader sets aside the record they stand in and no other.
final class Decoding {
    private static final int BUFFER = 1 << 16;
    private static final int NO_TEXT = 0xff;

    private final Encodings.Decision encoding;
    private final FormatLimits limits;
    private final ByteBuffer in = ByteBuffer.allocate(BUFFER).flip();
    private final CharBuffer text = CharBuffer.allocate(BUFFER);
    private final ByteBuffer out = ByteBuffer.allocate(BUFFER * 4);
    private long consumed;
    private long bad;
    private long firstBad = -1;

    Decoding(Encodings.Decision encoding, FormatLimits limits) {
        this.encoding = encoding;
        this.limits = limits;
    }

    /// @param source   the text in its encoding
    /// @param target   the file to be made; killed half-way there is a part of it
    void write(Path source, Path target, Pulse pulse) throws JobFailure, IOException {
        CharsetDecoder decoder = encoding.charset()
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharsetEncoder encoder = StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        long written = 0;
        try (InputStream bytes = Source.open(source, pulse);
                OutputStream file = Files.newOutputStream(target)) {
            bytes.skipNBytes(encoding.markBytes());
            consumed = encoding.markBytes();
            boolean ended = false;
            while (true) {
                int before = in.position();
                CoderResult result = decoder.decode(in, text, ended);
                consumed += in.position() - before;
                encode(encoder, text.flip());
                text.clear();
                if (result.isError()) {
                    pass(result.length());
                }
                written += flush(file);
                if (written > limits.unpackedBytes()) {
                    throw tooLarge();
                }
                if (result.isUnderflow()) {
                    if (ended) {
                        return;
                    }
                    ended = refill(bytes);
                }
            }
        }
    }

    /// How many places were no text.
    long bad() {
        return bad;
    }

    /// The offset of the first of them in the source, from 0.
    long firstBad() {
        return firstBad;
    }

    private void encode(CharsetEncoder encoder, CharBuffer characters) {
        while (characters.hasRemaining()) {
            CoderResult result = encoder.encode(characters, out, true);
            if (result.isError()) {
                // Half a surrogate pair, which only some decoders let pass.
                characters.position(characters.position() + result.length());
                note(consumed);
            }
        }
        encoder.reset();
    }

    private void pass(int malformed) {
        note(consumed);
        // Behind half a pair of UTF-16 the JDK counts the next character as malformed too; it may be a line end.
        int length = encoding.charset().name().startsWith("UTF-16") ? Math.min(malformed, 2) : malformed;
        in.position(in.position() + length);
        consumed += length;
    }

    private void note(long offset) {
        if (bad++ == 0) {
            firstBad = offset;
        }
        out.put((byte) NO_TEXT);
    }

    private long flush(OutputStream file) throws IOException {
        int length = out.position();
        file.write(out.array(), 0, length);
        out.clear();
        return length;
    }

    private boolean refill(InputStream bytes) throws IOException {
        in.compact();
        int count = bytes.read(in.array(), in.position(), in.remaining());
        in.position(in.position() + Math.max(0, count));
        in.flip();
        return count < 0;
    }

    private JobFailure tooLarge() {
        return JobFailure.permanent(
                FailureCode.DECOMPRESSION_LIMIT,
                "the text is larger than limits.unpackedBytes (%,d bytes) as UTF-8".formatted(limits.unpackedBytes()));
    }
}
