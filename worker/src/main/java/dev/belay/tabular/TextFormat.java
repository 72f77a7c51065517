package dev.belay.tabular;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/// What must be known to cut bytes into records.
record TextFormat(String encoding, boolean byteOrderMark, char delimiter, boolean separatorLine) {
    Charset charset() {
        return Charset.forName(encoding);
    }

    /// How many bytes stand before the text.
    int markBytes() {
        return byteOrderMark ? "\uFEFF".getBytes(charset()).length : 0;
    }

    /// The same text as UTF-8 without a mark.
    TextFormat asUtf8() {
        return new TextFormat("UTF-8", false, delimiter, separatorLine);
    }

    /// What stands between fields.
    byte[] delimiterBytes() {
        return Character.toString(delimiter).getBytes(StandardCharsets.UTF_8);
    }
}
