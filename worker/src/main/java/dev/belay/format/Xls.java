package dev.belay.format;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An Excel workbook of 97 to 2003 ([MS-XLS], BIFF8), record after record.
final class Xls implements Workbook {
    private static final int BOF = 0x809;
    private static final int EOF = 0x0a;
    private static final int BIFF8 = 0x600;

    private final OleFile file;
    private final BiffRecords records;
    private final FormatLimits limits;
    private final List<Sheet> sheets = new ArrayList<>();
    private final List<Integer> places = new ArrayList<>();
    private final Map<Integer, NumberFormat> written = new HashMap<>();
    private final List<Integer> styles = new ArrayList<>();
    private SerialNumbers numbers = new SerialNumbers(false);
    private @Nullable SharedStrings strings;

    private Xls(OleFile file, BiffRecords records, FormatLimits limits) {
        this.file = file;
        this.records = records;
        this.limits = limits;
    }

    /// @param file   closed with the workbook
    /// @param folder where shared texts are laid
    static Xls open(OleFile file, Path folder, FormatLimits limits, Pulse pulse) throws JobFailure, IOException {
        if (file.names().contains("EncryptedPackage") || file.names().contains("EncryptionInfo")) {
            throw encrypted();
        }
        if (file.names().contains("WordDocument")) {
            throw JobFailure.permanent(FailureCode.NOT_TABULAR, "the file is an old Word document, not a table");
        }
        if (file.stream("Workbook").isEmpty() && file.stream("Book").isPresent()) {
            throw tooOld();
        }
        OleFile.Stream stream = file.stream("Workbook")
                .orElseThrow(() -> JobFailure.permanent(
                        FailureCode.NOT_TABULAR, "the file is a compound (OLE) file, but no workbook"));
        var book = new Xls(file, new BiffRecords(stream, pulse), limits);
        book.readGlobals(folder);
        return book;
    }

    @Override
    public String shown() {
        return "the Excel workbook";
    }

    @Override
    public List<Sheet> sheets() {
        return List.copyOf(sheets);
    }

    @Override
    public int claimedColumns(int sheet) throws JobFailure, IOException {
        records.goTo(places.get(sheet));
        while (records.next() && records.type() != EOF) {
            if (records.type() == 0x200) {
                records.skip(10);
                return records.u16();
            }
        }
        return 0;
    }

    @Override
    public void walk(int sheet, Cells cells) throws JobFailure, IOException {
        records.goTo(places.get(sheet));
        new XlsCells(records, this::format, numbers, strings, limits).walk(cells);
    }

    @Override
    public void close() throws IOException {
        if (strings != null) {
            strings.close();
        }
        file.close();
    }

    private void readGlobals(Path folder) throws JobFailure, IOException {
        if (!records.next() || records.type() != BOF) {
            throw OleFile.corrupt("the workbook does not begin as one");
        }
        if (records.u16() != BIFF8) {
            throw tooOld();
        }
        while (records.next() && records.type() != EOF) {
            switch (records.type()) {
                case 0x2f -> throw encrypted();
                case 0x22 -> numbers = new SerialNumbers(records.u16() == 1);
                case 0x85 -> readSheet();
                case 0x41e -> {
                    int id = records.u16();
                    written.put(id, NumberFormat.of(records.text(records.u16())));
                }
                case 0xe0 -> {
                    records.skip(2);
                    styles.add(records.u16());
                }
                case 0xfc -> readStrings(folder);
                default -> {
                    // The other records are about looks.
                }
            }
        }
    }

    private void readSheet() throws JobFailure, IOException {
        int place = records.i32();
        boolean visible = (records.u8() & 3) == 0;
        int kind = records.u8();
        String name = records.text(records.u8());
        if (kind == 0) {
            places.add(place);
            sheets.add(new Sheet(name, visible));
        }
    }

    private void readStrings(Path folder) throws JobFailure, IOException {
        records.skip(4);
        int count = records.i32();
        try (var collector = new SharedStrings.Collector(folder)) {
            for (int number = 0; number < count; number++) {
                collector.add(records.text(records.u16()));
            }
            strings = collector.strings();
        }
    }

    private NumberFormat format(int style) {
        if (style >= styles.size()) {
            return NumberFormat.NUMBER;
        }
        int id = styles.get(style);
        @Nullable NumberFormat format = written.get(id);
        return format == null ? NumberFormat.builtIn(id) : format;
    }

    private static JobFailure encrypted() {
        return JobFailure.permanent(FailureCode.WORKBOOK_ENCRYPTED, "the Excel workbook has a password");
    }

    private static JobFailure tooOld() {
        return JobFailure.permanent(
                FailureCode.WORKBOOK_UNSUPPORTED,
                "the workbook is of Excel 5 or 95, whose format is not read; save it as XLSX");
    }
}
