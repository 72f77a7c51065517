package dev.belay.format;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.io.IOException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/// Walks over the cells of one table of an OpenDocument spreadsheet. Repeated cells and rows are given as often as they
/// are repeated, where they hold something.
final class OdsCells {
    private static final long ROWS = 1_048_576;

    private final Xml xml;
    private final String sheet;
    private final FormatLimits limits;
    private final List<Cell> cells = new ArrayList<>();
    private long row;
    private int column;

    /// @param value empty for an error
    private record Cell(int column, String value) {}

    OdsCells(Xml xml, String sheet, FormatLimits limits) {
        this.xml = xml;
        this.sheet = sheet;
        this.limits = limits;
    }

    /// To the end of the table that begins here.
    void walk(Cells target) throws JobFailure, IOException {
        int depth = 1;
        while (depth > 0 && xml.next()) {
            if (xml.isStart("table")) {
                // A table inside a cell is none of ours.
                depth++;
            } else if (xml.isEnd("table")) {
                depth--;
            } else if (depth == 1 && xml.isStart("table-row")) {
                row(target, repeated("number-rows-repeated"));
            }
        }
    }

    private void row(Cells target, long times) throws JobFailure, IOException {
        cells.clear();
        column = 0;
        while (xml.next() && !xml.isEnd("table-row")) {
            if (xml.isStart("table-cell") || xml.isStart("covered-table-cell")) {
                cell(target, xml.name());
            }
        }
        if (cells.isEmpty()) {
            row += times;
            return;
        }
        if (row + times > ROWS) {
            throw corrupt("row %d is repeated %,d times, beyond row %,d".formatted(row + 1, times, ROWS));
        }
        for (long time = 0; time < times; time++) {
            row++;
            for (Cell cell : cells) {
                if (cell.value().isEmpty()) {
                    target.error(row, cell.column());
                } else {
                    target.value(row, cell.column(), cell.value());
                }
            }
        }
    }

    private void cell(Cells target, String element) throws JobFailure, IOException {
        long times = repeated("number-columns-repeated");
        boolean covered = element.equals("covered-table-cell");
        if (repeated("number-columns-spanned") > 1 || repeated("number-rows-spanned") > 1) {
            target.merged(1);
        }
        boolean formula = xml.attribute("formula").isPresent();
        String given = given();
        String text = text(element);
        String value = given.isEmpty() ? text : given;
        boolean broken = formula && value.matches("#(REF|N/A|DIV/0|VALUE|NAME|NUM|NULL)[!?]?|Err:[0-9]{3}");
        if (covered || value.isEmpty()) {
            column = (int) Math.min(column + times, Integer.MAX_VALUE);
            return;
        }
        if (times > limits.columns() + 1L) {
            throw JobFailure.permanent(
                    FailureCode.TOO_MANY_COLUMNS,
                    "sheet %s: cell %s is repeated %,d times, more than limits.columns (%d)"
                            .formatted(Quoted.of(sheet), CellName.of(row + 1, column + 1), times, limits.columns()));
        }
        for (long time = 0; time < times; time++) {
            cells.add(new Cell(++column, broken ? "" : value));
        }
    }

    /// The value as the attributes have it; empty where the text is the value.
    private String given() {
        return switch (xml.attribute("value-type").orElse("")) {
            case "float", "percentage", "currency" ->
                xml.attribute("value")
                        .map(value -> new SerialNumbers(false).text(value, NumberFormat.NUMBER))
                        .orElse("");
            case "date" -> xml.attribute("date-value").map(OdsCells::moment).orElse("");
            case "time" -> xml.attribute("time-value").map(OdsCells::clock).orElse("");
            case "boolean" -> xml.attribute("boolean-value").orElse("");
            case "string" -> xml.attribute("string-value").orElse("");
            default -> "";
        };
    }

    private static String moment(String written) {
        return written.indexOf('.') < 0 ? written : written.replaceFirst("\\.?0+$", "");
    }

    private static String clock(String written) {
        try {
            Duration duration = Duration.parse(written.replace(',', '.'));
            long seconds = duration.toSeconds();
            String clock = "%02d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
            int millis = duration.toMillisPart();
            return millis == 0 ? clock : (clock + ".%03d".formatted(millis)).replaceFirst("0+$", "");
        } catch (DateTimeParseException other) {
            return written;
        }
    }

    /// The paragraphs of the cell, a line each; not its annotations.
    private String text(String element) throws JobFailure, IOException {
        var text = new StringBuilder();
        int paragraphs = 0;
        int inParagraph = 0;
        int aside = 0;
        while (xml.next() && !(aside == 0 && xml.isEnd(element))) {
            if (xml.isStart("annotation") || xml.isStart("table")) {
                aside++;
            } else if (xml.isEnd("annotation") || xml.isEnd("table")) {
                aside--;
            } else if (aside == 0 && xml.isStart("p")) {
                inParagraph++;
                if (paragraphs++ > 0) {
                    text.append('\n');
                }
            } else if (aside == 0 && xml.isEnd("p")) {
                inParagraph--;
            } else if (aside == 0 && inParagraph > 0 && xml.isText()) {
                xml.appendTo(text);
            } else if (aside == 0 && inParagraph > 0 && xml.isStart()) {
                space(text);
            }
        }
        return text.toString();
    }

    private void space(StringBuilder text) throws JobFailure {
        switch (xml.name()) {
            case "s" -> {
                long count = xml.attribute("c")
                        .filter(c -> c.matches("[0-9]{1,6}"))
                        .map(Long::parseLong)
                        .orElse(1L);
                text.repeat(' ', (int) Math.min(count, 100_000));
            }
            case "tab" -> text.append('\t');
            case "line-break" -> text.append('\n');
            default -> {
                // Spans and links only dress what is in them.
            }
        }
        if (text.length() > limits.fieldBytes()) {
            throw JobFailure.permanent(
                    FailureCode.FIELD_TOO_LARGE,
                    "sheet %s: cell %s is larger than limits.fieldBytes (%d bytes)"
                            .formatted(Quoted.of(sheet), CellName.of(row + 1, column + 1), limits.fieldBytes()));
        }
    }

    private long repeated(String attribute) throws JobFailure {
        String times = xml.attribute(attribute).orElse("1");
        if (!times.matches("[0-9]{1,9}") || Long.parseLong(times) < 1) {
            throw corrupt("%s is %s".formatted(attribute, Quoted.of(times)));
        }
        return Long.parseLong(times);
    }

    private JobFailure corrupt(String why) {
        return xml.corrupt("sheet %s: %s".formatted(Quoted.of(sheet), why));
    }
}
