package dev.belay.datastore.postgres;

import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import dev.belay.sql.SqlNames;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A column as PostgreSQL keeps it. What is read back is what was written, to the letter: numbers, truths,
/// dates and json (not jsonb) always; times that are all written in one [IsoTime] form, and UUIDs in small
/// letters, in types of their own too; numeric without a limit remembers the digits after the point, but
/// not the sign of zero.
///
/// Whatever does not come back from these as it was written makes its column text.
///
/// @param form how times are written, of [IsoTime]; 0 for other types
record StoredColumn(Column column, StoredType type, int form) {
    private static final Pattern WRITTEN = Pattern.compile("([A-Z]+) ([0-9]+)");

    /// The column of a table that is made from nothing; times as they are written most often.
    static StoredColumn of(Column column) {
        return new StoredColumn(
                column,
                switch (column.type()) {
                    case BOOLEAN -> StoredType.BOOLEAN;
                    case INTEGER -> StoredType.BIGINT;
                    case DECIMAL -> StoredType.NUMERIC;
                    case DOUBLE -> StoredType.DOUBLE;
                    case DATE -> StoredType.DATE;
                    case TIME -> StoredType.TIME;
                    case TIMESTAMP -> StoredType.TIMESTAMP;
                    case UUID -> StoredType.UUID;
                    case JSON -> StoredType.JSON;
                    case TEXT -> StoredType.TEXT;
                },
                column.type() == ColumnType.TIME || column.type() == ColumnType.TIMESTAMP ? IsoTime.SECONDS : 0);
    }

    /// Reads what [#written] gives.
    ///
    /// @throws IllegalArgumentException when it is something else
    static StoredColumn read(Column column, String written) {
        Matcher parts = WRITTEN.matcher(written);
        if (!parts.matches()) {
            throw new IllegalArgumentException("\"" + written + "\" is no way to keep a column");
        }
        return new StoredColumn(column, StoredType.valueOf(parts.group(1)), Integer.parseInt(parts.group(2)));
    }

    /// As a manifest keeps it.
    String written() {
        return type + " " + form;
    }

    StoredColumn asText() {
        return new StoredColumn(column, StoredType.TEXT, 0);
    }

    /// The same times in another form.
    StoredColumn in(int otherForm) {
        StoredType other = switch (type) {
            case TIMESTAMP, TIMESTAMPTZ -> IsoTime.isZoned(otherForm) ? StoredType.TIMESTAMPTZ : StoredType.TIMESTAMP;
            case BOOLEAN, BIGINT, NUMERIC, DOUBLE, DATE, TIME, UUID, JSON, NESTED, TEXT -> type;
        };
        return new StoredColumn(column, other, otherForm);
    }

    /// The column in which rows come for this one: as plain JSON, and times with a zone as such.
    StoredColumn incoming() {
        return switch (type) {
            case NESTED -> new StoredColumn(column, StoredType.JSON, form);
            case TIMESTAMP, TIMESTAMPTZ -> in(form);
            case BOOLEAN, BIGINT, NUMERIC, DOUBLE, DATE, TIME, UUID, JSON, TEXT -> this;
        };
    }

    boolean isTime() {
        return switch (type) {
            case TIME, TIMESTAMP, TIMESTAMPTZ -> true;
            case BOOLEAN, BIGINT, NUMERIC, DOUBLE, DATE, UUID, JSON, NESTED, TEXT -> false;
        };
    }

    boolean storesLike(StoredColumn other) {
        return column.type() == other.column.type() && type == other.type && form == other.form;
    }

    String quoted() {
        return SqlNames.quoted(column.name());
    }

    /// The value as an expression that [#read(ResultSet, int)] understands.
    ///
    /// @param value an expression of this type
    String readable(String value) {
        return switch (type) {
            case DATE -> "to_char(%s, 'YYYY-MM-DD')".formatted(value);
            case TIME -> "to_char(%s, '%s')".formatted(value, IsoTime.pattern(form));
            case TIMESTAMP -> "to_char(%s, 'YYYY-MM-DD\"T\"%s')".formatted(value, IsoTime.pattern(form));
            case TIMESTAMPTZ ->
                "to_char(%s AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"%s')".formatted(value, IsoTime.pattern(form));
            case NUMERIC, UUID, JSON -> value + "::text";
            case NESTED -> "(" + value + ").json::text";
            case BOOLEAN, BIGINT, DOUBLE, TEXT -> value;
        };
    }

    /// The value of a [#readable] expression in its storage form.
    @Nullable Object read(ResultSet results, int at) throws SQLException {
        Object value = switch (type) {
            case BOOLEAN -> results.getBoolean(at) ? 1L : 0L;
            case BIGINT -> results.getLong(at);
            case DOUBLE -> results.getDouble(at);
            case NUMERIC, DATE, TIME, TIMESTAMP, TIMESTAMPTZ, UUID, JSON, NESTED, TEXT -> results.getString(at);
        };
        return results.wasNull() ? null : value;
    }

    /// The value as an expression that can be compared and sorted: json itself cannot.
    String comparable(String value) {
        return switch (type) {
            case JSON -> "(" + value + "::text)";
            case NESTED -> "((" + value + ").json::text)";
            case BOOLEAN, BIGINT, NUMERIC, DOUBLE, DATE, TIME, TIMESTAMP, TIMESTAMPTZ, UUID, TEXT -> value;
        };
    }
}
