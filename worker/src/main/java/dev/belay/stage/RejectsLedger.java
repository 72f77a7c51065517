package dev.belay.stage;

import dev.belay.disk.DurableFiles;
import dev.belay.disk.StorageFailures;
import dev.belay.job.JobId;
import dev.belay.job.Unavailable;
import dev.belay.tabular.RejectedRecord;
import dev.belay.tabular.TableProfile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// All rejected records of a job, in a file of its name: `rejects/<job>.csv`, with the columns of [#HEADER].
///
/// Written whole and in one step as soon as a file was examined, so a job that fails has it too; an
/// attempt that comes later replaces it. Nothing is decided by it. Killed half-way there is the file of
/// before, or none, and a part in the attempt's own folder.
public final class RejectsLedger {
    /// The columns, in their order.
    public static final String HEADER = "record,line,byte,column,code,message,raw\n";

    private static final int LONGEST_RAW = 64 * 1024;

    private final Path folder;
    private final Limits limits;

    /// @param kept     records in a file
    /// @param bytes    of a file
    /// @param examples records that receipts may tell of
    public record Limits(int kept, long bytes, int examples) {}

    /// @param folder made when the first file is
    public RejectsLedger(Path folder, Limits limits) {
        this.folder = folder;
        this.limits = limits;
    }

    /// Where a job's file is, if it has one.
    public static Path file(Path folder, JobId job) {
        return folder.resolve(job.value() + ".csv");
    }

    /// Keeps what was rejected; a file of an earlier attempt goes if nothing was.
    ///
    /// @param source what was examined, in the attempt's folder
    /// @return the profile with the first of them only, and a word where some are not in the ledger
    public TableProfile keep(JobId job, Path source, TableProfile profile) {
        Path file = file(folder, job);
        try {
            if (profile.rejected() == 0) {
                Files.deleteIfExists(file);
                return profile;
            }
            var rows = new ByteArrayOutputStream();
            int kept = write(profile.rejects(), source, rows);
            // In the attempt's folder, with which it goes should this be killed.
            Path part = Files.write(source.resolveSibling("rejected"), rows.toByteArray());
            DurableFiles.fsync(part);
            DurableFiles.createFolders(folder);
            DurableFiles.rename(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            DurableFiles.fsyncFolder(folder);
            TableProfile told = profile.withRejects(
                    profile.rejects().stream().limit(limits.examples()).toList());
            return kept == profile.rejected()
                    ? told
                    : told.warned(
                            "%,d of %,d rejected records are kept for `belay rejects` (limits.rejectsKept, limits.rejectBytesKept)"
                                    .formatted(kept, profile.rejected()));
        } catch (IOException failed) {
            throw new Unavailable(StorageFailures.of(failed, file), failed);
        }
    }

    private int write(List<RejectedRecord> rejects, Path source, ByteArrayOutputStream rows) throws IOException {
        rows.writeBytes(HEADER.getBytes(StandardCharsets.US_ASCII));
        int kept = 0;
        try (FileChannel bytes = FileChannel.open(source, StandardOpenOption.READ)) {
            for (RejectedRecord reject : rejects) {
                var row = new ByteArrayOutputStream();
                put(row, number(reject.place().record()), ',');
                put(row, number(reject.place().line()), ',');
                put(row, number(reject.place().byteOffset()), ',');
                put(row, reject.place().column().orElse("").getBytes(StandardCharsets.UTF_8), ',');
                put(row, reject.code().name().getBytes(StandardCharsets.US_ASCII), ',');
                put(row, reject.message().getBytes(StandardCharsets.UTF_8), ',');
                put(row, raw(bytes, reject.place().byteOffset()), '\n');
                if (kept == limits.kept() || rows.size() + row.size() > limits.bytes()) {
                    break;
                }
                rows.writeBytes(row.toByteArray());
                kept++;
            }
        }
        return kept;
    }

    private static byte[] number(OptionalLong number) {
        return number.isPresent() ? Long.toString(number.getAsLong()).getBytes(StandardCharsets.US_ASCII) : new byte[0];
    }

    private static void put(ByteArrayOutputStream row, byte[] value, char end) {
        row.write('"');
        for (byte one : value) {
            if (one == '"') {
                row.write('"');
            }
            row.write(one);
        }
        row.write('"');
        row.write(end);
    }

    /// The record's own bytes as they are, without the end of its line, at most so many; none where they are
    /// not in the source itself. From where the place is: a record with bytes that are no text is given from
    /// the line on which the first of them stands.
    private static byte[] raw(FileChannel source, OptionalLong place) throws IOException {
        if (place.isEmpty()) {
            return new byte[0];
        }
        long from = lineStart(source, place.getAsLong());
        ByteBuffer bytes = read(source, from, LONGEST_RAW);
        boolean quoted = false;
        int at = 0;
        while (at < bytes.limit()) {
            byte one = bytes.get(at);
            quoted ^= one == '"';
            if (!quoted && (one == '\n' || one == '\r')) {
                break;
            }
            at++;
        }
        var raw = new byte[at];
        bytes.get(0, raw);
        return raw;
    }

    private static long lineStart(FileChannel source, long place) throws IOException {
        long from = Math.max(0, place - LONGEST_RAW);
        ByteBuffer before = read(source, from, (int) (place - from));
        int at = before.limit();
        while (at > 0 && before.get(at - 1) != '\n' && before.get(at - 1) != '\r') {
            at--;
        }
        return from + at;
    }

    private static ByteBuffer read(FileChannel source, long from, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining() && source.read(bytes, from + bytes.position()) > 0) {
            // Until all that is there is read.
        }
        return bytes.flip();
    }

    /// Removes files of before that time.
    ///
    /// @return how many
    public int forget(Instant before) {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        int gone = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (Files.getLastModifiedTime(file).compareTo(FileTime.from(before)) < 0
                        && Files.deleteIfExists(file)) {
                    gone++;
                }
            }
            return gone;
        } catch (IOException failed) {
            throw new Unavailable(StorageFailures.of(failed, folder), failed);
        }
    }
}
