package dev.belay.datastore;

import dev.belay.job.Column;
import dev.belay.job.Excerpt;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Mode;
import dev.belay.job.Place;
import dev.belay.job.Progress;
import dev.belay.job.RowSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/// The rows of a source, or of one part of it, laid out as a plan's columns, checked and digested on the way to a
/// store: what every store shares in [Datastore#stage].
///
/// What is behind it gets each of the plan's columns once a row: those of the source in the source's order, then
/// nothing for those the source does not have; unless the row is refused, which [#endRow] says. A source column has
/// the type of the plan's column it goes to.
public final class IncomingRows implements RowSink {
    private static final int PROGRESS_STEP = 4096;
    private static final int NONE = -1;

    private final List<Column> columns;
    private final int[] target;
    private final int[] missing;
    private final boolean[] key;
    private final int keyless;
    private final long before;
    private final RowSink store;
    private final Progress progress;
    private final RowDigest digest = new RowDigest();
    private int given;
    private int nullKey = NONE;
    private int damaged = NONE;
    private String damage = "";

    /// @param before   how many rows of the source stand before these
    /// @param store    takes the rows as the plan's columns
    /// @param progress hears the number of rows
    /// @throws IllegalArgumentException when the plan contradicts itself: a column filled twice, an unknown key
    public IncomingRows(StagingPlan plan, long before, RowSink store, Progress progress) {
        this.before = before;
        this.store = store;
        this.progress = progress;
        columns = plan.columns();
        target = targets(plan);
        missing = IntStream.range(0, columns.size())
                .filter(column -> !plan.incoming().contains(column))
                .toArray();
        key = new boolean[columns.size()];
        // Outside of UPSERT a key is checked when its index is made.
        int[] keys = plan.mode() == Mode.UPSERT ? keyColumns(plan) : new int[0];
        Arrays.stream(keys).forEach(column -> key[column] = true);
        keyless =
                Arrays.stream(missing).filter(column -> key[column]).findFirst().orElse(NONE);
    }

    /// @throws IllegalArgumentException when the plan contradicts itself: a column filled twice, an unknown key
    public static void refuseContradictions(StagingPlan plan) {
        targets(plan);
        if (plan.mode() == Mode.UPSERT) {
            keyColumns(plan);
        }
    }

    private static int[] targets(StagingPlan plan) {
        int[] target = plan.incoming().stream().mapToInt(Integer::intValue).toArray();
        if (IntStream.of(target).distinct().count() != target.length) {
            throw new IllegalArgumentException("a column is filled twice: " + plan.incoming());
        }
        return target;
    }

    /// The places of a plan's key in its columns.
    ///
    /// @throws IllegalArgumentException when the plan has no column of that name
    public static int[] keyColumns(StagingPlan plan) {
        List<String> names = plan.columns().stream().map(Column::name).toList();
        int[] places = plan.key().stream().mapToInt(names::indexOf).toArray();
        if (Arrays.stream(places).anyMatch(place -> place < 0)) {
            throw new IllegalArgumentException("the key %s is not among the columns %s".formatted(plan.key(), names));
        }
        return places;
    }

    @Override
    public void nothing(int column) {
        int place = place(column);
        digest.nothing();
        if (key[place] && nullKey == NONE) {
            nullKey = place;
        }
        store.nothing(place);
    }

    @Override
    public void integer(int column, long value) {
        int place = place(column);
        digest.integer(value);
        store.integer(place, value);
    }

    @Override
    public void real(int column, double value) {
        int place = place(column);
        if (Double.isNaN(value)) {
            throw new IllegalArgumentException("NaN is no value of a double column: " + title(place));
        }
        digest.real(value);
        store.real(place, value);
    }

    @Override
    public void decimal(int column, byte[] bytes, int from, int to, long unscaled, int scale) {
        int place = place(column);
        digest.text(bytes, from, to);
        store.decimal(place, bytes, from, to, unscaled, scale);
    }

    @Override
    public void text(int column, byte[] bytes, int from, int to) {
        int place = place(column);
        if (!digest.text(bytes, from, to) && damaged == NONE && !Utf8.isWellFormed(bytes, from, to)) {
            damaged = place;
            damage = Excerpt.of(new String(bytes, from, to - from, StandardCharsets.UTF_8));
        }
        store.text(place, bytes, from, to);
    }

    /// @throws JobFailure `KEY_NULL` and `ENCODING_INVALID` with the number of the row
    @Override
    public void endRow() throws JobFailure, IOException {
        if (given != target.length) {
            throw new IllegalStateException("row %d has %d of %d columns".formatted(row(), given, target.length));
        }
        if (damaged != NONE) {
            throw JobFailure.permanent(
                    FailureCode.ENCODING_INVALID,
                    "row %d, column \"%s\": text that is no UTF-8 cannot be stored: %s"
                            .formatted(row(), title(damaged), damage),
                    place(damaged, Optional.of(damage)));
        }
        if (nullKey != NONE || keyless != NONE) {
            int empty = nullKey != NONE ? nullKey : keyless;
            throw JobFailure.permanent(
                    FailureCode.KEY_NULL,
                    "row %d has no value in key column \"%s\"".formatted(row(), title(empty)),
                    place(empty, Optional.empty()));
        }
        for (int column : missing) {
            store.nothing(column);
        }
        digest.endRow();
        store.endRow();
        given = 0;
        if (count() % PROGRESS_STEP == 0) {
            progress.at(before + count(), -1);
        }
    }

    /// Rows that were complete so far.
    public long count() {
        return digest.rows();
    }

    /// The digest over these rows.
    public RowDigest digest() {
        return digest;
    }

    private int place(int column) {
        if (column != given) {
            throw new IllegalStateException("column %d was given where %d is due".formatted(column, given));
        }
        return target[given++];
    }

    private long row() {
        return before + count() + 1;
    }

    private Place place(int column, Optional<String> value) {
        return new Place(
                OptionalLong.of(row()), OptionalLong.empty(), OptionalLong.empty(), Optional.of(title(column)), value);
    }

    private String title(int column) {
        return Excerpt.of(columns.get(column).title());
    }
}
