package dev.belay.datastore;

import dev.belay.job.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/// The digest of [Staged]: the same over the same rows in every store.
///
/// SHA-256 over every value, row by row in the order of the source: four bytes of length (-1 for null), then the
/// storage form: 8 bytes big-endian for integers and IEEE 754 doubles, UTF-8 for texts. Rows that a later row of the
/// same key replaced are part of it. The number of columns and rows is not: the manifest says it.
final class RowDigest {
    private final MessageDigest engine = Sha256.engine();
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 15);

    void add(@Nullable Object value) {
        switch (value) {
            case null -> room(4).putInt(-1);
            case Long number -> room(12).putInt(8).putLong(number);
            case Double number -> room(12).putInt(8).putDouble(number);
            case String text -> addText(text.getBytes(StandardCharsets.UTF_8));
            default -> throw new IllegalArgumentException("not a storage form: " + value.getClass());
        }
    }

    Sha256 finish() {
        flush();
        return Sha256.finish(engine);
    }

    private void addText(byte[] bytes) {
        room(4).putInt(bytes.length);
        if (bytes.length > buffer.capacity() / 2) {
            flush();
            engine.update(bytes);
        } else {
            room(bytes.length).put(bytes);
        }
    }

    private ByteBuffer room(int bytes) {
        if (buffer.remaining() < bytes) {
            flush();
        }
        return buffer;
    }

    private void flush() {
        engine.update(buffer.flip());
        buffer.clear();
    }
}
