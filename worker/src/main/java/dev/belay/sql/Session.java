package dev.belay.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Statements within one transaction. Values are always bound; `Optional` binds its value or NULL, `Instant`
/// its ISO text. A NUL in a text, which PostgreSQL takes in none, is bound as U+FFFD: what others wrote must
/// not keep a transaction from being made.
public final class Session {
    private final Statements statements;
    private final LongAdder count;

    /// @param connection inside a transaction that its owner ends
    public Session(Connection connection) {
        this(Statements.ofOneUse(connection), new LongAdder());
    }

    /// @param statements of a connection inside a transaction that its owner ends
    /// @param count      of those that are run
    Session(Statements statements, LongAdder count) {
        this.statements = statements;
        this.count = count;
    }

    /// Runs a statement that answers nothing and changes no rows, as it is.
    void run(String sql) throws SQLException {
        count.increment();
        statements.run(sql);
    }

    /// Runs an insert, update or delete.
    ///
    /// @return how many rows it changed
    public int update(String sql, @Nullable Object... values) throws SQLException {
        try (Statements.Taken taken = statements.take(sql)) {
            bind(taken.statement(), values);
            count.increment();
            return taken.statement().executeUpdate();
        }
    }

    /// Runs a statement that must change exactly one row.
    ///
    /// @throws IllegalStateException when it changed another number of rows: a defect, the transaction is
    /// rolled back
    public void updateOne(String sql, @Nullable Object... values) throws SQLException {
        int changed = update(sql, values);
        if (changed != 1) {
            throw new IllegalStateException("one row expected to change, not " + changed + ": " + sql.strip());
        }
    }

    /// The first row of a query.
    public <T> Optional<T> first(String sql, Row.Reader<T> reader, @Nullable Object... values) throws SQLException {
        List<T> rows = list(sql, reader, values);
        return rows.isEmpty() ? Optional.empty() : Optional.of(rows.getFirst());
    }

    /// All rows of a query.
    public <T> List<T> list(String sql, Row.Reader<T> reader, @Nullable Object... values) throws SQLException {
        try (Statements.Taken taken = statements.take(sql)) {
            bind(taken.statement(), values);
            count.increment();
            try (ResultSet results = taken.statement().executeQuery()) {
                var rows = new ArrayList<T>();
                var row = new Row(results);
                while (results.next()) {
                    rows.add(reader.read(row));
                }
                return rows;
            }
        }
    }

    private static void bind(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (int at = 0; at < values.length; at++) {
            statement.setObject(at + 1, plain(values[at]));
        }
    }

    private static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Optional<?> optional -> plain(optional.orElse(null));
            case OptionalLong optional -> optional.isPresent() ? optional.getAsLong() : null;
            case OptionalInt optional -> optional.isPresent() ? optional.getAsInt() : null;
            case Instant instant -> instant.toString();
            case Boolean truth -> truth ? 1 : 0;
            case String text -> text.replace('\0', '\uFFFD');
            case Number number -> number;
            case byte[] bytes -> bytes;
            default -> value.toString();
        };
    }
}
