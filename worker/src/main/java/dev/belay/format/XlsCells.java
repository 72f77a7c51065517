package dev.belay.format;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.io.IOException;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Walks over the cells of one sheet of an XLS workbook.
final class XlsCells {
    private static final int BOF = 0x809;
    private static final int EOF = 0x0a;

    private final BiffRecords records;
    private final IntFunction<NumberFormat> formats;
    private final SerialNumbers numbers;
    private final @Nullable SharedStrings strings;
    private final FormatLimits limits;
    private long row;
    private int column;

    XlsCells(
            BiffRecords records,
            IntFunction<NumberFormat> formats,
            SerialNumbers numbers,
            @Nullable SharedStrings strings,
            FormatLimits limits) {
        this.records = records;
        this.formats = formats;
        this.numbers = numbers;
        this.strings = strings;
        this.limits = limits;
    }

    void walk(Cells cells) throws JobFailure, IOException {
        int depth = 0;
        while (records.next()) {
            if (records.type() == BOF) {
                // A chart inside the sheet has records of its own.
                depth++;
            } else if (records.type() == EOF) {
                if (--depth <= 0) {
                    return;
                }
            } else if (depth == 1) {
                record(cells);
            }
        }
        throw OleFile.corrupt("a sheet has no end");
    }

    private void record(Cells cells) throws JobFailure, IOException {
        switch (records.type()) {
            case 0x203 -> {
                int style = place();
                give(cells, number(Double.longBitsToDouble(records.i64()), style));
            }
            case 0x27e -> {
                int style = place();
                give(cells, number(packed(records.i32()), style));
            }
            case 0xbd -> several(cells);
            case 0xfd -> {
                place();
                give(cells, shared(records.i32()));
            }
            case 0x204, 0xd6 -> {
                place();
                give(cells, records.text(records.u16()));
            }
            case 0x205 -> {
                place();
                truth(cells, records.u8(), records.u8() != 0);
            }
            case 0x06 -> formula(cells);
            case 0x207 -> give(cells, records.text(records.u16()));
            case 0xe5 -> cells.merged(records.u16());
            default -> {
                // The other records are about looks.
            }
        }
    }

    /// @return the cell's style
    private int place() throws JobFailure, IOException {
        row = records.u16() + 1L;
        column = records.u16() + 1;
        return records.u16();
    }

    private void several(Cells cells) throws JobFailure, IOException {
        row = records.u16() + 1L;
        column = records.u16() + 1;
        int count = (records.length() - 6) / 6;
        for (int at = 0; at < count; at++) {
            int style = records.u16();
            give(cells, number(packed(records.i32()), style));
            column++;
        }
    }

    private void formula(Cells cells) throws JobFailure, IOException {
        int style = place();
        long result = records.i64();
        if (result >>> 48 != 0xffff) {
            give(cells, number(Double.longBitsToDouble(result), style));
            return;
        }
        int value = (int) (result >> 16 & 0xff);
        switch ((int) (result & 0xff)) {
            case 1 -> truth(cells, value, false);
            case 2 -> truth(cells, value, true);
            default -> {
                // A text follows in a record of its own; an empty one does not.
            }
        }
    }

    private void truth(Cells cells, int value, boolean error) throws JobFailure, IOException {
        if (error) {
            cells.error(row, column);
        } else {
            cells.value(row, column, value == 0 ? "false" : "true");
        }
    }

    private String number(double value, int style) {
        return numbers.text(value, formats.apply(style));
    }

    /// A number of 30 bits, whole or the upper half of a double, perhaps to be divided by 100.
    private static double packed(int bits) {
        double value = (bits & 2) == 0 ? Double.longBitsToDouble((long) (bits & ~3) << 32) : bits >> 2;
        return (bits & 1) == 0 ? value : value / 100;
    }

    private String shared(int number) throws JobFailure {
        SharedStrings all = strings;
        if (all == null || number < 0 || number >= all.size()) {
            throw OleFile.corrupt("cell %s refers to shared text %d, and there are %d"
                    .formatted(CellName.of(row, column), number, all == null ? 0 : all.size()));
        }
        return all.text(number);
    }

    private void give(Cells cells, String value) throws JobFailure, IOException {
        if (value.length() > limits.fieldBytes()) {
            throw JobFailure.permanent(
                    FailureCode.FIELD_TOO_LARGE,
                    "cell %s is larger than limits.fieldBytes (%d bytes)"
                            .formatted(CellName.of(row, column), limits.fieldBytes()));
        }
        if (!value.isEmpty()) {
            cells.value(row, column, value);
        }
    }
}
