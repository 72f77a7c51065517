package dev.belay.datastore.sqlite.pages;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// One row as the format keeps it ("Record Format"): a header of the length of the header itself and of each
/// column's [SerialType], all as [Varint]s, then the body with the bytes of each value.
///
/// Used again for every row. Values may come in any order of the columns, each once.
final class RowRecord {
    /// The longest string or row that SQLite takes unless it is told otherwise (`SQLITE_MAX_LENGTH`).
    static final int LONGEST = 1_000_000_000;

    private static final VarHandle BIG_ENDIAN =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    // Texts of so many bytes are copied as two words, whatever stands behind them: most texts are short, and a copy
    // of any length takes longer to set out than to do.
    private static final int SHORT = 2 * Long.BYTES;
    // Words may be stored that end behind a shorter number or text.
    private static final int SLACK = SHORT;

    private final int leading;
    private final int[] types;
    private final int[] starts;
    private byte[] body = new byte[1024];
    private int bodyLength;
    private int typesLength;
    private int headerLength;
    private int last;
    private boolean ordered;
    private boolean tooLong;

    /// @param leading how many columns stand before the others and are null here, such as that of the rowid
    RowRecord(int leading, int columns) {
        this.leading = leading;
        types = new int[columns];
        starts = new int[columns];
        begin();
    }

    /// Forgets the row.
    void begin() {
        bodyLength = 0;
        typesLength = leading;
        last = -1;
        ordered = true;
        tooLong = false;
    }

    void nothing(int column) {
        types[column] = SerialType.NULL;
        typesLength++;
    }

    void integer(int column, long value) {
        number(column, SerialType.ofInteger(value), value);
    }

    /// Whole doubles are kept as integers where that is shorter, as SQLite does in REAL columns, which give them
    /// back as doubles.
    void real(int column, double value) {
        long whole = (long) value;
        if (whole == value && (whole ^ whole >> 63) >>> 47 == 0) {
            integer(column, whole);
        } else {
            number(column, SerialType.REAL, Double.doubleToRawLongBits(value));
        }
    }

    private void number(int column, int type, long value) {
        int bytes = SerialType.bytes(type);
        begin(column, type);
        typesLength++;
        if (bytes > 0) {
            room(bytes);
            BIG_ENDIAN.set(body, bodyLength, value << (Long.SIZE - Byte.SIZE * bytes));
            bodyLength += bytes;
        }
    }

    void text(int column, byte[] bytes, int from, int to) {
        int length = to - from;
        if (length > LONGEST - bodyLength) {
            tooLong = true;
            return;
        }
        int type = SerialType.ofText(length);
        begin(column, type);
        typesLength += type < 0x80 ? 1 : Varint.length(type);
        room(length);
        if (length <= SHORT && from + SHORT <= bytes.length) {
            WORDS.set(body, bodyLength, (long) WORDS.get(bytes, from));
            WORDS.set(body, bodyLength + Long.BYTES, (long) WORDS.get(bytes, from + Long.BYTES));
        } else {
            System.arraycopy(bytes, from, body, bodyLength, length);
        }
        bodyLength += length;
    }

    private void begin(int column, int type) {
        types[column] = type;
        starts[column] = bodyLength;
        ordered &= column > last;
        last = column;
    }

    private void room(int bytes) {
        if (body.length - bodyLength < bytes + SLACK) {
            body = Arrays.copyOf(body, Math.max(bodyLength + bytes + SLACK, (int) Math.min(2L * body.length, 1 << 30)));
        }
    }

    /// Ends the row.
    void end() {
        // The header's length is part of the header.
        int own = 1;
        while (Varint.length((long) typesLength + own) > own) {
            own++;
        }
        headerLength = typesLength + own;
    }

    /// Whether SQLite would not read it.
    boolean isTooLong() {
        return tooLong || (long) headerLength + bodyLength > LONGEST;
    }

    /// Bytes of header and body.
    int length() {
        return headerLength + bodyLength;
    }

    /// Puts header and body to where `length()` bytes are free.
    void write(byte[] to, int at) {
        int next = Varint.write(to, at, headerLength);
        for (int id = 0; id < leading; id++) {
            to[next++] = SerialType.NULL;
        }
        for (int type : types) {
            if (type < 0x80) {
                to[next++] = (byte) type;
            } else {
                next = Varint.write(to, next, type);
            }
        }
        if (ordered) {
            System.arraycopy(body, 0, to, next, bodyLength);
        } else {
            gather(to, next);
        }
    }

    private void gather(byte[] to, int at) {
        int next = at;
        for (int column = 0; column < types.length; column++) {
            int length = SerialType.bytesOf(types[column]);
            System.arraycopy(body, starts[column], to, next, length);
            next += length;
        }
    }
}
