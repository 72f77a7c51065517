package dev.belay.format;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Writes a table as the reader likes it best (RFC 4180, UTF-8, commas, LF). An empty field, quoted or not, is null,
/// as the reader has it. One record at a time stands in memory; nothing is made for a single value.
///
/// Records that only exist to be rejected begin with U+0000, see [#refuse].
final class CanonicalText implements Closeable {
    // A character that no datastore keeps and every reader of ours rejects.
    private static final byte REFUSED = 0;
    private static final int RAW_SHOWN = 1 << 12;

    private final OutputStream out;
    private final FormatLimits limits;
    private final Refusals refusals = new Refusals();
    private byte[] record = new byte[1 << 12];
    private int length;
    private int fields;
    private int columns;
    private long records;
    private long written;

    CanonicalText(Path target, FormatLimits limits) throws IOException {
        this.out = new java.io.BufferedOutputStream(Files.newOutputStream(target), 1 << 16);
        this.limits = limits;
    }

    /// The header. Every name stands in quotes, so that none can be taken for something else.
    void header(List<String> names) throws JobFailure, IOException {
        columns = names.size();
        for (String name : names) {
            byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
            quoted(bytes, 0, bytes.length);
        }
        end();
        records = 0;
    }

    /// How many columns the records have, where the first record is the header.
    void columns(int count) {
        columns = count;
    }

    /// No value.
    void nothing() throws JobFailure {
        separate();
        // A lone empty field would be a blank line, which is no record.
        if (columns == 1) {
            put('"');
            put('"');
        }
    }

    /// A value in UTF-8; an empty one is an empty text.
    void value(byte[] bytes, int from, int to) throws JobFailure {
        if (to - from > limits.fieldBytes()) {
            throw fieldTooLarge();
        }
        if (needsQuotes(bytes, from, to)) {
            quoted(bytes, from, to);
        } else {
            separate();
            room(to - from);
            System.arraycopy(bytes, from, record, length, to - from);
            length += to - from;
        }
    }

    void value(String text) throws JobFailure {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        value(bytes, 0, bytes.length);
    }

    /// The record is complete.
    void end() throws JobFailure, IOException {
        put('\n');
        written += length;
        if (written > limits.unpackedBytes()) {
            throw JobFailure.permanent(
                    FailureCode.DECOMPRESSION_LIMIT,
                    "record %d: written out as text, the table is larger than limits.unpackedBytes (%,d bytes)"
                            .formatted(records, limits.unpackedBytes()));
        }
        out.write(record, 0, length);
        length = 0;
        fields = 0;
        records++;
    }

    /// A record that cannot be read: its raw text behind U+0000, and as many fields as the others have. What was given
    /// of it so far is forgotten.
    void refuse(byte[] raw, int from, int to, Refusal refusal) throws JobFailure, IOException {
        length = 0;
        fields = 0;
        int shown = Math.min(to, from + RAW_SHOWN);
        byte[] marked = new byte[shown - from + 1];
        marked[0] = REFUSED;
        System.arraycopy(raw, from, marked, 1, shown - from);
        quoted(marked, 0, marked.length);
        for (int column = 1; column < columns; column++) {
            separate();
        }
        refusals.add(records + 1, refusal);
        end();
    }

    /// The records written so far, the header not counted.
    long records() {
        return records;
    }

    Refusals refusals() {
        return refusals;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    private JobFailure fieldTooLarge() {
        return JobFailure.permanent(
                FailureCode.FIELD_TOO_LARGE,
                "record %d, column %d is larger than limits.fieldBytes (%d bytes)"
                        .formatted(records + 1, fields + 1, limits.fieldBytes()));
    }

    private void quoted(byte[] bytes, int from, int to) throws JobFailure {
        separate();
        put('"');
        for (int at = from; at < to; at++) {
            if (bytes[at] == '"') {
                put('"');
            }
            put(bytes[at]);
        }
        put('"');
    }

    private static boolean needsQuotes(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            byte one = bytes[at];
            if (one == ',' || one == '"' || one == '\n' || one == '\r') {
                return true;
            }
        }
        return from == to;
    }

    private void separate() throws JobFailure {
        if (fields++ > 0) {
            put(',');
        }
    }

    private void put(int one) throws JobFailure {
        room(1);
        record[length++] = (byte) one;
    }

    private void room(int more) throws JobFailure {
        if (length + more > record.length) {
            long wanted = Math.max(2L * record.length, (long) length + more);
            if (length + (long) more > limits.recordBytes() + fields + 2) {
                throw JobFailure.permanent(
                        FailureCode.ROW_TOO_LARGE,
                        "record %d is larger than limits.recordBytes (%d bytes); the limit was reached in column %d"
                                .formatted(records + 1, limits.recordBytes(), fields));
            }
            record = Arrays.copyOf(record, Math.toIntExact(Math.min(wanted, Integer.MAX_VALUE - 16)));
        }
    }
}
