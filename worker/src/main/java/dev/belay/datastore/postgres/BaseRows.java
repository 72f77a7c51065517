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

    /// The rows of a base: its own table where all columns are kept alike, else a temporary one whose
    /// values are as wide as the new table's.
    ///
    /// @param aside  where the query will run, and the temporary table is made
    /// @param reader another one, to read the base with
    /// @param table  the base's
    /// @throws NotAsWritten when a column is to be text for the base's sake
    static BaseRows of(Connection aside, Connection reader, Manifest base, String table, List<StoredColumn> target)
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
            return new BaseRows(
                    "SELECT _id" + columns + " FROM " + table, base.staged().rows());
        }
        VersionTables.createNumbered(new Session(aside), WIDENED, target);
        try (var copy = new CopyTarget(aside, VersionTables.copyNumbered(WIDENED, IntStream.range(0, target.size())))) {
            copy.begin();
            var widened = new BinaryRows(target, fixed(target, old), 0, copy);
            read(reader, table, old, target, widened);
            widened.finish().refuseOther(target);
            copy.end();
        }
        return new BaseRows("SELECT * FROM " + WIDENED, base.staged().rows());
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
