package dev.belay.datastore.postgres;

import dev.belay.job.Excerpt;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Place;
import dev.belay.job.RowSink;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Encodes rows as `COPY … (FORMAT binary)` takes them (PostgreSQL's manual, "COPY", "Binary Format";
/// fields as the types' receive functions read them): for each row `_id` and then its values in the order
/// they are given.
///
/// Once a value has come that would not be read back as it is written, nothing more is given on: the rest is
/// looked at for more of them, and [#seen] says which types would take all.
class BinaryRows implements RowSink {
    private static final int CHUNK = 1 << 16;
    private static final int ROOM = 16;
    private static final int UUID_LENGTH = 36;
    private static final int NONE = -1;

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final List<StoredColumn> columns;
    private final StoredType[] types;
    private final BitSet hasForm;
    private final @Nullable Chunks target;
    private final NumericField numeric = new NumericField();
    private final IsoTime time = new IsoTime();
    private byte[] buffer = new byte[2 * CHUNK];
    private int filled;
    private long rows;
    private boolean mustBeOther;
    private int zeroByteIn = NONE;

    /// Takes encoded rows.
    @FunctionalInterface
    interface Chunks {
        /// @param bytes  the encoder's, valid during the call only
        /// @param length how many of them, whole rows
        void take(byte[] bytes, int length) throws CopyRefused;
    }

    /// @param columns in the order of the plan
    /// @param fixed   columns whose form of writing times is decided: others take that of their first value
    /// @param before  rows that stand in the table already
    /// @param target  takes the rows; none to look at them only
    BinaryRows(List<StoredColumn> columns, BitSet fixed, long before, @Nullable Chunks target) {
        this.columns = new ArrayList<>(columns);
        this.types = columns.stream().map(StoredColumn::type).toArray(StoredType[]::new);
        this.hasForm = (BitSet) fixed.clone();
        this.target = target;
        this.rows = before;
        beginRow();
    }

    private void beginRow() {
        room(ROOM);
        putShort(columns.size() + 1);
        putInt(Long.BYTES);
        putLong(rows + 1);
    }

    @Override
    public void nothing(int column) {
        room(ROOM);
        putInt(-1);
    }

    @Override
    public void integer(int column, long value) {
        room(ROOM);
        switch (types[column]) {
            case BOOLEAN -> {
                putInt(1);
                buffer[filled++] = (byte) (value == 0 ? 0 : 1);
            }
            case BIGINT -> {
                putInt(Long.BYTES);
                putLong(value);
            }
            case NUMERIC, DOUBLE, DATE, TIME, TIMESTAMP, TIMESTAMPTZ, UUID, JSON, NESTED, TEXT ->
                ascii(column, Long.toString(value));
        }
    }

    @Override
    public void real(int column, double value) {
        room(ROOM);
        switch (types[column]) {
            case DOUBLE -> {
                putInt(Double.BYTES);
                putLong(Double.doubleToRawLongBits(value));
            }
            case BOOLEAN, BIGINT, NUMERIC, DATE, TIME, TIMESTAMP, TIMESTAMPTZ, UUID, JSON, NESTED, TEXT ->
                ascii(column, Double.toString(value));
        }
    }

    private void ascii(int column, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        text(column, bytes, 0, bytes.length);
    }

    @Override
    public void decimal(int column, byte[] bytes, int from, int to, long unscaled, int scale) {
        text(column, bytes, from, to);
    }

    @Override
    public void text(int column, byte[] bytes, int from, int to) {
        room(ROOM);
        boolean written = switch (types[column]) {
            case NUMERIC -> number(bytes, from, to);
            case DATE -> date(bytes, from, to);
            case TIME -> moment(column, time.readTime(bytes, from, to));
            case TIMESTAMP, TIMESTAMPTZ -> moment(column, time.readTimestamp(bytes, from, to));
            case UUID -> uuid(bytes, from, to);
            case JSON, TEXT -> characters(column, bytes, from, to);
            case BOOLEAN, BIGINT, DOUBLE, NESTED -> false;
        };
        if (!written) {
            columns.set(column, columns.get(column).asText());
            types[column] = StoredType.TEXT;
            mustBeOther = true;
            nothing(column);
        }
    }

    private boolean number(byte[] bytes, int from, int to) {
        if (!numeric.read(bytes, from, to)) {
            return false;
        }
        int length = numeric.length();
        room(Integer.BYTES + Short.BYTES * length);
        putInt(Short.BYTES * length);
        for (int at = 0; at < length; at++) {
            putShort(numeric.at(at));
        }
        return true;
    }

    private boolean date(byte[] bytes, int from, int to) {
        if (!time.readDate(bytes, from, to)) {
            return false;
        }
        putInt(Integer.BYTES);
        putInt((int) time.number());
        return true;
    }

    private boolean moment(int column, int form) {
        if (form == IsoTime.NONE) {
            return false;
        }
        if (form != columns.get(column).form()) {
            if (hasForm.get(column)) {
                return false;
            }
            StoredColumn other = columns.get(column).in(form);
            columns.set(column, other);
            types[column] = other.type();
            mustBeOther = true;
        }
        hasForm.set(column);
        putInt(Long.BYTES);
        putLong(time.number());
        return true;
    }

    private boolean uuid(byte[] bytes, int from, int to) {
        if (to - from != UUID_LENGTH) {
            return false;
        }
        int start = filled;
        putInt(UUID_LENGTH / 2 - 2);
        int half = NONE;
        for (int at = 0; at < UUID_LENGTH; at++) {
            byte symbol = bytes[from + at];
            if (at == 8 || at == 13 || at == 18 || at == 23) {
                half = symbol == '-' ? half : NONE - 1;
            } else {
                int digit = symbol >= '0' && symbol <= '9'
                        ? symbol - '0'
                        : symbol >= 'a' && symbol <= 'f' ? symbol - 'a' + 10 : NONE;
                if (digit == NONE || half < NONE) {
                    filled = start;
                    return false;
                }
                if (half == NONE) {
                    half = digit;
                } else {
                    buffer[filled++] = (byte) (16 * half + digit);
                    half = NONE;
                }
            }
        }
        return true;
    }

    private boolean characters(int column, byte[] bytes, int from, int to) {
        int length = to - from;
        room(Integer.BYTES + length);
        putInt(length);
        System.arraycopy(bytes, from, buffer, filled, length);
        int end = filled + length;
        for (int at = filled; at < end; at++) {
            if (buffer[at] == 0 && zeroByteIn == NONE) {
                zeroByteIn = column;
            }
        }
        filled = end;
        return true;
    }

    /// @throws JobFailure `ENCODING_INVALID` when the row holds a character that PostgreSQL has no room for
    @Override
    public void endRow() throws JobFailure, IOException {
        rows++;
        if (zeroByteIn != NONE) {
            throw withZeroByte();
        }
        if (mustBeOther || target == null) {
            filled = 0;
        } else if (filled >= CHUNK) {
            send(target);
        }
        beginRow();
    }

    private JobFailure withZeroByte() {
        String title = Excerpt.of(columns.get(zeroByteIn).column().title());
        return JobFailure.permanent(
                FailureCode.ENCODING_INVALID,
                "row %d, column \"%s\": PostgreSQL cannot store a text with U+0000 in it".formatted(rows, title),
                new Place(
                        OptionalLong.of(rows),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        Optional.of(title),
                        Optional.empty()));
    }

    /// Gives on the last rows.
    ///
    /// @return what the columns have to be for these rows
    Seen finish() throws CopyRefused {
        // Without the row that was begun.
        filled -= Short.BYTES + Integer.BYTES + Long.BYTES;
        if (!mustBeOther && target != null) {
            send(target);
        }
        return seen();
    }

    /// What the columns have to be for the rows so far.
    Seen seen() {
        return new Seen(columns, hasForm);
    }

    /// What columns have to be for some rows.
    ///
    /// @param columns in the order of the plan
    /// @param hasForm for which the form of times is decided, or has been seen
    record Seen(List<StoredColumn> columns, BitSet hasForm) {
        Seen {
            columns = List.copyOf(columns);
            hasForm = (BitSet) hasForm.clone();
        }

        /// What the columns have to be for these rows and then others.
        Seen and(Seen later) {
            var both = new ArrayList<StoredColumn>();
            for (int at = 0; at < columns.size(); at++) {
                StoredColumn one = columns.get(at);
                StoredColumn other = later.columns.get(at);
                boolean isText = one.type() == StoredType.TEXT || other.type() == StoredType.TEXT;
                boolean isSame = !hasForm.get(at) || !later.hasForm.get(at) || one.form() == other.form();
                both.add(isText || !isSame ? one.asText() : hasForm.get(at) ? one : other);
            }
            var decided = (BitSet) hasForm.clone();
            decided.or(later.hasForm);
            return new Seen(both, decided);
        }

        /// @throws NotAsWritten when they are not to be as they were taken to be
        void refuseOther(List<StoredColumn> taken) throws NotAsWritten {
            if (!columns.equals(taken)) {
                throw new NotAsWritten(columns);
            }
        }
    }

    /// Rows that were complete so far, and those before them.
    long rows() {
        return rows;
    }

    private void send(Chunks to) throws CopyRefused {
        to.take(buffer, filled);
        filled = 0;
    }

    private void room(int length) {
        if (buffer.length - filled < length + ROOM) {
            buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, Math.addExact(filled, length + ROOM)));
        }
    }

    private void putShort(int value) {
        SHORT.set(buffer, filled, (short) value);
        filled += Short.BYTES;
    }

    private void putInt(int value) {
        INT.set(buffer, filled, value);
        filled += Integer.BYTES;
    }

    private void putLong(long value) {
        LONG.set(buffer, filled, value);
        filled += Long.BYTES;
    }
}
