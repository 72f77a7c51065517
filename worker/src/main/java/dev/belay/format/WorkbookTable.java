package dev.belay.format;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.ReadOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Writes one sheet of a workbook as text: the one the job names by name or number, else the first visible one that has
/// cells.
final class WorkbookTable {
    private static final int SHOWN = 10;

    private final Workbook book;
    private final ReadOptions read;
    private final FormatLimits limits;
    private final Path target;
    private final List<String> notes = new ArrayList<>();

    /// @param target the text to be written; killed half-way there is a part of it
    WorkbookTable(Workbook book, ReadOptions read, FormatLimits limits, Path target) {
        this.book = book;
        this.read = read;
        this.limits = limits;
        this.target = target;
    }

    /// @return what was done and found
    List<String> write() throws JobFailure, IOException {
        List<Workbook.Sheet> sheets = book.sheets();
        if (read.sheet().isPresent()) {
            int chosen = named(sheets, read.sheet().get());
            Optional<SheetText> text = written(chosen);
            if (text.isEmpty()) {
                throw JobFailure.permanent(
                        FailureCode.EMPTY_FILE,
                        "sheet %s has no cells"
                                .formatted(Quoted.of(sheets.get(chosen).name())));
            }
            return notes;
        }
        for (int sheet : inOrder(sheets)) {
            if (written(sheet).isPresent()) {
                others(sheets, sheet);
                return notes;
            }
        }
        throw JobFailure.permanent(
                FailureCode.WORKBOOK_NO_TABLE,
                sheets.isEmpty()
                        ? "%s has no sheet with cells".formatted(book.shown())
                        : "%s has no visible sheet with cells; its sheets: %s".formatted(book.shown(), shown(sheets)));
    }

    private static List<Integer> inOrder(List<Workbook.Sheet> sheets) {
        return IntStream.range(0, sheets.size())
                .filter(sheet -> sheets.get(sheet).visible())
                .boxed()
                .toList();
    }

    private static int named(List<Workbook.Sheet> sheets, String wanted) throws JobFailure {
        for (int sheet = 0; sheet < sheets.size(); sheet++) {
            if (sheets.get(sheet).name().equals(wanted)) {
                return sheet;
            }
        }
        if (wanted.matches("[1-9][0-9]{0,5}") && Integer.parseInt(wanted) <= sheets.size()) {
            return Integer.parseInt(wanted) - 1;
        }
        for (int sheet = 0; sheet < sheets.size(); sheet++) {
            if (sheets.get(sheet).name().equalsIgnoreCase(wanted)) {
                return sheet;
            }
        }
        throw JobFailure.permanent(
                FailureCode.SHEET_NOT_FOUND,
                "there is no sheet %s (read.sheet); there are: %s".formatted(Quoted.of(wanted), shown(sheets)));
    }

    /// Writes the sheet in the width that the file claims, and once more if that was not true.
    private Optional<SheetText> written(int sheet) throws JobFailure, IOException {
        int claimed = Math.min(Math.max(1, book.claimedColumns(sheet)), limits.columns());
        SheetText text = walked(sheet, 1, claimed);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (!text.fits()) {
            text = walked(sheet, text.leastColumn(), text.mostColumn());
        }
        String name = Quoted.of(book.sheets().get(sheet).name());
        if (text.errors() > 0) {
            notes.add(
                    "sheet %s: %,d cells hold errors such as #REF!; they have no value".formatted(name, text.errors()));
        }
        if (text.uncomputedFormulas() > 0) {
            notes.add("sheet %s: %,d formulas have no result in the file; they have no value"
                    .formatted(name, text.uncomputedFormulas()));
        }
        if (text.mergedAreas() > 0) {
            notes.add("sheet %s: %,d areas of merged cells; only their first cells have values"
                    .formatted(name, text.mergedAreas()));
        }
        return Optional.of(text);
    }

    private SheetText walked(int sheet, int first, int last) throws JobFailure, IOException {
        try (var out = new CanonicalText(target, limits)) {
            out.columns(last - first + 1);
            String name = book.sheets().get(sheet).name();
            var text = new SheetText(
                    out, limits, name, first, last, read.headerRow().orElse(1));
            book.walk(sheet, text);
            text.end();
            return text;
        }
    }

    private void others(List<Workbook.Sheet> sheets, int chosen) {
        if (sheets.size() > 1) {
            List<Workbook.Sheet> rest = new ArrayList<>(sheets);
            Workbook.Sheet read = rest.remove(chosen);
            notes.add(
                    "read sheet %s; the other sheets are not read: %s".formatted(Quoted.of(read.name()), shown(rest)));
        }
    }

    private static String shown(List<Workbook.Sheet> sheets) {
        String list = sheets.stream()
                .limit(SHOWN)
                .map(sheet -> Quoted.of(sheet.name()) + (sheet.visible() ? "" : " (hidden)"))
                .collect(Collectors.joining(", "));
        return sheets.size() > SHOWN ? list + " and %d more".formatted(sheets.size() - SHOWN) : list;
    }
}
