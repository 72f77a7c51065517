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

/// An Excel workbook (ECMA-376, XLSX and XLSM), streamed: of each part of the archive only the element at hand is in
/// memory. Relations that lead out of the file, macros and formulas are not looked at; the values are those that Excel
/// has computed.
final class Xlsx implements Workbook {
    private static final int MOST_SHEETS = 10_000;

    private final ZipDirectory zip;
    private final FormatLimits limits;
    private final List<Sheet> sheets = new ArrayList<>();
    private final List<String> parts = new ArrayList<>();
    private final List<NumberFormat> styles = new ArrayList<>();
    private SerialNumbers numbers = new SerialNumbers(false);
    private @Nullable SharedStrings strings;

    private record Relation(String type, String target, boolean inside) {}

    private Xlsx(ZipDirectory zip, FormatLimits limits) {
        this.zip = zip;
        this.limits = limits;
    }

    /// @param zip    closed with the workbook
    /// @param folder where shared texts are laid
    static Xlsx open(ZipDirectory zip, Path folder, FormatLimits limits) throws JobFailure, IOException {
        var book = new Xlsx(zip, limits);
        book.read(folder);
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
        try (Xml xml = Xml.open(zip, parts.get(sheet), limits)) {
            while (xml.next()) {
                if (xml.isStart("dimension")) {
                    String range = xml.attribute("ref").orElse("");
                    return CellName.column(range.substring(range.indexOf(':') + 1));
                }
                if (xml.isStart("sheetData")) {
                    return 0;
                }
            }
            return 0;
        }
    }

    @Override
    public void walk(int sheet, Cells cells) throws JobFailure, IOException {
        try (Xml xml = Xml.open(zip, parts.get(sheet), limits)) {
            new XlsxCells(xml, sheets.get(sheet).name(), strings, styles, numbers).walk(cells);
        }
    }

    @Override
    public void close() throws IOException {
        if (strings != null) {
            strings.close();
        }
        zip.close();
    }

    private void read(Path folder) throws JobFailure, IOException {
        String main = relations("").values().stream()
                .filter(relation -> relation.type().endsWith("/officeDocument") && relation.inside())
                .map(Relation::target)
                .findFirst()
                .orElse("xl/workbook.xml");
        if (main.endsWith(".bin")) {
            throw JobFailure.permanent(
                    FailureCode.WORKBOOK_UNSUPPORTED,
                    "the workbook is in Excel's binary format (XLSB), which is not read; save it as XLSX");
        }
        Map<String, Relation> relations = relations(main);
        readSheets(main, relations);
        for (Relation relation : relations.values()) {
            if (relation.type().endsWith("/styles") && relation.inside()) {
                readStyles(relation.target());
            } else if (relation.type().endsWith("/sharedStrings") && relation.inside()) {
                strings = XlsxStrings.read(zip, relation.target(), folder, limits);
            }
        }
    }

    private void readSheets(String main, Map<String, Relation> relations) throws JobFailure, IOException {
        try (Xml xml = Xml.open(zip, main, limits)) {
            while (xml.next()) {
                if (xml.isStart("workbookPr")) {
                    String from1904 = xml.attribute("date1904").orElse("0");
                    numbers = new SerialNumbers(from1904.equals("1") || from1904.equals("true"));
                } else if (xml.isStart("sheet") && sheets.size() < MOST_SHEETS) {
                    @Nullable Relation relation = relations.get(xml.attribute("id").orElse(""));
                    if (relation != null && relation.inside() && relation.type().endsWith("/worksheet")) {
                        parts.add(relation.target());
                        boolean visible =
                                xml.attribute("state").orElse("visible").equals("visible");
                        sheets.add(new Sheet(xml.attribute("name").orElse(""), visible));
                    }
                }
            }
        }
    }

    private void readStyles(String part) throws JobFailure, IOException {
        Map<String, NumberFormat> written = new HashMap<>();
        boolean cellFormats = false;
        try (Xml xml = Xml.open(zip, part, limits)) {
            while (xml.next()) {
                if (xml.isStart("numFmt")) {
                    written.put(
                            xml.attribute("numFmtId").orElse(""),
                            NumberFormat.of(xml.attribute("formatCode").orElse("")));
                } else if (xml.isStart("cellXfs")) {
                    cellFormats = true;
                } else if (xml.isEnd("cellXfs")) {
                    cellFormats = false;
                } else if (cellFormats && xml.isStart("xf")) {
                    String id = xml.attribute("numFmtId").orElse("0");
                    @Nullable NumberFormat format = written.get(id);
                    styles.add(format == null ? builtIn(id) : format);
                }
                if (styles.size() + written.size() > 1_000_000) {
                    throw xml.corrupt("it has more than 1,000,000 formats");
                }
            }
        }
    }

    private static NumberFormat builtIn(String id) {
        return id.matches("[0-9]{1,4}") ? NumberFormat.builtIn(Integer.parseInt(id)) : NumberFormat.NUMBER;
    }

    /// What a part refers to, by id; nothing that lies outside the file.
    private Map<String, Relation> relations(String part) throws JobFailure, IOException {
        int slash = part.lastIndexOf('/');
        String folder = part.substring(0, slash + 1);
        String name = folder + "_rels/" + part.substring(slash + 1) + ".rels";
        Map<String, Relation> relations = new HashMap<>();
        if (zip.file(name).isEmpty()) {
            return relations;
        }
        try (Xml xml = Xml.open(zip, name, limits)) {
            while (xml.next() && relations.size() < MOST_SHEETS * 2) {
                if (xml.isStart("Relationship")) {
                    String target = xml.attribute("Target").orElse("");
                    boolean inside = !xml.attribute("TargetMode").orElse("").equals("External");
                    relations.put(
                            xml.attribute("Id").orElse(""),
                            new Relation(
                                    xml.attribute("Type").orElse(""),
                                    target.startsWith("/") ? target.substring(1) : resolved(folder, target),
                                    inside));
                }
            }
        }
        return relations;
    }

    /// A name beside another one in the archive. Only ever looked up among the names that are there.
    private static String resolved(String folder, String target) {
        String base = folder;
        String rest = target;
        while (rest.startsWith("../")) {
            rest = rest.substring(3);
            base = base.replaceFirst("[^/]*/$", "");
        }
        return base + (rest.startsWith("./") ? rest.substring(2) : rest);
    }
}
