package dev.belay.format;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The texts that the cells of a workbook share, by number. They lie in two files beside the workbook, not on the heap,
/// however many there are: the texts, and where each ends.
final class SharedStrings implements Closeable {
    private static final ValueLayout.OfLong PLACE = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final Arena arena = Arena.ofShared();
    private final MemorySegment texts;
    private final MemorySegment ends;

    private SharedStrings(Path texts, Path ends) throws IOException {
        this.texts = mapped(texts);
        this.ends = mapped(ends);
    }

    /// Takes the texts in their order.
    static final class Collector implements Closeable {
        private final Path texts;
        private final Path ends;
        private final BufferedOutputStream bytes;
        private final DataOutputStream places;
        private long length;

        /// @param folder where the two files are made
        Collector(Path folder) throws IOException {
            this.texts = folder.resolve("strings");
            this.ends = folder.resolve("string-ends");
            this.bytes = new BufferedOutputStream(Files.newOutputStream(texts), 1 << 16);
            this.places = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(ends), 1 << 16));
        }

        void add(String text) throws IOException {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            bytes.write(utf8);
            length += utf8.length;
            places.writeLong(length);
        }

        /// How many bytes there are so far.
        long length() {
            return length;
        }

        SharedStrings strings() throws IOException {
            close();
            return new SharedStrings(texts, ends);
        }

        @Override
        public void close() throws IOException {
            bytes.close();
            places.close();
        }
    }

    long size() {
        return ends.byteSize() / Long.BYTES;
    }

    /// @param number from 0, below [#size()]
    String text(long number) {
        long from = number == 0 ? 0 : ends.get(PLACE, (number - 1) * Long.BYTES);
        long to = ends.get(PLACE, number * Long.BYTES);
        byte[] bytes = texts.asSlice(from, to - from).toArray(ValueLayout.JAVA_BYTE);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        arena.close();
    }

    private MemorySegment mapped(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.size() == 0
                    ? MemorySegment.NULL
                    : channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        }
    }
}
