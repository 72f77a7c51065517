package dev.belay.format;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.deflate64.Deflate64CompressorInputStream;

/// The central directory of a zip archive (APPNOTE 6.3), read in full and distrusted: a name that is there twice, two
/// members that share bytes, or a member beyond the file make the archive one that readers understand differently, and
/// it is refused. Names are only compared and shown, never made into paths.
final class ZipDirectory implements Closeable {
    private static final int END = 0x06054b50;
    private static final int END_64 = 0x06064b50;
    private static final int LOCATOR_64 = 0x07064b50;
    private static final int ENTRY = 0x02014b50;
    private static final int LOCAL = 0x04034b50;
    private static final long IN_EXTRA = 0xffff_ffffL;

    private final FileChannel channel;
    private final Pulse pulse;
    private final List<Member> members;

    /// @param header    where its local header starts
    /// @param packed    its bytes in the archive
    /// @param size      its bytes, as the archive says
    /// @param encrypted whether a password is needed
    record Member(String name, long header, long packed, long size, int method, long crc, boolean encrypted) {
        boolean isFolder() {
            return name.endsWith("/") || name.endsWith("\\");
        }
    }

    private ZipDirectory(FileChannel channel, Pulse pulse, List<Member> members) {
        this.channel = channel;
        this.pulse = pulse;
        this.members = members;
    }

