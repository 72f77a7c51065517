package dev.belay.cases;

import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Writes the parts of an OpenDocument spreadsheet, as little as an office program would open.
final class OdsParts {
    private OdsParts() {}

    static Map<String, String> of(JsonNode sheets) {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("mimetype", "application/vnd.oasis.opendocument.spreadsheet");
        parts.put("META-INF/manifest.xml", """
                <manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" \
                manifest:version="1.3"><manifest:file-entry manifest:full-path="/" \
                manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/><manifest:file-entry \
                manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>""");
        var tables = new StringBuilder();
        int place = 0;
        for (JsonNode sheet : sheets) {
            place++;
            tables.append("<table:table table:name=\"%s\"%s>"
                    .formatted(
                            XlsxParts.escaped(sheet.path("name").asString("Sheet" + place)),
                            sheet.has("state") ? " table:style-name=\"hidden\"" : ""));
            for (JsonNode row : sheet.path("rows")) {
                tables.append("<table:table-row>");
                row.forEach(cell -> cell(tables, cell));
                tables.append("</table:table-row>");
            }
            tables.append("<table:table-row table:number-rows-repeated=\"1048000\"><table:table-cell")
                    .append(" table:number-columns-repeated=\"16384\"/></table:table-row></table:table>");
        }
        parts.put("content.xml", """
                <office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" \
                xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" \
                xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" \
                xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" office:version="1.3">\
                <office:automatic-styles><style:style style:name="hidden" style:family="table">\
                <style:table-properties table:display="false"/></style:style></office:automatic-styles>\
                <office:body><office:spreadsheet>%s</office:spreadsheet></office:body></office:document-content>""".formatted(tables));
        return parts;
    }

    private static void cell(StringBuilder out, JsonNode cell) {
        if (cell.isNull()) {
            out.append("<table:table-cell/>");
        } else if (cell.has("e")) {
            typed(
                    out,
                    "string\" table:formula=\"of:=A1",
                    "string-value",
                    cell.path("e").asString());
        } else if (cell.has("v")) {
            formatted(out, cell.path("v").asDouble(), cell.path("f").asString());
        } else if (cell.isNumber()) {
            typed(out, "float", "value", cell.asString());
        } else if (cell.isBoolean()) {
            typed(out, "boolean", "boolean-value", cell.asString());
        } else {
            out.append("<table:table-cell office:value-type=\"string\">");
            for (String line : cell.asString().split("\n", -1)) {
                out.append("<text:p>%s</text:p>".formatted(XlsxParts.escaped(line)));
            }
            out.append("</table:table-cell>");
        }
    }

    private static void formatted(StringBuilder out, double number, String format) {
        LocalDateTime moment =
                LocalDateTime.of(1899, 12, 30, 0, 0).plusNanos(Math.round(number * 86_400_000) * 1_000_000);
        if (format.contains("[h]") || (format.contains("h") && !format.contains("y"))) {
            long seconds = Math.round(number * 86_400);
            typed(out, "time", "time-value", "PT%dH%dM%dS".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60));
        } else if (format.contains("h")) {
            typed(out, "date", "date-value", moment.withNano(0) + (moment.getSecond() == 0 ? ":00" : ""));
        } else if (format.contains("y")) {
            typed(out, "date", "date-value", moment.toLocalDate().toString());
        } else {
            typed(out, format.contains("%") ? "percentage" : "float", "value", Double.toString(number));
        }
    }

    private static void typed(StringBuilder out, String type, String attribute, String value) {
        out.append("<table:table-cell office:value-type=\"%s\" office:%s=\"%s\"><text:p>%s</text:p></table:table-cell>"
                .formatted(type, attribute, value, value));
    }
}
