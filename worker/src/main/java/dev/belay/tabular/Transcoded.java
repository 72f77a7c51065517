package dev.belay.tabular;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// Text of another encoding as UTF-8, in memory. A byte that is no text becomes one that UTF-8 does not have, so that
/// its record is rejected.
final class Transcoded {
    private static final byte NEVER_TEXT = (byte) 0xFF;

    private Transcoded() {}

    static TableBytes of(TableBytes bytes, TextFormat format) throws IOException {
        if (format.charset().equals(StandardCharsets.UTF_8) || format.charset().equals(StandardCharsets.US_ASCII)) {
            return bytes;
        }
        try (var in = new TableStream(bytes, format.markBytes())) {
            return TableBytes.of(utf8(ByteBuffer.wrap(in.readAllBytes()), format));
        }
    }

    private static byte[] utf8(ByteBuffer in, TextFormat format) {
        CharsetDecoder decoder = format.charset()
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        var out = new ByteArrayOutputStream(in.remaining() * 2);
        CharBuffer text = CharBuffer.allocate(1 << 16);
        while (true) {
            CoderResult result = decoder.decode(in, text, true);
            out.writeBytes(text.flip().toString().getBytes(StandardCharsets.UTF_8));
            text.clear();
            if (result.isError()) {
                out.write(NEVER_TEXT);
                in.position(in.position() + result.length());
                decoder.reset();
            } else if (result.isUnderflow()) {
                return out.toByteArray();
            }
        }
    }
}
