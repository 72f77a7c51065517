package dev.belay.format;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A compound file ([MS-CFB]): streams in one file, each a chain of sectors. Every chain is bounded by the size of the
/// file, so one that goes in a circle is found out.
final class OleFile implements Closeable {
    private static final int HEADER = 512;
    private static final int IN_HEADER = 109;
    private static final int LAST = 0xffff_fffa;
    private static final int ENTRY = 128;
    private static final int MOST_ENTRIES = 100_000;
    private static final long SMALL = 4096;

    private final FileChannel channel;
    private final int sectorBytes;
    private final int[] next;
    private final int[] nextSmall;
    private final int[] small;
    private final Map<String, Entry> entries = new HashMap<>();

    private record Entry(int start, long size) {}

    private OleFile(FileChannel channel) throws JobFailure, IOException {
        this.channel = channel;
        ByteBuffer header = read(0, HEADER);
        int shift = header.getShort(30);
        if (shift != 9 && shift != 12) {
            throw corrupt("its sectors have no known size");
        }
        sectorBytes = 1 << shift;
        next = table(header);
        entries(chain(header.getInt(48), next));
        Entry root = entries.getOrDefault("Root Entry", new Entry(LAST, 0));
        small = chain(root.start(), next);
        nextSmall = links(chain(header.getInt(60), next));
    }

    static OleFile open(Path file) throws JobFailure, IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            if (channel.size() > 1L << 31) {
                throw corrupt("it is larger than such a file can be");
            }
            return new OleFile(channel);
        } catch (JobFailure | IOException | RuntimeException failed) {
            channel.close();
            throw failed;
        }
    }

    Set<String> names() {
        return Set.copyOf(entries.keySet());
    }

    /// The bytes of a stream at any place.
    Optional<Stream> stream(String name) throws JobFailure {
        Entry entry = entries.get(name);
        if (entry == null) {
            return Optional.empty();
        }
        if (entry.size() > Integer.MAX_VALUE || entry.size() < 0) {
            throw corrupt("the stream %s has no possible size".formatted(Quoted.of(name)));
        }
        boolean isSmall = entry.size() < SMALL;
        int unit = isSmall ? 64 : sectorBytes;
        int[] units = entry.size() == 0 ? new int[0] : chain(entry.start(), isSmall ? nextSmall : next);
        if ((long) units.length * unit < entry.size()) {
            throw corrupt("the stream %s breaks off".formatted(Quoted.of(name)));
        }
        return Optional.of(new Stream(units, unit, isSmall, (int) entry.size()));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /// One stream of the file.
    final class Stream {
        private final int[] units;
        private final int unit;
        private final boolean isSmall;
        private final int size;

        private Stream(int[] units, int unit, boolean isSmall, int size) {
            this.units = units;
            this.unit = unit;
            this.isSmall = isSmall;
            this.size = size;
        }

        int size() {
            return size;
        }

        /// Fills the target from a place on.
        ///
        /// @return how many bytes there were
        int read(int position, byte[] target) throws JobFailure, IOException {
            int count = Math.min(target.length, size - position);
            for (int done = 0; done < count; ) {
                int at = position + done;
                int within = at % unit;
                int length = Math.min(unit - within, count - done);
                long place = isSmall ? smallPlace(units[at / unit]) : place(units[at / unit]);
                ByteBuffer bytes = ByteBuffer.wrap(target, done, length);
                while (bytes.hasRemaining()) {
                    if (channel.read(bytes, place + within + bytes.position() - done) < 0) {
                        throw corrupt("it is cut off");
                    }
                }
                done += length;
            }
            return Math.max(0, count);
        }
    }

    private long place(int sector) {
        return (sector + 1L) * sectorBytes;
    }

    private long smallPlace(int number) throws JobFailure {
        int sector = (int) (number * 64L / sectorBytes);
        if (sector < 0 || sector >= small.length) {
            throw corrupt("a small stream lies outside the file");
        }
        return place(small[sector]) + number * 64L % sectorBytes;
    }

    /// The table of sectors that follow one another; its own sectors are listed in the header and in a chain of lists.
    private int[] table(ByteBuffer header) throws JobFailure, IOException {
        int count = header.getInt(44);
        long most = channel.size() / sectorBytes + 1;
        if (count < 0 || count > most) {
            throw corrupt("its table has %d sectors".formatted(count));
        }
        int[] sectors = new int[count];
        int known = Math.min(count, IN_HEADER);
        for (int at = 0; at < known; at++) {
            sectors[at] = header.getInt(76 + 4 * at);
        }
        int list = header.getInt(68);
        int perList = sectorBytes / 4 - 1;
        for (int lists = 0; known < count; lists++) {
            if (lists > most) {
                throw corrupt("its lists of sectors go in a circle");
            }
            ByteBuffer more = read(place(list), sectorBytes);
            for (int at = 0; at < perList && known < count; at++) {
                sectors[known++] = more.getInt(4 * at);
            }
            list = more.getInt(4 * perList);
        }
        return links(sectors);
    }

    private int[] links(int[] sectors) throws JobFailure, IOException {
        int[] links = new int[sectors.length * (sectorBytes / 4)];
        int at = 0;
        for (int sector : sectors) {
            ByteBuffer part = read(place(sector), sectorBytes);
            while (part.hasRemaining()) {
                links[at++] = part.getInt();
            }
        }
        return links;
    }

    private static int[] chain(int start, int[] links) throws JobFailure {
        int[] chain = new int[16];
        int length = 0;
        for (int at = start; Integer.compareUnsigned(at, LAST) < 0; at = links[at]) {
            if (at >= links.length || at < 0 || length > links.length) {
                throw corrupt("a chain of its sectors leads nowhere");
            }
            if (length == chain.length) {
                chain = Arrays.copyOf(chain, 2 * length);
            }
            chain[length++] = at;
        }
        return Arrays.copyOf(chain, length);
    }

    private void entries(int[] sectors) throws JobFailure, IOException {
        for (int sector : sectors) {
            ByteBuffer part = read(place(sector), sectorBytes);
            for (int from = 0; from + ENTRY <= sectorBytes && entries.size() < MOST_ENTRIES; from += ENTRY) {
                int nameBytes = Math.clamp(part.getShort(from + 64) - 2, 0, 62);
                byte[] name = new byte[nameBytes];
                part.get(from, name);
                if (part.get(from + 66) != 0) {
                    entries.putIfAbsent(
                            new String(name, StandardCharsets.UTF_16LE),
                            new Entry(part.getInt(from + 116), Integer.toUnsignedLong(part.getInt(from + 120))));
                }
            }
        }
    }

    private ByteBuffer read(long at, int length) throws JobFailure, IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (at < 0 || channel.read(bytes, at + bytes.position()) < 0) {
                throw corrupt("it is cut off");
            }
        }
        return bytes.flip();
    }

    static JobFailure corrupt(String why) {
        return JobFailure.permanent(FailureCode.WORKBOOK_CORRUPT, "the old Excel file cannot be read: " + why);
    }
}