    static ZipDirectory open(Path file, FormatLimits limits, Pulse pulse) throws JobFailure, IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            List<Member> members = directory(channel, limits);
            refuseDeception(channel, members);
            return new ZipDirectory(channel, pulse, members);
        } catch (JobFailure | IOException | RuntimeException failed) {
            channel.close();
            throw failed;
        }
    }

    /// All members that are no folders, in the order of the directory.
    List<Member> files() {
        return members.stream().filter(member -> !member.isFolder()).toList();
    }

    Optional<Member> file(String name) {
        return members.stream().filter(member -> member.name().equals(name)).findFirst();
    }

    /// The bytes of a member, unpacked; that they are those the directory speaks of is proven at their end.
    InputStream open(Member member) throws JobFailure, IOException {
        if (member.encrypted()) {
            throw JobFailure.permanent(
                    FailureCode.ARCHIVE_ENCRYPTED,
                    "%s is encrypted in the zip archive".formatted(Quoted.of(member.name())));
        }
        Source packed = Source.over(
                new BufferedInputStream(new Slice(channel, dataStart(channel, member), member.packed()), 1 << 16),
                pulse);
        InputStream unpacked = switch (member.method()) {
            case 0 -> packed;
            case 8 -> new InflaterInputStream(packed, new Inflater(true), 1 << 16);
            case 9 -> new Deflate64CompressorInputStream(packed);
            case 12 -> new BZip2CompressorInputStream(packed);
            case 93 -> Compression.ZSTD.open(packed);
            case 95 -> Compression.XZ.open(packed);
            default ->
                throw JobFailure.permanent(
                        FailureCode.ARCHIVE_UNSUPPORTED,
                        "%s is packed by method %d of the zip format, which is not read here"
                                .formatted(Quoted.of(member.name()), member.method()));
        };
        return new ProvenStream(unpacked, member.size(), member.crc());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static List<Member> directory(FileChannel channel, FormatLimits limits) throws JobFailure, IOException {
        long size = channel.size();
        int tailLength = (int) Math.min(size, 22 + 65_535 + 20);
        ByteBuffer tail = read(channel, size - tailLength, tailLength);
        int end = -1;
        for (int at = tailLength - 22; at >= 0 && end < 0; at--) {
            if (tail.getInt(at) == END && at + 22 + Short.toUnsignedInt(tail.getShort(at + 20)) <= tailLength) {
                end = at;
            }
        }
        if (end < 0) {
            throw corrupt("its directory is missing: it is cut off");
        }
        long from = Integer.toUnsignedLong(tail.getInt(end + 16));
        long length = Integer.toUnsignedLong(tail.getInt(end + 12));
        long endAt = size - tailLength + end;
        if (from == IN_EXTRA || length == IN_EXTRA || tail.getShort(end + 10) == -1) {
            ByteBuffer end64 = end64(channel, tail, end);
            length = end64.getLong(40);
            from = end64.getLong(48);
        }
        if (from < 0 || length < 0 || from > endAt || length > endAt - from) {
            throw corrupt("its directory lies outside the file");
        }
        return entries(channel, from, from + length, limits);
    }

    private static ByteBuffer end64(FileChannel channel, ByteBuffer tail, int end) throws JobFailure, IOException {
        if (end < 20 || tail.getInt(end - 20) != LOCATOR_64) {
            throw corrupt("the place of its large directory is missing");
        }
        long at = tail.getLong(end - 12);
        if (at < 0 || at > channel.size() - 56) {
            throw corrupt("its large directory lies outside the file");
        }
        ByteBuffer found = read(channel, at, 56);
        if (found.getInt(0) != END_64) {
            throw corrupt("its large directory is missing");
        }
        return found;
    }

    private static List<Member> entries(FileChannel channel, long from, long to, FormatLimits limits)
            throws JobFailure, IOException {
        List<Member> members = new ArrayList<>();
        long at = from;
        while (at < to) {
            if (to - at < 46) {
                throw corrupt("its directory breaks off");
            }
            ByteBuffer fixed = read(channel, at, 46);
            int name = Short.toUnsignedInt(fixed.getShort(28));
            int extra = Short.toUnsignedInt(fixed.getShort(30));
            int comment = Short.toUnsignedInt(fixed.getShort(32));
            if (fixed.getInt(0) != ENTRY || to - at < 46L + name + extra + comment) {
                throw corrupt("entry %d of its directory makes no sense".formatted(members.size() + 1));
            }
            if (members.size() == limits.entries()) {
                throw JobFailure.permanent(
                        FailureCode.ARCHIVE_TOO_MANY_ENTRIES,
                        "the zip archive has more than limits.archiveEntries (%,d) files".formatted(limits.entries()));
            }
            members.add(member(fixed, read(channel, at + 46, name + extra), name));
            at += 46L + name + extra + comment;
        }
        return members;
    }

    private static Member member(ByteBuffer fixed, ByteBuffer texts, int nameLength) {
        int flags = fixed.getShort(8);
        int method = Short.toUnsignedInt(fixed.getShort(10));
        long packed = Integer.toUnsignedLong(fixed.getInt(20));
        long size = Integer.toUnsignedLong(fixed.getInt(24));
        long header = Integer.toUnsignedLong(fixed.getInt(42));
        // The zip64 field holds those of the three, in this order, that did not fit.
        int large = largeField(texts, nameLength);
        if (size == IN_EXTRA && large >= 0 && large + 8 <= texts.limit()) {
            size = texts.getLong(large);
            large += 8;
        }
        if (packed == IN_EXTRA && large >= 0 && large + 8 <= texts.limit()) {
            packed = texts.getLong(large);
            large += 8;
        }
        if (header == IN_EXTRA && large >= 0 && large + 8 <= texts.limit()) {
            header = texts.getLong(large);
        }
        byte[] name = new byte[nameLength];
        texts.get(0, name);
        boolean encrypted = (flags & 1) != 0 || (flags & 1 << 13) != 0 || method == 99;
        return new Member(
                text(name), header, packed, size, method, Integer.toUnsignedLong(fixed.getInt(16)), encrypted);
    }

    private static int largeField(ByteBuffer texts, int from) {
        int at = from;
        while (at + 4 <= texts.limit()) {
            if (texts.getShort(at) == 1) {
                return at + 4;
            }
            at += 4 + Short.toUnsignedInt(texts.getShort(at + 2));
        }
        return -1;
    }

    private static String text(byte[] name) {
        Charset charset = Utf8Scan.isValid(name) ? StandardCharsets.UTF_8 : Charset.forName("IBM437");
        return new String(name, charset);
    }

    private static void refuseDeception(FileChannel channel, List<Member> members) throws JobFailure, IOException {
        Set<String> names = new HashSet<>();
        for (Member member : members) {
            if (!names.add(member.name())) {
                throw unsafe("it has two files of the name %s".formatted(Quoted.of(member.name())));
            }
        }
        List<Member> inOrder = members.stream()
                .sorted(Comparator.comparingLong(Member::header))
                .toList();
        long end = 0;
        for (Member member : inOrder) {
            if (member.header() < end) {
                throw unsafe("%s shares bytes with another file".formatted(Quoted.of(member.name())));
            }
            long start = dataStart(channel, member);
            if (member.packed() < 0 || member.packed() > channel.size() - start) {
                throw corrupt("%s lies outside the file".formatted(Quoted.of(member.name())));
            }
            end = start + member.packed();
        }
    }

    private static long dataStart(FileChannel channel, Member member) throws JobFailure, IOException {
        if (member.header() < 0 || member.header() > channel.size() - 30) {
            throw corrupt("%s lies outside the file".formatted(Quoted.of(member.name())));
        }
        ByteBuffer local = read(channel, member.header(), 30);
        if (local.getInt(0) != LOCAL) {
            throw corrupt("%s is not where the directory says".formatted(Quoted.of(member.name())));
        }
        return member.header() + 30 + Short.toUnsignedInt(local.getShort(26)) + Short.toUnsignedInt(local.getShort(28));
    }

    private static ByteBuffer read(FileChannel channel, long at, int length) throws JobFailure, IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, at + bytes.position()) < 0) {
                throw corrupt("it is cut off");
            }
        }
        return bytes.flip();
    }

    private static JobFailure corrupt(String why) {
        return JobFailure.permanent(FailureCode.ARCHIVE_CORRUPT, "the zip archive cannot be read: " + why);
    }

    private static JobFailure unsafe(String why) {
        return JobFailure.permanent(FailureCode.ARCHIVE_UNSAFE, "the zip archive is refused: " + why);
    }

    /// A part of the file.
    private static final class Slice extends InputStream {
        private final FileChannel channel;
        private final long end;
        private long at;

        Slice(FileChannel channel, long from, long length) {
            this.channel = channel;
            this.at = from;
            this.end = from + length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int from, int length) throws IOException {
            if (at >= end) {
                return -1;
            }
            int count = channel.read(ByteBuffer.wrap(target, from, (int) Math.min(length, end - at)), at);
            at += Math.max(0, count);
            return count;
        }
    }
}
