package dev.belay.format;

import dev.belay.job.Excerpt;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Rows written as JSON: an array of objects or of arrays, objects one after the other (on lines, printed over several,
/// or without anything between), or one object with the rows in one of its members.
///
/// Two walks: the first finds the columns, which are the keys of all objects in the order of their first
/// appearance; the second writes the rows. Values that are objects or arrays stay JSON; null and a missing key
/// are no value; numbers stay as they are written. Where every object has a line of its own, a line that is no
/// JSON is one rejected record; elsewhere nobody can tell where the next row begins, and the file is refused.
final class JsonTable {
    private static final int RAW = 1 << 12;

    private final FormatLimits limits;
    private final JsonBytes in;
    private final JsonTokens tokens;
    private final JsonShape shape;
    private final JsonKeys keys;
    private final JsonRow row;
    private final List<String> notes = new ArrayList<>();
    private long records;

    private JsonTable(FormatLimits limits, JsonBytes in, JsonShape shape) {
        this.limits = limits;
        this.in = in;
        this.tokens = new JsonTokens(in, limits);
        this.shape = shape;
        this.keys = new JsonKeys(limits);
        this.row = new JsonRow(limits);
    }

    /// @param refusals the records that are only there to be rejected
    record Written(List<String> notes, Refusals refusals) {}

    /// @param file   JSON in UTF-8
    /// @param member the member of an object that holds the rows, where the job names it
    /// @param target the text to be written; killed half-way there is a part of it
    static Written write(Path file, Optional<String> member, Path target, FormatLimits limits, Pulse pulse)
            throws JobFailure, IOException {
        try (var in = new JsonBytes(file, pulse)) {
            JsonShape shape = JsonShape.of(in, member, limits);
            var table = new JsonTable(limits, in, shape);
            return table.written(target);
        }
    }

    private Written written(Path target) throws JobFailure, IOException {
        notes.addAll(shape.notes());
        tokens.keep(false);
        walk(null);
        List<String> header = shape.rows() == JsonShape.Rows.ARRAYS ? shape.header() : keys.names();
        if (header.isEmpty()) {
            throw JobFailure.permanent(FailureCode.EMPTY_FILE, "the JSON has no keys and no rows");
        }
        tokens.keep(true);
        records = 0;
        try (var out = new CanonicalText(target, limits)) {
            out.header(header);
            walk(out);
            return new Written(notes, out.refusals());
        }
    }

    private void walk(@Nullable CanonicalText out) throws JobFailure, IOException {
        in.goTo(shape.start());
        try {
            if (shape.isArray()) {
                elements(out);
            } else {
                sequence(out);
            }
        } catch (JsonSyntax bad) {
            throw failure(bad);
        }
    }

    private void elements(@Nullable CanonicalText out) throws JsonSyntax, JobFailure, IOException {
        tokens.expect('[', "\"[\"");
        if (!tokens.isEmpty(']')) {
            do {
                record(out);
            } while (tokens.more(']'));
        }
        if (shape.isWholeFile() && in.peekPastBlanks() != JsonBytes.END) {
            throw new JsonSyntax(in.spot(), "something stands behind the end of the array");
        }
    }

    private void sequence(@Nullable CanonicalText out) throws JsonSyntax, JobFailure, IOException {
        while (in.peekPastBlanks() != JsonBytes.END) {
            JsonBytes.Spot start = in.spot();
            long before = records;
            try {
                record(out);
            } catch (JsonSyntax bad) {
                if (!shape.hasLines()) {
                    throw bad;
                }
                records = before;
                refuseLine(out, start, bad);
            }
        }
    }

    /// The line the record began on is no record; the next line is the next one.
    private void refuseLine(@Nullable CanonicalText out, JsonBytes.Spot start, JsonSyntax bad)
            throws JobFailure, IOException {
        in.goTo(start);
        in.skipLine();
        records++;
        if (out != null) {
            refuse(out, Refusal.Reason.JSON_SYNTAX, start, in.spot().offset(), bad.placed());
        }
    }

    private void record(@Nullable CanonicalText out) throws JsonSyntax, JobFailure, IOException {
        int next = in.peekPastBlanks();
        JsonBytes.Spot start = in.spot();
        if (next == '{' && shape.rows() == JsonShape.Rows.OBJECTS) {
            object(out, start);
        } else if (next == '[' && shape.rows() == JsonShape.Rows.ARRAYS) {
            array(out, start);
        } else {
            JsonTokens.Kind kind = tokens.value(0);
            records++;
            if (out != null) {
                String message = "it is %s where the other rows are %s".formatted(shown(kind), shape.shown());
                refuse(out, Refusal.Reason.JSON_SHAPE, start, in.spot().offset(), at(start) + ": " + message);
            }
        }
    }

    private void object(@Nullable CanonicalText out, JsonBytes.Spot start) throws JsonSyntax, JobFailure, IOException {
        tokens.expect('{', "\"{\"");
        keys.begin();
        row.begin();
        Optional<Refusal.Reason> refused = Optional.empty();
        String why = "";
        if (!tokens.isEmpty('}')) {
            do {
                tokens.key();
                int column = keys.place(tokens, records + 1);
                if (row.has(column) && refused.isEmpty()) {
                    refused = Optional.of(Refusal.Reason.JSON_DUPLICATE_KEY);
                    why = "key %s is there twice"
                            .formatted(Quoted.of(keys.names().get(column)));
                }
                JsonTokens.Kind kind = tokens.value(shape.depth() + 1);
                if (tokens.hasHalfPair() && refused.isEmpty()) {
                    refused = Optional.of(Refusal.Reason.ENCODING_INVALID);
                    why = "the value of %s has half a surrogate pair, which is no character"
                            .formatted(Quoted.of(keys.names().get(column)));
                }
                take(column, kind, out != null);
            } while (tokens.more('}'));
        }
        records++;
        if (out == null) {
            return;
        }
        if (refused.isPresent()) {
            refuse(out, refused.get(), start, in.spot().offset(), at(start) + ": " + why);
        } else {
            row.write(out, keys.names().size());
        }
    }

    private void array(@Nullable CanonicalText out, JsonBytes.Spot start) throws JsonSyntax, JobFailure, IOException {
        boolean header = records == 0 && shape.firstIsHeader() && start.equals(shape.firstRow());
        tokens.expect('[', "\"[\"");
        row.begin();
        int column = 0;
        if (!tokens.isEmpty(']')) {
            do {
                JsonTokens.Kind kind = tokens.value(shape.depth() + 1);
                // One more than the header has is enough for the reader to reject it.
                if (column <= shape.header().size()) {
                    take(column, kind, out != null);
                    column++;
                }
            } while (tokens.more(']'));
        }
        if (header) {
            return;
        }
        records++;
        if (out != null) {
            row.write(out, column);
        }
    }

    private void take(int column, JsonTokens.Kind kind, boolean writing) throws JobFailure {
        if (kind == JsonTokens.Kind.NULL || !writing) {
            row.nothing(column);
        } else {
            row.value(column, tokens, records + 1);
        }
    }

    private void refuse(CanonicalText out, Refusal.Reason reason, JsonBytes.Spot start, long end, String message)
            throws JobFailure, IOException {
        byte[] raw = in.excerpt(start.offset(), (int) Math.min(RAW, end - start.offset()));
        int length = raw.length;
        while (length > 0 && (raw[length - 1] == '\n' || raw[length - 1] == '\r')) {
            length--;
        }
        var place = new Place(
                OptionalLong.of(records),
                OptionalLong.of(start.line()),
                OptionalLong.of(start.offset()),
                Optional.empty(),
                Optional.of(Excerpt.of(new String(raw, 0, length, java.nio.charset.StandardCharsets.UTF_8))));
        out.refuse(raw, 0, length, new Refusal(reason, place, "record %d, %s".formatted(records, message)));
    }

    private JobFailure failure(JsonSyntax bad) {
        var place = new Place(
                OptionalLong.of(records + 1),
                OptionalLong.of(bad.spot().line()),
                OptionalLong.of(bad.spot().offset()),
                Optional.empty(),
                Optional.empty());
        return JobFailure.permanent(
                FailureCode.JSON_SYNTAX, "record %d, %s".formatted(records + 1, bad.placed()), place);
    }

    private static String at(JsonBytes.Spot spot) {
        return "line %d, column %d (byte %d)".formatted(spot.line(), spot.column(), spot.offset());
    }

    private static String shown(JsonTokens.Kind kind) {
        return switch (kind) {
            case NULL -> "null";
            case TRUTH -> "true or false";
            case NUMBER -> "a number";
            case TEXT -> "a text";
            case OBJECT -> "an object";
            case ARRAY -> "an array";
        };
    }
}
