package dev.belay.format;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.ReadOptions;
import dev.belay.job.ReadOptions.Format;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What is said of a file's format, by the job, by its name and by the server, against what its bytes say. The bytes
/// are believed; the job is held to its word, the others only make a note.
final class Claims {
    private static final Map<String, Format> ENDINGS = Map.ofEntries(
            Map.entry("csv", Format.CSV),
            Map.entry("tsv", Format.CSV),
            Map.entry("tab", Format.CSV),
            Map.entry("json", Format.JSON),
            Map.entry("jsonl", Format.JSON),
            Map.entry("ndjson", Format.JSON),
            Map.entry("geojson", Format.JSON),
            Map.entry("xlsx", Format.XLSX),
            Map.entry("xlsm", Format.XLSX),
            Map.entry("xls", Format.XLS),
            Map.entry("ods", Format.ODS),
            Map.entry("parquet", Format.PARQUET));
    private static final Map<String, Format> MEDIA_TYPES = Map.of(
            "application/json", Format.JSON,
            "application/x-ndjson", Format.JSON,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Format.XLSX,
            "application/vnd.oasis.opendocument.spreadsheet", Format.ODS,
            "application/vnd.apache.parquet", Format.PARQUET);

    private Claims() {}

    /// @param name the file's own, unpacked
    /// @return what is worth knowing
    /// @throws JobFailure `FORMAT_MISMATCH` when the job says otherwise
    static Optional<String> check(Format found, ReadOptions read, String name, Optional<String> mediaType)
            throws JobFailure {
        if (read.format().isPresent()) {
            if (read.format().get() != found) {
                throw JobFailure.permanent(
                        FailureCode.FORMAT_MISMATCH,
                        "the job says that the file is %s (read.format), but it is %s"
                                .formatted(shown(read.format().get()), shown(found)));
            }
            return Optional.empty();
        }
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        Optional<Format> byName = Optional.ofNullable(ENDINGS.get(ending));
        if (byName.isPresent() && byName.get() != found) {
            return Optional.of(
                    "the file is called %s, but it is %s and is read as that".formatted(Quoted.of(name), shown(found)));
        }
        Optional<Format> byServer = mediaType.flatMap(type -> Optional.ofNullable(
                MEDIA_TYPES.get(type.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT))));
        return byServer.filter(said -> said != found)
                .map(said -> "the server says that the file is %s, but it is %s and is read as that"
                        .formatted(shown(said), shown(found)));
    }

    /// What the job says of the file that means nothing for a file of this format, so that nobody waits for its effect.
    ///
    /// @param unpacked whether a wrapper was taken off
    static List<String> unused(Format found, ReadOptions read, boolean unpacked) {
        boolean isWorkbook = found == Format.XLSX || found == Format.XLS || found == Format.ODS;
        boolean isText = found == Format.CSV;
        List<String> unused = new ArrayList<>();
        if (read.member().isPresent() && !unpacked && found != Format.JSON) {
            unused.add("read.member");
        }
        if (read.sheet().isPresent() && !isWorkbook) {
            unused.add("read.sheet");
        }
        if (read.delimiter().isPresent() && !isText) {
            unused.add("read.delimiter");
        }
        if (read.quote().isPresent() && !isText) {
            unused.add("read.quote");
        }
        if (read.encoding().isPresent() && !isText && found != Format.JSON) {
            unused.add("read.encoding");
        }
        if (read.headerRow().isPresent() && !isText && !isWorkbook) {
            unused.add("read.headerRow");
        }
        if (read.numberMarks().decimal().isPresent() && !isText) {
            unused.add("read.decimalMark");
        }
        if (read.numberMarks().group().isPresent() && !isText) {
            unused.add("read.groupMark");
        }
        return unused.stream()
                .map(option -> "%s means nothing for %s and was not used".formatted(option, shown(found)))
                .toList();
    }

    private static String shown(Format format) {
        return switch (format) {
            case CSV -> "delimited text";
            case JSON -> "JSON";
            case XLSX -> "an XLSX workbook";
            case XLS -> "an XLS workbook";
            case ODS -> "an ODS spreadsheet";
            case PARQUET -> "a Parquet file";
        };
    }
}
