package dev.belay.tabular;

import java.nio.charset.Charset;

/// What must be known to cut bytes into records.
record TextFormat(String encoding, boolean byteOrderMark, char delimiter, boolean separatorLine) {
    Charset charset() {
        return Charset.forName(encoding);
    }

    /// How many bytes stand before the text.
    int markBytes() {
        return byteOrderMark ? "\uFEFF".getBytes(charset()).length : 0;
    }
}
