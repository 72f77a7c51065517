package dev.belay.tabular;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The first bytes of a text, from its first line on that is not blank.
///
/// @param bytes    that many of them as are looked at
/// @param start    where in the file they begin: behind a byte order mark and blank lines, however many
/// @param lines    how many blank lines stand above
/// @param complete whether that is the rest of the file
// Nobody compares the bytes.
@SuppressWarnings("ArrayRecordComponent")
record Opening(byte[] bytes, long start, long lines, boolean complete) {
    private static final int MOST = 1 << 18;
    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    static Opening of(TableBytes file) throws JobFailure, IOException {
        byte[] first = new byte[MARK.length];
        long start =
                file.read(0, first, 0, first.length) == first.length && Arrays.equals(first, MARK) ? first.length : 0;
        byte[] chunk = new byte[1 << 13];
        long lines = 0;
        byte last = 0;
        while (true) {
            int count = file.read(start, chunk, 0, chunk.length);
            if (count < 0) {
                throw emptyFile();
            }
            int at = 0;
            while (at < count && (chunk[at] == '\n' || chunk[at] == '\r')) {
                // CR, LF and CRLF each end a line.
                lines += chunk[at] == '\n' && last == '\r' ? 0 : 1;
                last = chunk[at++];
            }
            start += at;
            if (at < count) {
                byte[] bytes = read(file, start);
                return new Opening(bytes, start, lines, start + bytes.length >= file.size());
            }
        }
    }

    String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /// How many bytes the first so many lines have; -1 when there are fewer.
    int bytesOfLines(long count) {
        int at = 0;
        for (long line = 0; line < count; line++) {
            while (at < bytes.length && bytes[at] != '\n' && bytes[at] != '\r') {
                at++;
            }
            if (at == bytes.length) {
                return -1;
            }
            at += bytes[at] == '\r' && at + 1 < bytes.length && bytes[at + 1] == '\n' ? 2 : 1;
        }
        return at;
    }

    static JobFailure emptyFile() {
        return JobFailure.permanent(FailureCode.EMPTY_FILE, "the file has no header and no rows");
    }

    private static byte[] read(TableBytes file, long from) throws IOException {
        byte[] bytes = new byte[(int) Math.min(MOST, file.size() - from)];
        int done = 0;
        while (done < bytes.length) {
            int count = file.read(from + done, bytes, done, bytes.length - done);
            if (count < 0) {
                return Arrays.copyOf(bytes, done);
            }
            done += count;
        }
        return bytes;
    }
}
