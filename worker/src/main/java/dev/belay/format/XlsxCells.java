package dev.belay.format;

import dev.belay.job.JobFailure;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Walks over the cells of one worksheet part.
final class XlsxCells {
    private static final long ROWS = 1_048_576;

    private final Xml xml;
    private final String sheet;
    private final @Nullable SharedStrings strings;
    private final List<NumberFormat> styles;
    private final SerialNumbers numbers;
    private long row;
    private int column;

    XlsxCells(
            Xml xml, String sheet, @Nullable SharedStrings strings, List<NumberFormat> styles, SerialNumbers numbers) {
        this.xml = xml;
        this.sheet = sheet;
        this.strings = strings;
        this.styles = styles;
        this.numbers = numbers;
    }

    void walk(Cells cells) throws JobFailure, IOException {
        while (xml.next()) {
            if (xml.isStart("row")) {
                row = xml.attribute("r").map(this::rowNumber).orElse(row + 1);
                column = 0;
                if (row < 1 || row > ROWS) {
                    throw corrupt(
                            "row \"%s\" is none".formatted(xml.attribute("r").orElse("")));
                }
            } else if (xml.isStart("c")) {
                cell(cells);
            } else if (xml.isStart("mergeCell")) {
                cells.merged(1);
            }
        }
    }

    private long rowNumber(String written) {
        return written.matches("[0-9]{1,7}") ? Long.parseLong(written) : 0;
    }

    private void cell(Cells cells) throws JobFailure, IOException {
        String reference = xml.attribute("r").orElse("");
        column = reference.isEmpty() ? column + 1 : CellName.column(reference);
        if (column < 1 || column > CellName.COLUMNS) {
            throw corrupt("cell %s is none".formatted(Quoted.of(reference)));
        }
        String type = xml.attribute("t").orElse("n");
        String style = xml.attribute("s").orElse("");
        var value = new StringBuilder();
        boolean formula = false;
        boolean has = false;
        boolean inValue = false;
        while (xml.next() && !xml.isEnd("c")) {
            if (xml.isStart("v")) {
                has = true;
                inValue = true;
            } else if (xml.isEnd("v")) {
                inValue = false;
            } else if (xml.isStart("f")) {
                formula = true;
            } else if (xml.isStart("is")) {
                value.append(XlsxStrings.text(xml, "is"));
                has = true;
            } else if (inValue && xml.isText()) {
                xml.appendTo(value);
            }
        }
        if (has) {
            give(cells, type, style, value.toString());
        } else if (formula) {
            cells.uncomputed(row, column);
        }
    }

    private void give(Cells cells, String type, String style, String raw) throws JobFailure, IOException {
        String value = switch (type) {
            case "s" -> shared(raw);
            case "b" -> raw.strip().equals("0") ? "false" : "true";
            case "e" -> "";
            case "n" -> raw.isBlank() ? "" : numbers.text(raw, format(style));
            case "str" -> XlsxStrings.unescaped(raw);
            default -> raw;
        };
        if (type.equals("e")) {
            cells.error(row, column);
        } else if (!value.isEmpty()) {
            cells.value(row, column, value);
        }
    }

    private String shared(String raw) throws JobFailure {
        SharedStrings all = strings;
        String number = raw.strip();
        if (all == null || !number.matches("[0-9]{1,10}") || Long.parseLong(number) >= all.size()) {
            throw corrupt("cell %s refers to shared text %s, and there are %d"
                    .formatted(CellName.of(row, column), Quoted.of(raw), all == null ? 0 : all.size()));
        }
        return all.text(Long.parseLong(number));
    }

    private NumberFormat format(String style) {
        if (style.isEmpty()) {
            return NumberFormat.NUMBER;
        }
        boolean known = style.matches("[0-9]{1,7}") && Integer.parseInt(style) < styles.size();
        return known ? styles.get(Integer.parseInt(style)) : NumberFormat.NUMBER;
    }

    private JobFailure corrupt(String why) {
        return xml.corrupt("sheet %s: %s".formatted(Quoted.of(sheet), why));
    }
}
