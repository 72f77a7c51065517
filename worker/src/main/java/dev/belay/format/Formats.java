package dev.belay.format;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Place;
import dev.belay.job.ReadOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Makes any file it knows readable for a reader of delimited text in UTF-8. Holds no state between calls and may be
/// used by several threads.
public final class Formats {
    private static final int HEAD = 4096;

    private final FormatLimits limits;

    /// @param limits what to take in at most
    public Formats(FormatLimits limits) {
        this.limits = limits;
    }

    /// Takes wrappers off, decodes, writes out. What is plain UTF-8 text already is left where it is and costs
    /// a look at three samples of it.
    ///
    /// @throws JobFailure  when the file is at fault; the message names the place
    /// @throws IOException when files cannot be read or written, or what the order's pulse threw
    public Prepared prepare(Order order) throws JobFailure, IOException {
        return prepared(order, Encodings::decide);
    }

    /// The same once more, after a text that was taken for UTF-8 by its samples has turned out to have bytes that are
    /// none: now all its bytes are asked.
    public Prepared prepareAnew(Order order) throws JobFailure, IOException {
        return prepared(order, (encodings, declared) -> encodings.afterProof());
    }

    /// The sheets of a workbook that people see and that hold a value, by name, in their order; empty for what is no
    /// workbook.
    ///
    /// @throws JobFailure  when the file is at fault
    /// @throws IOException when files cannot be read or written, or what the order's pulse threw
    public Optional<List<String>> sheets(Order order) throws JobFailure, IOException {
        try {
            Wrappers.Inner inner = new Wrappers(limits, order).unwrap();
            return switch (inner.content().kind()) {
                case ZIP -> {
                    try (ZipDirectory zip = ZipDirectory.open(inner.file(), limits, order.pulse())) {
                        if (!Workbooks.isWorkbook(zip)) {
                            yield Optional.empty();
                        }
                        try (Workbook book = opened(zip, order)) {
                            yield Optional.of(FilledSheets.of(book));
                        }
                    }
                }
                case OLE -> {
                    try (OleFile file = OleFile.open(inner.file());
                            Workbook book = Xls.open(file, order.folder(), limits, order.pulse())) {
                        yield Optional.of(FilledSheets.of(book));
                    }
                }
                case TEXT, JSON, PARQUET, OTHER, GZIP, ZSTD, BZIP2, XZ, TAR -> Optional.empty();
            };
        } catch (Source.Trouble trouble) {
            throw trouble.reason();
        }
    }

    private Workbook opened(ZipDirectory zip, Order order) throws JobFailure, IOException {
        return Workbooks.isExcel(zip) ? Xlsx.open(zip, order.folder(), limits) : Ods.open(zip, limits);
    }

    @FunctionalInterface
    private interface Decide {
        Encodings.Decision of(Encodings encodings, Optional<String> declared) throws JobFailure, IOException;
    }

    private Prepared prepared(Order order, Decide decide) throws JobFailure, IOException {
        try {
            Wrappers.Inner inner = new Wrappers(limits, order).unwrap();
            return ofContent(order, inner, decide);
        } catch (Source.Trouble trouble) {
            throw trouble.reason();
        }
    }

    private Prepared ofContent(Order order, Wrappers.Inner inner, Decide decide) throws JobFailure, IOException {
        return switch (inner.content().kind()) {
            case TEXT, JSON -> text(order, inner, decide);
            case ZIP -> zipped(order, inner);
            case OLE -> old(order, inner);
            case PARQUET -> parquet(order, inner);
            case OTHER, GZIP, ZSTD, BZIP2, XZ, TAR -> throw notTabular(inner.content());
        };
    }

    private Prepared text(Order order, Wrappers.Inner inner, Decide decide) throws JobFailure, IOException {
        List<String> notes = new ArrayList<>(inner.notes());
        Encodings.Decision encoding = decide.of(
                new Encodings(inner.file(), order.pulse()), order.read().encoding());
        encoding.note().ifPresent(notes::add);
        Path text = inner.file();
        if (!encoding.isUtf8()) {
            text = decoded(order, inner.file(), encoding, notes);
        }
        String start = start(text);
        Content content = Content.ofText(start);
        if (isJson(order, inner, content)) {
            notes.addAll(claims(ReadOptions.Format.JSON, order, inner));
            return json(order, text, notes);
        }
        if (content.kind() == Content.Kind.OTHER) {
            throw notTabular(content);
        }
        notes.addAll(claims(ReadOptions.Format.CSV, order, inner));
        Optional<Requoting> quoting =
                Requoting.of(start, order.read().quote(), order.read().delimiter());
        if (quoting.isPresent()) {
            return requoted(order, text, quoting.get(), notes);
        }
        Prepared.Kind kind = encoding.isUtf8() ? Prepared.Kind.AS_IT_IS : Prepared.Kind.DECODED;
        return new Prepared(text, kind, encoding.charset().name(), utf8(order.read()), notes, new Refusals());
    }

