package dev.belay.tabular;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Place;
import dev.belay.job.ReadOptions;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds out from the first bytes how a file of UTF-8 is written, and reads its header.
final class Detection {
    private static final Pattern SEPARATOR_LINE =
            Pattern.compile("\"?sep=([^\r\n\"])\"?([\r\n]|\\z)", Pattern.CASE_INSENSITIVE);

    private final TableBytes bytes;
    private final ReadLimits limits;

    Detection(TableBytes bytes, ReadLimits limits) {
        this.bytes = bytes;
        this.limits = limits;
    }

    Dialect dialect(ReadOptions options) throws JobFailure, IOException {
        Opening opening = Opening.of(bytes);
        if (options.format().isEmpty()) {
            refuseOther(FileKind.ofBytes(opening.bytes()).or(() -> FileKind.ofText(opening.text())));
        }
        Layout layout = layout(opening, options);
        int above = opening.bytesOfLines(layout.linesAbove());
        var format = new TextFormat(
                layout.delimiter(),
                opening.start() + above,
                opening.lines() + layout.linesAbove(),
                layout.passedOver().units().isPresent());
        List<String> headers = headers(format);
        ColumnNames names = ColumnNames.of(headers);
        return new Dialect(
                format.delimiter(),
                format.start(),
                format.linesAbove(),
                layout.passedOver(),
                headers,
                names.names(),
                ColumnNames.VERSION,
                names.warnings());
    }

    private Layout layout(Opening opening, ReadOptions options) throws JobFailure {
        String text = opening.text();
        Optional<String> delimiter = options.delimiter();
        if (delimiter.isPresent()) {
            requireUsable(delimiter.get());
        }
        if (options.headerRow().isPresent()) {
            return named(opening, options.headerRow().getAsInt(), delimiter);
        }
        Matcher separator = SEPARATOR_LINE.matcher(text);
        if (opening.lines() == 0 && separator.lookingAt()) {
            String said = separator.group(1);
            requireUsable(delimiter.orElse(said));
            if (text.substring(separator.end()).replaceFirst("^[\r\n]+", "").isEmpty()) {
                throw Opening.emptyFile();
            }
            return new Layout(delimiter.orElse(said), 1, PassedOver.NOTHING);
        }
        return Layout.of(text, opening.complete(), delimiter, opening.lines());
    }

    /// The header stands where the job says.
    private static Layout named(Opening opening, int row, Optional<String> delimiter) throws JobFailure {
        long skipped = Math.max(0, row - 1 - opening.lines());
        int above = opening.bytesOfLines(skipped);
        if (above < 0 || above == opening.bytes().length) {
            throw JobFailure.permanent(
                    FailureCode.HEADER_ROW_NOT_FOUND,
                    opening.complete()
                            ? "the file has no line %d (read.headerRow)".formatted(row)
                            : "line %d (read.headerRow) is not among the first %,d bytes, where a header is looked for"
                                    .formatted(row, opening.bytes().length));
        }
        byte[] rest = Arrays.copyOfRange(opening.bytes(), above, opening.bytes().length);
        String text = new Opening(rest, 0, 0, true).text();
        String found = delimiter.orElseGet(() -> DelimiterEvidence.delimiter(text, opening.complete()));
        return new Layout(found, skipped, PassedOver.NOTHING);
    }

    private static void refuseOther(Optional<String> kind) throws JobFailure {
        if (kind.isPresent()) {
            throw JobFailure.permanent(
                    FailureCode.NOT_TABULAR, "the file is " + kind.get() + ", not delimited text", Place.atByte(0));
        }
    }

    private List<String> headers(TextFormat format) throws JobFailure, IOException {
        Header header = Header.read(bytes, format, limits).orElseThrow(Opening::emptyFile);
        if (header.count() > limits.columns()) {
            throw JobFailure.permanent(
                    FailureCode.TOO_MANY_COLUMNS,
                    "the header on line %d has %d columns, more than limits.columns (%d)"
                            .formatted(header.line(), header.count(), limits.columns()));
        }
        return header.titles();
    }

    private static void requireUsable(String delimiter) throws JobFailure {
        if (delimiter.indexOf('"') >= 0 || delimiter.indexOf('\n') >= 0 || delimiter.indexOf('\r') >= 0) {
            throw JobFailure.permanent(
                    FailureCode.JOB_INVALID, "a quote or line end cannot be the delimiter between fields");
        }
    }
}
