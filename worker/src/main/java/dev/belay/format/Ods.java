package dev.belay.format;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// An OpenDocument spreadsheet (ODF 1.3), streamed out of `content.xml`.
final class Ods implements Workbook {
    private static final int MOST_SHEETS = 10_000;
    private static final String CONTENT = "content.xml";

    private final ZipDirectory zip;
    private final FormatLimits limits;
    private final List<Sheet> sheets = new ArrayList<>();

    private Ods(ZipDirectory zip, FormatLimits limits) {
        this.zip = zip;
        this.limits = limits;
    }

    /// @param zip closed with the workbook
    static Ods open(ZipDirectory zip, FormatLimits limits) throws JobFailure, IOException {
        var book = new Ods(zip, limits);
        book.refuseEncrypted();
        book.readSheets();
        return book;
    }

    @Override
    public String shown() {
        return "the OpenDocument spreadsheet";
    }

    @Override
    public List<Sheet> sheets() {
        return List.copyOf(sheets);
    }

    @Override
    public int claimedColumns(int sheet) {
        return 0;
    }

    @Override
    public void walk(int sheet, Cells cells) throws JobFailure, IOException {
        try (Xml xml = Xml.open(zip, CONTENT, limits)) {
            int table = -1;
            while (xml.next()) {
                if (xml.isStart("table") && ++table == sheet) {
                    new OdsCells(xml, sheets.get(sheet).name(), limits).walk(cells);
                    return;
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }

    private void refuseEncrypted() throws JobFailure, IOException {
        if (zip.file("META-INF/manifest.xml").isEmpty()) {
            return;
        }
        try (Xml xml = Xml.open(zip, "META-INF/manifest.xml", limits)) {
            while (xml.next()) {
                if (xml.isStart("encryption-data")) {
                    throw JobFailure.permanent(
                            FailureCode.WORKBOOK_ENCRYPTED, "the OpenDocument spreadsheet has a password");
                }
            }
        }
    }

    private void readSheets() throws JobFailure, IOException {
        Set<String> hidden = new HashSet<>();
        String style = "";
        boolean spreadsheet = false;
        try (Xml xml = Xml.open(zip, CONTENT, limits)) {
            while (xml.next()) {
                if (xml.isStart("style")) {
                    style = xml.attribute("name").orElse("");
                } else if (xml.isStart("table-properties")
                        && xml.attribute("display").orElse("").equals("false")
                        && hidden.size() < MOST_SHEETS) {
                    hidden.add(style);
                } else if (xml.isStart("spreadsheet")) {
                    spreadsheet = true;
                } else if (xml.isStart("table") && sheets.size() < MOST_SHEETS) {
                    boolean visible =
                            !hidden.contains(xml.attribute("style-name").orElse(""));
                    sheets.add(new Sheet(xml.attribute("name").orElse(""), visible));
                }
            }
        }
        if (!spreadsheet) {
            throw JobFailure.permanent(FailureCode.NOT_TABULAR, "the file is an OpenDocument file, but no spreadsheet");
        }
    }
}
