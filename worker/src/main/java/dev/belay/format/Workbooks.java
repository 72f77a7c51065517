package dev.belay.format;

/// Tells workbooks from other zip archives.
final class Workbooks {
    private Workbooks() {}

    static boolean isWorkbook(ZipDirectory zip) {
        return isExcel(zip) || isOpenDocument(zip);
    }

    static boolean isExcel(ZipDirectory zip) {
        return zip.file("[Content_Types].xml").isPresent()
                && zip.files().stream().anyMatch(file -> file.name().matches("/?xl/.*"));
    }

    static boolean isOpenDocument(ZipDirectory zip) {
        return zip.file("mimetype").isPresent() && zip.file("content.xml").isPresent();
    }
}
