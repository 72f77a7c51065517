package dev.belay.format;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Where the rows of a JSON text are and what they are, found before anything is written.
///
/// A text that is one single object and has exactly one member that is a filled array of objects keeps its rows there
/// (GeoJSON's `features`, the answers of many services); with several such members the job names one.
///
/// @param start         where the rows' array, or the first object of a sequence, begins
/// @param isArray       whether the rows are elements of an array
/// @param hasLines      whether every object has a line of its own
/// @param isWholeFile   whether nothing may stand behind the array
/// @param depth         how many values stand around a row
/// @param header        the columns, for rows that are arrays
/// @param firstIsHeader whether the first of those rows is the header
/// @param firstRow      where the first row stands
record JsonShape(
        JsonBytes.Spot start,
        Rows rows,
        boolean isArray,
        boolean hasLines,
        boolean isWholeFile,
        int depth,
        List<String> header,
        boolean firstIsHeader,
        JsonBytes.Spot firstRow,
        List<String> notes) {
    /// What the rows are.
    enum Rows {
        OBJECTS,
        ARRAYS
    }

    String shown() {
        return rows == Rows.OBJECTS ? "objects" : "arrays";
    }

    static JsonShape of(JsonBytes in, Optional<String> member, FormatLimits limits) throws JobFailure, IOException {
        if (in.peek() == 0xef) {
            in.goTo(new JsonBytes.Spot(3, 1, 3));
        }
        int first = in.peekPastBlanks();
        var tokens = new JsonTokens(in, limits);
        tokens.keep(false);
        if (first == '[') {
            return ofArray(in, in.spot(), true, 0, List.of(), limits);
        }
        if (first != '{') {
            throw first == JsonBytes.END
                    ? JobFailure.permanent(FailureCode.EMPTY_FILE, "the file has no header and no rows")
                    : shape(in.spot(), "the text is neither an array nor objects");
        }
        JsonBytes.Spot start = in.spot();
        try {
            return ofObjects(in, start, new JsonMembers(in, tokens).read(member), member, limits);
        } catch (JsonSyntax bad) {
            in.goTo(start);
            in.skipLine();
            boolean lines = bad.spot().line() == start.line() && in.peekPastBlanks() == '{';
            return sequence(start, lines);
        }
    }

    private static JsonShape ofObjects(
            JsonBytes in, JsonBytes.Spot start, JsonMembers.Found found, Optional<String> member, FormatLimits limits)
            throws JobFailure, IOException {
        boolean sameLine = in.line() == start.line();
        boolean alone = in.peekPastBlanks() == JsonBytes.END;
        if (!alone) {
            return sequence(start, sameLine && in.line() > start.line());
        }
        if (member.isPresent() && found.chosen().isPresent()) {
            return ofArray(in, found.chosen().get().spot(), false, 1, List.of(), limits);
        }
        if (found.tables().size() > 1) {
            throw shape(
                    start,
                    "the object has %d members that may be the rows; name one as read.member: %s"
                            .formatted(
                                    found.tables().size(),
                                    found.tables().stream()
                                            .map(table -> Quoted.of(table.name()))
                                            .collect(Collectors.joining(", "))));
        }
        if (found.tables().size() == 1) {
            JsonMembers.Member table = found.tables().getFirst();
            String note = "the rows are the member %s of the one object in the file".formatted(Quoted.of(table.name()));
            return ofArray(in, table.spot(), false, 1, List.of(note), limits);
        }
        if (found.members() > 1 && found.objects() == found.members()) {
            throw shape(start, "the text is one object of %d objects, not an array of rows".formatted(found.members()));
        }
        return sequence(start, false);
    }

    private static JsonShape sequence(JsonBytes.Spot start, boolean lines) {
        return new JsonShape(start, Rows.OBJECTS, false, lines, true, 0, List.of(), false, start, List.of());
    }

    private static JsonShape ofArray(
            JsonBytes in, JsonBytes.Spot start, boolean whole, int depth, List<String> notes, FormatLimits limits)
            throws JobFailure, IOException {
        in.goTo(start);
        in.next();
        int first = in.peekPastBlanks();
        JsonBytes.Spot firstRow = in.spot();
        if (first == ']') {
            throw JobFailure.permanent(
                    FailureCode.EMPTY_FILE, "the array at byte %d is empty".formatted(start.offset()));
        }
        if (first == '[') {
            return ofArrays(
                    in,
                    start,
                    firstRow,
                    new JsonShape(start, Rows.ARRAYS, true, false, whole, depth + 1, List.of(), false, firstRow, notes),
                    limits);
        }
        if (first != '{' && first != JsonBytes.END && "\"-0123456789tfn".indexOf(first) >= 0) {
            throw shape(firstRow, "the array holds single values, not rows");
        }
        return new JsonShape(start, Rows.OBJECTS, true, false, whole, depth + 1, List.of(), false, firstRow, notes);
    }

    /// Rows that are arrays: the first is the header if it holds nothing but texts.
    private static JsonShape ofArrays(
            JsonBytes in, JsonBytes.Spot start, JsonBytes.Spot firstRow, JsonShape shape, FormatLimits limits)
            throws JobFailure, IOException {
        var tokens = new JsonTokens(in, limits);
        List<String> header = new ArrayList<>();
        boolean texts = true;
        try {
            in.next();
            if (!tokens.isEmpty(']')) {
                do {
                    if (header.size() == limits.columns()) {
                        throw JobFailure.permanent(
                                FailureCode.TOO_MANY_COLUMNS,
                                "the first row has more columns than limits.columns (%d)".formatted(limits.columns()));
                    }
                    texts &= tokens.value(shape.depth() + 1) == JsonTokens.Kind.TEXT;
                    header.add(new String(tokens.bytes(), 0, tokens.length(), StandardCharsets.UTF_8));
                } while (tokens.more(']'));
            }
        } catch (JsonSyntax bad) {
            throw JobFailure.permanent(FailureCode.JSON_SYNTAX, "the first row, " + bad.placed());
        }
        var notes = new ArrayList<>(shape.notes());
        if (!texts) {
            notes.add("the first row does not hold only texts, so it is no header; columns are named by their number");
            for (int column = 0; column < header.size(); column++) {
                header.set(column, "column_" + (column + 1));
            }
        }
        return new JsonShape(
                start, Rows.ARRAYS, true, false, shape.isWholeFile(), shape.depth(), header, texts, firstRow, notes);
    }

    private static JobFailure shape(JsonBytes.Spot spot, String message) {
        return JobFailure.permanent(
                FailureCode.JSON_SHAPE,
                "line %d, column %d (byte %d): %s".formatted(spot.line(), spot.column(), spot.offset(), message));
    }
}
