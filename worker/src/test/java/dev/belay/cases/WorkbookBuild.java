package dev.belay.cases;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.poi.hssf.usermodel.HSSFWorkbook;
import org.apache.poi.ss.usermodel.Cell;
import org.apache.poi.ss.usermodel.CellStyle;
import org.apache.poi.ss.usermodel.FormulaError;
import org.apache.poi.ss.usermodel.Row;
import org.apache.poi.ss.usermodel.Sheet;
import tools.jackson.databind.JsonNode;

/// The steps that make workbooks: `xlsx`, `ods` and `xls`, each out of the `sheets` of a case.
///
/// A sheet is `{name, state, rows}`; a row is a list of cells; a cell is a text, a number, true or false, null for
/// none,
/// `{v: NUMBER, f: FORMAT}` for a number with a format, or `{e: "#REF!"}` for an error. `files` are parts of an XLSX or
/// ODS that take the place of those made, or come beside them.
final class WorkbookBuild {
    private WorkbookBuild() {}

    static byte[] apply(String verb, String rest, Case one, byte[] bytes) throws IOException {
        return switch (verb) {
            case "xlsx" -> zip(one, XlsxParts.of(one.node().path("sheets"), rest));
            case "ods" -> zip(one, OdsParts.of(one.node().path("sheets")));
            case "xls" -> xls(one.node().path("sheets"));
            default ->
                throw new IllegalArgumentException(
                        "no step: %s %s in %s of %d bytes".formatted(verb, rest, one.name(), bytes.length));
        };
    }

    private static byte[] zip(Case one, Map<String, String> parts) throws IOException {
        Map<String, String> all = new LinkedHashMap<>(parts);
        one.files().forEach(file -> all.put(file.getKey(), file.getValue()));
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            for (var part : all.entrySet()) {
                zip.putNextEntry(new ZipEntry(part.getKey()));
                zip.write(part.getValue().getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        }
        return out.toByteArray();
    }

    private static byte[] xls(JsonNode sheets) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var book = new HSSFWorkbook()) {
            int place = 0;
            for (JsonNode sheet : sheets) {
                Sheet made = book.createSheet(sheet.path("name").asString("Sheet" + (place + 1)));
                int at = 0;
                for (JsonNode row : sheet.path("rows")) {
                    row(made.createRow(at++), row);
                }
                if (sheet.has("state")) {
                    book.setSheetHidden(place, true);
                }
                place++;
            }
            book.write(out);
        }
        return out.toByteArray();
    }

    private static void row(Row made, JsonNode row) {
        int at = 0;
        for (JsonNode cell : row) {
            if (!cell.isNull()) {
                cell(made.createCell(at), cell);
            }
            at++;
        }
    }

    private static void cell(Cell made, JsonNode cell) {
        if (cell.has("e")) {
            made.setCellErrorValue(
                    FormulaError.forString(cell.path("e").asString()).getCode());
        } else if (cell.has("v")) {
            made.setCellValue(cell.path("v").asDouble());
            CellStyle style = made.getSheet().getWorkbook().createCellStyle();
            style.setDataFormat(made.getSheet()
                    .getWorkbook()
                    .createDataFormat()
                    .getFormat(cell.path("f").asString()));
            made.setCellStyle(style);
        } else if (cell.isNumber()) {
            made.setCellValue(cell.asDouble());
        } else if (cell.isBoolean()) {
            made.setCellValue(cell.asBoolean());
        } else {
            made.setCellValue(cell.asString());
        }
    }
}
