package dev.belay.datastore.postgres;

import dev.belay.datastore.Widening;
import dev.belay.job.JobFailure;
import dev.belay.job.RowSink;
import dev.belay.sql.Session;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The rows an append or upsert starts from, as a query that gives them in the new table's types under the
/// names `_id`, `c0`, `c1` …
///
/// @param query to be run on the connection it was made for
/// @param rows  how many there are
record BaseRows(String query, long rows) {
    private static final String WIDENED = "belay_base";
    private static final int FETCH = 1000;

    /// No rows.
    static BaseRows none(List<StoredColumn> target) {
        return new BaseRows(
                IntStream.range(0, target.size())
                        .mapToObj(at -> ", NULL::" + target.get(at).type().sql() + " AS c" + at)
                        .collect(Collectors.joining("", "SELECT NULL::bigint AS _id", " WHERE false")),
                0);
    }

    /// @param aside  where the query will run, and a temporary table may be made
    /// @param reader another one, to read the base with
    record Readers(Connection aside, Connection reader) {}

    /// What numbers the rows of a base have.
    enum Numbers {
        /// Their own, which have no gaps.
        KEPT,
        /// Others, by their order: people may have added and removed rows. The query's connection has to
        /// see one snapshot of them.
        ANEW
    }

    /// The rows of a base: its own table where all columns are kept alike, else a temporary one whose
    /// values are as wide as the new table's.
    ///
    /// @param table the base's
    /// @throws NotAsWritten when a column is to be text for the base's sake
    static BaseRows of(Readers readers, Manifest base, String table, List<StoredColumn> target, Numbers numbers)
            throws SQLException, JobFailure, IOException {
        List<Optional<StoredColumn>> old = target.stream()
                .map(column -> base.columns().stream()
                        .filter(known ->
                                known.column().name().equals(column.column().name()))
                        .findFirst())
                .toList();
        boolean isAlike = IntStream.range(0, target.size())
                .allMatch(at -> old.get(at).isEmpty() || old.get(at).get().storesLike(target.get(at)));
        if (isAlike) {
            String columns = IntStream.range(0, target.size())
                    .mapToObj(at -> ", "
                            + old.get(at)
                                    .map(StoredColumn::quoted)
                                    .orElse("NULL::" + target.get(at).type().sql())
                            + " AS c" + at)
                    .collect(Collectors.joining());
            return switch (numbers) {
                case KEPT ->
                    new BaseRows(
                            "SELECT _id" + columns + " FROM " + table,
                            base.staged().rows());
                case ANEW ->
                    new BaseRows(
                            "SELECT row_number() OVER (ORDER BY _id) AS _id" + columns + " FROM " + table,
                            counted(new Session(readers.aside()), table));
            };
        }
        VersionTables.createNumbered(new Session(readers.aside()), WIDENED, target);
        var widened = widened(readers, table, old, target);
        return new BaseRows("SELECT * FROM " + WIDENED, widened.rows());
    }

    private static long counted(Session session, String table) throws SQLException {
        return session.first("SELECT count(*) AS n FROM " + table, row -> row.number("n"))
                .orElseThrow();
    }

    private static BinaryRows widened(
            Readers readers, String table, List<Optional<StoredColumn>> old, List<StoredColumn> target)
            throws SQLException, JobFailure, IOException {
        String sql = VersionTables.copyNumbered(WIDENED, IntStream.range(0, target.size()));
        try (var copy = new CopyTarget(readers.aside(), sql)) {
            copy.begin();
            var widened = new BinaryRows(target, fixed(target, old), 0, copy);
            read(readers.reader(), table, old, target, widened);
            widened.finish().refuseOther(target);
            copy.end();
            return widened;
        }
    }

    private static BitSet fixed(List<StoredColumn> target, List<Optional<StoredColumn>> old) {
        var fixed = new BitSet();
        for (int at = 0; at < target.size(); at++) {
            fixed.set(at, old.get(at).isPresent());
        }
        return fixed;
    }

    private static void read(
            Connection reader, String table, List<Optional<StoredColumn>> old, List<StoredColumn> target, RowSink sink)
            throws SQLException, JobFailure, IOException {
        String columns = old.stream()
                .map(column ->
                        column.map(known -> known.readable(known.quoted())).orElse("NULL"))
                .map(value -> ", " + value)
                .collect(Collectors.joining());
        try (PreparedStatement statement =
                reader.prepareStatement("SELECT _id" + columns + " FROM " + table + " ORDER BY _id")) {
            statement.setFetchSize(FETCH);
            try (ResultSet results = statement.executeQuery()) {
                while (results.next()) {
                    for (int at = 0; at < target.size(); at++) {
                        if (old.get(at).isPresent()) {
                            StoredColumn known = old.get(at).get();
                            give(
                                    sink,
                                    at,
                                    Widening.widened(
                                            known.read(results, at + 2),
                                            known.column().type(),
                                            target.get(at).column().type()));
                        } else {
                            sink.nothing(at);
                        }
                    }
                    sink.endRow();
                }
            }
        }
    }

    private static void give(RowSink sink, int column, @Nullable Object value) {
        switch (value) {
            case null -> sink.nothing(column);
            case Long number -> sink.integer(column, number);
            case Double number -> sink.real(column, number);
            default -> {
                byte[] text = value.toString().getBytes(StandardCharsets.UTF_8);
                sink.text(column, text, 0, text.length);
            }
        }
    }
}
