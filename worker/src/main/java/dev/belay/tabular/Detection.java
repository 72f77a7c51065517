package dev.belay.tabular;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Place;
import dev.belay.job.ReadOptions;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds out from the first bytes how a file is written, and reads its header.
final class Detection {
    private static final int SAMPLE_CHARS = 1 << 18;
    private static final Pattern SEPARATOR_LINE =
            Pattern.compile("\"?sep=([^\r\n\"])\"?([\r\n]|\\z)", Pattern.CASE_INSENSITIVE);

    private final TableBytes bytes;
    private final ReadLimits limits;

    Detection(TableBytes bytes, ReadLimits limits) {
        this.bytes = bytes;
        this.limits = limits;
    }

    Dialect dialect(ReadOptions options) throws JobFailure, IOException {
        byte[] head = head();
        Encodings.Decision encoding = Encodings.decide(head, options.encoding());
        refuseOther(encoding.marked() ? Optional.empty() : FileKind.ofBytes(head));
        List<String> warnings = new ArrayList<>(contradiction(encoding, options));
        TextFormat raw = new TextFormat(encoding.charset().name(), encoding.marked(), ',', false);
        Sample sample = sample(raw);
        refuseOther(FileKind.ofText(sample.text()));

        Matcher separator = SEPARATOR_LINE.matcher(sample.text());
        boolean separatorLine = !sample.afterBlankLines() && separator.lookingAt();
        String table =
                separatorLine ? sample.text().substring(separator.end()).replaceFirst("^[\r\n]+", "") : sample.text();
        if (table.isEmpty()) {
            throw emptyFile();
        }
        char delimiter;
        if (options.delimiter().isPresent()) {
            delimiter = usable(options.delimiter().get().charAt(0));
        } else if (separatorLine) {
            delimiter = usable(separator.group(1).charAt(0));
        } else {
            delimiter = DelimiterEvidence.delimiter(table, sample.complete());
        }
        var format = new TextFormat(raw.encoding(), raw.byteOrderMark(), delimiter, separatorLine);
        List<String> headers = headers(format, Transcoded.of(bytes, format));
        ColumnNames names = ColumnNames.of(headers);
        warnings.addAll(names.warnings());
        return new Dialect(
                format.encoding(),
                format.byteOrderMark(),
                delimiter,
                separatorLine,
                headers,
                names.names(),
                ColumnNames.VERSION,
                warnings);
    }

    private byte[] head() throws IOException {
        try (var in = new TableStream(bytes, 0)) {
            return in.readNBytes(FileKind.BYTES_NEEDED);
        }
    }

    private static void refuseOther(Optional<String> kind) throws JobFailure {
        if (kind.isPresent()) {
            throw JobFailure.permanent(
                    FailureCode.NOT_TABULAR, "the file is " + kind.get() + ", not delimited text", Place.atByte(0));
        }
    }

    private static List<String> contradiction(Encodings.Decision encoding, ReadOptions options) {
        String used = encoding.charset().name();
        return options
                .encoding()
                .filter(declared -> encoding.marked()
                        && !used.startsWith(Charset.forName(declared).name()))
                .map(declared -> "the file starts with the byte order mark of %s, so it is read as that and not as %s"
                        .formatted(used, Quoted.of(declared)))
                .stream()
                .toList();
    }

    private record Sample(String text, boolean afterBlankLines, boolean complete) {}

    /// The first characters after blank lines, however many of those there are. Bytes that are no text do not matter
    /// here.
    private Sample sample(TextFormat format) throws JobFailure, IOException {
        var text = new StringBuilder();
        boolean blankLines = false;
        char[] chunk = new char[8192];
        try (var in = new TableStream(bytes, format.markBytes());
                var reader = new InputStreamReader(in, format.charset())) {
            while (text.length() < SAMPLE_CHARS) {
                int count = reader.read(chunk, 0, chunk.length);
                if (count < 0) {
                    if (text.isEmpty()) {
                        throw emptyFile();
                    }
                    return new Sample(text.toString(), blankLines, true);
                }
                int from = 0;
                while (text.isEmpty() && from < count && (chunk[from] == '\n' || chunk[from] == '\r')) {
                    from++;
                    blankLines = true;
                }
                text.append(chunk, from, count - from);
            }
            return new Sample(text.toString(), blankLines, false);
        }
    }

    private List<String> headers(TextFormat format, TableBytes utf8) throws JobFailure, IOException {
        TextFormat plain = utf8.equals(bytes) ? format : format.asUtf8();
        Header header = Header.read(utf8, plain, limits).orElseThrow(Detection::emptyFile);
        if (header.count() > limits.columns()) {
            throw JobFailure.permanent(
                    FailureCode.TOO_MANY_COLUMNS,
                    "the header on line %d has %d columns, more than limits.columns (%d)"
                            .formatted(header.line(), header.count(), limits.columns()));
        }
        return header.titles();
    }

    private static char usable(char delimiter) throws JobFailure {
        if (delimiter == QuoteDiagnosis.QUOTE || delimiter == '\n' || delimiter == '\r') {
            throw JobFailure.permanent(
                    FailureCode.JOB_INVALID, "a quote or line end cannot be the delimiter between fields");
        }
        return delimiter;
    }

    private static JobFailure emptyFile() {
        return JobFailure.permanent(FailureCode.EMPTY_FILE, "the file has no header and no rows");
    }
}
