package dev.belay.format;

import dev.belay.job.JobFailure;
import java.io.IOException;

/// The records of an Excel stream ([MS-XLS] 2.1.4), one at a time, and the fields of the current one. Reading beyond
/// its end goes on in the record that continues it, if there is one.
final class BiffRecords {
    static final int CONTINUE = 0x3c;

    private static final int LARGEST = 8224;

    private final OleFile.Stream stream;
    private final Pulse pulse;
    private final byte[] head = new byte[4];
    private byte[] data = new byte[0];
    private int position;
    private int type;
    private int at;

    BiffRecords(OleFile.Stream stream, Pulse pulse) {
        this.stream = stream;
        this.pulse = pulse;
    }

    /// Goes to a place in the stream; [#next] reads the record there.
    void goTo(int place) throws JobFailure {
        if (place < 0 || place > stream.size()) {
            throw OleFile.corrupt("a sheet lies outside the workbook");
        }
        position = place;
    }

    /// Reads the next record.
    ///
    /// @return false at the end of the stream
    boolean next() throws JobFailure, IOException {
        pulse.at(position);
        if (stream.read(position, head) < 4) {
            return false;
        }
        type = u16(head, 0);
        int length = u16(head, 2);
        if (length > LARGEST) {
            throw OleFile.corrupt("a record at byte %d has %d bytes".formatted(position, length));
        }
        data = new byte[length];
        if (stream.read(position + 4, data) < length) {
            throw OleFile.corrupt("the record at byte %d breaks off".formatted(position));
        }
        position += 4 + length;
        at = 0;
        return true;
    }

    int type() {
        return type;
    }

    int length() {
        return data.length;
    }

    boolean hasMore() {
        return at < data.length;
    }

    int u8() throws JobFailure, IOException {
        if (at == data.length) {
            goOn();
        }
        return data[at++] & 0xff;
    }

    int u16() throws JobFailure, IOException {
        int low = u8();
        return low | u8() << 8;
    }

    int i32() throws JobFailure, IOException {
        int low = u16();
        return low | u16() << 16;
    }

    long i64() throws JobFailure, IOException {
        long low = Integer.toUnsignedLong(i32());
        return low | Integer.toUnsignedLong(i32()) << 32;
    }

    void skip(long bytes) throws JobFailure, IOException {
        for (long left = bytes; left > 0; left--) {
            u8();
        }
    }

    /// A text of so many characters behind its flags, from which formats and phonetic help are dropped.
    String text(int characters) throws JobFailure, IOException {
        int flags = u8();
        int runs = (flags & 8) == 0 ? 0 : u16();
        long help = (flags & 4) == 0 ? 0 : Integer.toUnsignedLong(i32());
        var text = new StringBuilder(characters);
        boolean wide = (flags & 1) != 0;
        while (text.length() < characters) {
            if (at == data.length) {
                // Where a text goes on in another record, its width is said anew.
                goOn();
                wide = (u8() & 1) != 0;
            }
            text.append((char) (wide ? u16() : u8()));
        }
        skip(4L * runs + help);
        return text.toString();
    }

    private void goOn() throws JobFailure, IOException {
        int before = position;
        if (!next() || type != CONTINUE || data.length == 0) {
            throw OleFile.corrupt("the record before byte %d breaks off".formatted(before));
        }
    }

    private static int u16(byte[] bytes, int from) {
        return (bytes[from] & 0xff) | ((bytes[from + 1] & 0xff) << 8);
    }
}
