package dev.belay.cases;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Writes the parts of an Excel workbook, as little as Excel would open.
final class XlsxParts {
    private static final String SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private static final String RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private static final String PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships";

    private final List<String> formats = new ArrayList<>();
    private final List<String> strings = new ArrayList<>();

    private XlsxParts() {}

    /// @param options `1904` for the other calendar, `inline` for texts in their cells
    static Map<String, String> of(JsonNode sheets, String options) {
        return new XlsxParts().parts(sheets, options);
    }

    private Map<String, String> parts(JsonNode sheets, String options) {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("[Content_Types].xml", types(sheets.size()));
        parts.put(
                "_rels/.rels",
                "<Relationships xmlns=\"%s\"><Relationship Id=\"r\" Type=\"%s/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
                        .formatted(PACKAGE, RELATIONS));
        var list = new StringBuilder();
        var relations = new StringBuilder();
        int place = 0;
        for (JsonNode sheet : sheets) {
            place++;
            list.append("<sheet name=\"%s\" sheetId=\"%d\"%s r:id=\"r%d\"/>"
                    .formatted(
                            escaped(sheet.path("name").asString("Sheet" + place)),
                            place,
                            sheet.has("state")
                                    ? " state=\"" + sheet.path("state").asString() + '"'
                                    : "",
                            place));
            relations.append("<Relationship Id=\"r%d\" Type=\"%s/worksheet\" Target=\"worksheets/sheet%d.xml\"/>"
                    .formatted(place, RELATIONS, place));
            parts.put("xl/worksheets/sheet" + place + ".xml", sheet(sheet, options.contains("inline")));
        }
        parts.put(
                "xl/workbook.xml",
                "<workbook xmlns=\"%s\" xmlns:r=\"%s\">%s<sheets>%s</sheets></workbook>"
                        .formatted(
                                SPREADSHEET,
                                RELATIONS,
                                options.contains("1904") ? "<workbookPr date1904=\"1\"/>" : "",
                                list));
        parts.put(
                "xl/_rels/workbook.xml.rels",
                "<Relationships xmlns=\"%s\">%s<Relationship Id=\"s\" Type=\"%s/styles\" Target=\"styles.xml\"/><Relationship Id=\"t\" Type=\"%s/sharedStrings\" Target=\"/xl/sharedStrings.xml\"/></Relationships>"
                        .formatted(PACKAGE, relations, RELATIONS, RELATIONS));
        parts.put("xl/styles.xml", styles());
        parts.put("xl/sharedStrings.xml", strings());
        return parts;
    }

    private static String types(int sheets) {
        String main = "application/vnd.openxmlformats-officedocument.spreadsheetml.";
        var types = new StringBuilder(
                "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
                        + "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>");
        String part = "<Override PartName=\"/xl/%s.xml\" ContentType=\"%s+xml\"/>";
        types.append(part.formatted("workbook", main + "sheet.main"))
                .append(part.formatted("styles", main + "styles"))
                .append(part.formatted("sharedStrings", main + "sharedStrings"));
        for (int sheet = 1; sheet <= sheets; sheet++) {
            types.append(part.formatted("worksheets/sheet" + sheet, main + "worksheet"));
        }
        return types.append("</Types>").toString();
    }

    private String sheet(JsonNode sheet, boolean inline) {
        var rows = new StringBuilder();
        int number = 0;
        int widest = 1;
        for (JsonNode row : sheet.path("rows")) {
            number++;
            widest = Math.max(widest, row.size());
            rows.append("<row r=\"%d\">".formatted(number));
            int column = 0;
            for (JsonNode cell : row) {
                cell(rows, (char) ('A' + column++) + "" + number, cell, inline);
            }
            rows.append("</row>");
        }
        return "<worksheet xmlns=\"%s\"><dimension ref=\"A1:%c%d\"/><sheetData>%s</sheetData></worksheet>"
                .formatted(SPREADSHEET, 'A' + widest - 1, Math.max(1, number), rows);
    }

    private void cell(StringBuilder rows, String name, JsonNode cell, boolean inline) {
        if (cell.isNull()) {
            return;
        }
        if (cell.has("e")) {
            rows.append("<c r=\"%s\" t=\"e\"><v>%s</v></c>"
                    .formatted(name, cell.path("e").asString()));
        } else if (cell.has("v")) {
            formats.add(cell.path("f").asString());
            rows.append("<c r=\"%s\" s=\"%d\"><v>%s</v></c>"
                    .formatted(name, formats.size(), cell.path("v").asString()));
        } else if (cell.isNumber()) {
            rows.append("<c r=\"%s\"><v>%s</v></c>".formatted(name, cell.asString()));
        } else if (cell.isBoolean()) {
            rows.append("<c r=\"%s\" t=\"b\"><v>%d</v></c>".formatted(name, cell.asBoolean() ? 1 : 0));
        } else if (inline) {
            rows.append("<c r=\"%s\" t=\"inlineStr\"><is><t>%s</t></is></c>".formatted(name, escaped(cell.asString())));
        } else {
            strings.add(cell.asString());
            rows.append("<c r=\"%s\" t=\"s\"><v>%d</v></c>".formatted(name, strings.size() - 1));
        }
    }

    private String styles() {
        var written = new StringBuilder();
        var cells = new StringBuilder("<xf numFmtId=\"0\"/>");
        for (int at = 0; at < formats.size(); at++) {
            boolean number = formats.get(at).matches("[0-9]+");
            written.append("<numFmt numFmtId=\"%d\" formatCode=\"%s\"/>".formatted(200 + at, escaped(formats.get(at))));
            cells.append("<xf numFmtId=\"%s\"/>".formatted(number ? formats.get(at) : 200 + at));
        }
        return "<styleSheet xmlns=\"%s\"><numFmts>%s</numFmts><cellXfs>%s</cellXfs></styleSheet>"
                .formatted(SPREADSHEET, written, cells);
    }

    private String strings() {
        var all = new StringBuilder();
        strings.forEach(text -> all.append("<si><t xml:space=\"preserve\">%s</t></si>".formatted(escaped(text))));
        return "<sst xmlns=\"%s\">%s</sst>".formatted(SPREADSHEET, all);
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace("\"", "&quot;")
                .replace("\n", "&#10;")
                .replace("\r", "&#13;");
    }
}
