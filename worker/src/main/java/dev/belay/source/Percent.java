package dev.belay.source;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/// Percent-encoding, RFC 3986 §2.1.
final class Percent {
    private Percent() {}

    /// @return `text` with its escapes replaced (`+` stays); empty when one is broken or the bytes are not UTF-8
    static Optional<String> decoded(String text) {
        var bytes = new ByteArrayOutputStream();
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < encoded.length; at++) {
            if (encoded[at] != '%') {
                bytes.write(encoded[at]);
                continue;
            }
            if (at + 2 >= encoded.length
                    || !HexFormat.isHexDigit(encoded[at + 1])
                    || !HexFormat.isHexDigit(encoded[at + 2])) {
                return Optional.empty();
            }
            bytes.write(HexFormat.fromHexDigit(encoded[at + 1]) << 4 | HexFormat.fromHexDigit(encoded[at + 2]));
            at += 2;
        }
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString());
        } catch (CharacterCodingException notText) {
            return Optional.empty();
        }
    }
}
