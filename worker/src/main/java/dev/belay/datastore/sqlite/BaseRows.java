package dev.belay.datastore.sqlite;

import dev.belay.datastore.Widening;
import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import dev.belay.job.DatasetId;
import dev.belay.sql.Session;
import dev.belay.sql.SqlNames;
import dev.belay.sql.SqliteConnections;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sqlite.Function;

/// The rows an append or upsert starts from, and how they come into a table with more or wider columns.
///
/// @param file    the base's version file
/// @param layout  its table
/// @param target  the table of the new version
record BaseRows(Path file, TableLayout layout, TableLayout target) {
    /// Reads the base and decides how the new table keeps its columns: as the rule for a new table says, but a
    /// decimal stays text where the base has it as text, or has whole numbers too large for a double.
    ///
    /// @throws SQLException             when the base cannot be read
    /// @throws IllegalArgumentException when the base is not what it should be
    static BaseRows read(Path file, DatasetId dataset, List<Column> columns) throws SQLException {
        try (Connection base = SqliteConnections.reading(file)) {
            TableLayout layout =
                    TableLayout.read(base, dataset, Manifest.read(base).columns());
            var target = new ArrayList<StoredColumn>();
            for (Column column : columns) {
                StoredColumn fresh = StoredColumn.of(column);
                Optional<StoredColumn> old = layout.column(column.name());
                boolean asText = fresh.isDecimalAsDouble() && old.isPresent() && needsText(base, layout, old.get());
                target.add(asText ? fresh.asText() : fresh);
            }
            return new BaseRows(file, layout, new TableLayout(layout.table(), target));
        }
    }

    private static boolean needsText(Connection base, TableLayout layout, StoredColumn old) throws SQLException {
        return switch (old.column().type()) {
            case DECIMAL -> !old.isDecimalAsDouble();
            case INTEGER -> {
                String name = SqlNames.quoted(old.column().name());
                yield new Session(base)
                        .first(
                                "SELECT 1 FROM " + layout.quotedTable() + " WHERE " + name + " NOT BETWEEN ? AND ?",
                                row -> true,
                                -StoredColumn.EXACT_WHOLE,
                                StoredColumn.EXACT_WHOLE)
                        .isPresent();
            }
            case BOOLEAN, DOUBLE, DATE, TIME, TIMESTAMP, UUID, JSON, TEXT -> false;
        };
    }

    /// Whether a copy of the base's file is already the table to add to.
    boolean canBeCopied() {
        return target.storesLike(layout);
    }

    /// Fills the new table, keeping every `_id`; new columns stay null.
    ///
    /// @param connection on the new file, inside the transaction, with the base attached as `base`
    void insertInto(Connection connection) throws SQLException {
        var names = new ArrayList<String>(List.of("_id"));
        var values = new ArrayList<String>(List.of("_id"));
        for (int at = 0; at < target.columns().size(); at++) {
            StoredColumn wide = target.columns().get(at);
            Optional<StoredColumn> narrow = layout.column(wide.column().name());
            if (narrow.isPresent()) {
                names.add(SqlNames.quoted(wide.column().name()));
                values.add(widened(connection, narrow.get(), wide, at));
            }
        }
        new Session(connection)
                .update("INSERT INTO main." + target.quotedTable() + " (" + String.join(", ", names) + ") SELECT "
                        + String.join(", ", values) + " FROM base." + layout.quotedTable() + " ORDER BY _id");
    }

    private static String widened(Connection connection, StoredColumn from, StoredColumn to, int at)
            throws SQLException {
        String name = SqlNames.quoted(from.column().name());
        boolean same =
                from.column().type() == to.column().type() && from.declared().equals(to.declared());
        if (same) {
            return name;
        }
        String function = "belay_widened_" + at;
        Function.create(connection, function, new Widened(from, to), 1, Function.FLAG_DETERMINISTIC);
        return function + "(" + name + ")";
    }

    /// Called by SQLite for each value of a column that became wider.
    private static final class Widened extends Function {
        private final StoredColumn from;
        private final StoredColumn to;

        Widened(StoredColumn from, StoredColumn to) {
            this.from = from;
            this.to = to;
        }

        @Override
        protected void xFunc() throws SQLException {
            Object wide = to.stored(
                    Widening.widened(narrow(), from.column().type(), to.column().type()));
            switch (wide) {
                case null -> result();
                case Long number -> result((long) number);
                case Double number -> result((double) number);
                default -> result(wide.toString());
            }
        }

        private @Nullable Object narrow() throws SQLException {
            int sqliteNull = 5;
            if (value_type(0) == sqliteNull) {
                return null;
            }
            if (from.isDecimalAsDouble()) {
                return Widening.plainDecimal(value_double(0));
            }
            ColumnType type = from.column().type();
            return switch (type) {
                case BOOLEAN, INTEGER -> value_long(0);
                case DOUBLE -> value_double(0);
                case DECIMAL, DATE, TIME, TIMESTAMP, UUID, JSON, TEXT -> value_text(0);
            };
        }
    }
}
