package dev.belay.sql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;

/// The current row of a query, read by column name.
public final class Row {
    private final ResultSet results;

    Row(ResultSet results) {
        this.results = results;
    }

    /// A text that is never NULL in this column.
    public String text(String column) throws SQLException {
        String value = results.getString(column);
        if (value == null) {
            throw new SQLException("column " + column + " is NULL where it never may be");
        }
        return value;
    }

    /// A text, empty when NULL.
    public Optional<String> optionalText(String column) throws SQLException {
        return Optional.ofNullable(results.getString(column));
    }

    /// A number that is never NULL in this column.
    public long number(String column) throws SQLException {
        long value = results.getLong(column);
        if (results.wasNull()) {
            throw new SQLException("column " + column + " is NULL where it never may be");
        }
        return value;
    }

    /// A number, empty when NULL.
    public OptionalLong optionalNumber(String column) throws SQLException {
        long value = results.getLong(column);
        return results.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /// Bytes that are never NULL in this column.
    public byte[] bytes(String column) throws SQLException {
        byte[] value = results.getBytes(column);
        if (value == null) {
            throw new SQLException("column " + column + " is NULL where it never may be");
        }
        return value;
    }

    /// How a row becomes a value.
    @FunctionalInterface
    public interface Reader<T> {
        /// @throws SQLException as JDBC threw it
        T read(Row row) throws SQLException;
    }
}