    private Path decoded(Order order, Path file, Encodings.Decision encoding, List<String> notes)
            throws JobFailure, IOException {
        Path target = order.folder().resolve("decoded");
        var decoding = new Decoding(encoding, limits);
        decoding.write(file, target, order.pulse());
        if (decoding.bad() > 0) {
            notes.add("%,d places are no text in %s, the first at byte %,d; their records are rejected"
                    .formatted(decoding.bad(), encoding.charset(), decoding.firstBad()));
        }
        return target;
    }

    private Prepared requoted(Order order, Path text, Requoting quoting, List<String> notes)
            throws JobFailure, IOException {
        Path target = order.folder().resolve("requoted");
        quoting.write(text, target, limits, order.pulse());
        notes.add("fields stand in %s and are read so".formatted(Quoted.of(quoting.shown())));
        ReadOptions read = order.read();
        var rest = new ReadOptions(
                Optional.of(ReadOptions.Format.CSV),
                Optional.empty(),
                Optional.empty(),
                Optional.of(quoting.delimiter()),
                Optional.empty(),
                Optional.of("UTF-8"),
                read.headerRow());
        return new Prepared(target, Prepared.Kind.DECODED, "UTF-8", rest, notes, new Refusals());
    }

    private static String start(Path text) throws IOException {
        try (InputStream in = Files.newInputStream(text)) {
            String start = new String(in.readNBytes(HEAD), StandardCharsets.UTF_8);
            return start.startsWith("\uFEFF") ? start.substring(1) : start;
        }
    }

    /// What the job says, else what the text begins with, else what it is called.
    private static boolean isJson(Order order, Wrappers.Inner inner, Content content) throws IOException {
        if (order.read().format().isPresent()) {
            return order.read().format().get() == ReadOptions.Format.JSON;
        }
        return content.kind() == Content.Kind.JSON
                || (content.shown().equals(Content.BRACKET)
                        && inner.name().matches("(?i).*\\.(json|jsonl|ndjson|geojson)"));
    }

    private Prepared json(Order order, Path text, List<String> notes) throws JobFailure, IOException {
        Path target = order.folder().resolve("table");
        JsonTable.Written written = JsonTable.write(text, order.read().member(), target, limits, order.pulse());
        notes.addAll(written.notes());
        return written(target, true, notes, written.refusals());
    }

    private Prepared zipped(Order order, Wrappers.Inner inner) throws JobFailure, IOException {
        try (ZipDirectory zip = ZipDirectory.open(inner.file(), limits, order.pulse());
                Workbook book = opened(zip, order)) {
            ReadOptions.Format found = Workbooks.isExcel(zip) ? ReadOptions.Format.XLSX : ReadOptions.Format.ODS;
            return workbook(order, inner, found, book);
        }
    }

    private Prepared old(Order order, Wrappers.Inner inner) throws JobFailure, IOException {
        try (OleFile file = OleFile.open(inner.file());
                Workbook book = Xls.open(file, order.folder(), limits, order.pulse())) {
            return workbook(order, inner, ReadOptions.Format.XLS, book);
        }
    }

    private Prepared parquet(Order order, Wrappers.Inner inner) throws JobFailure, IOException {
        Path target = order.folder().resolve("table");
        List<String> notes = new ArrayList<>(inner.notes());
        notes.addAll(claims(ReadOptions.Format.PARQUET, order, inner));
        new ParquetTable(limits, order.pulse()).write(inner.file(), target);
        return written(target, true, notes, new Refusals());
    }

    private Prepared workbook(Order order, Wrappers.Inner inner, ReadOptions.Format found, Workbook book)
            throws JobFailure, IOException {
        Path target = order.folder().resolve("table");
        List<String> notes = new ArrayList<>(inner.notes());
        notes.addAll(claims(found, order, inner));
        notes.addAll(new WorkbookTable(book, order.read(), limits, target).write());
        return written(target, order.read().headerRow().isPresent(), notes, new Refusals());
    }

    /// @param header whether the first line is known to be the header
    private static Prepared written(Path target, boolean header, List<String> notes, Refusals refusals) {
        var read = new ReadOptions(
                Optional.of(ReadOptions.Format.CSV),
                Optional.empty(),
                Optional.empty(),
                Optional.of(","),
                Optional.empty(),
                Optional.of("UTF-8"),
                header ? OptionalInt.of(1) : OptionalInt.empty());
        return new Prepared(target, Prepared.Kind.WRITTEN, "UTF-8", read, notes, refusals);
    }

    /// What was said of the file and is worth a word.
    private static List<String> claims(ReadOptions.Format found, Order order, Wrappers.Inner inner) throws JobFailure {
        List<String> notes = new ArrayList<>();
        Claims.check(found, order.read(), inner.name(), order.mediaType()).ifPresent(notes::add);
        notes.addAll(Claims.unused(found, order.read(), !inner.file().equals(order.fetched())));
        return notes;
    }

    private static ReadOptions utf8(ReadOptions read) {
        return read.encoded("UTF-8");
    }

    private static JobFailure notTabular(Content content) {
        return JobFailure.permanent(
                FailureCode.NOT_TABULAR, "the file is %s, not a table".formatted(content.shown()), Place.atByte(0));
    }
}
