package dev.belay.datastore;

import dev.belay.job.Column;
import dev.belay.job.Excerpt;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Mode;
import dev.belay.job.Place;
import dev.belay.job.Progress;
import dev.belay.job.Sha256;
import dev.belay.job.TypedRows;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The rows of a source laid out as a plan's columns, checked and digested on the way: what every store shares in
/// [Datastore#stage].
///
/// A source column has the type of the plan's column it goes to; columns the source does not have are null.
public final class IncomingRows {
    private static final int PROGRESS_STEP = 4096;

    private final TypedRows rows;
    private final Progress progress;
    private final List<Column> columns;
    private final int[] target;
    private final int[] keys;
    private final @Nullable Object[] values;
    private final RowDigest digest = new RowDigest();
    private long count;

    /// @throws IllegalArgumentException when the plan contradicts itself: a column filled twice, an unknown key
    public IncomingRows(StagingPlan plan, TypedRows rows, Progress progress) {
        this.rows = rows;
        this.progress = progress;
        columns = plan.columns();
        target = plan.incoming().stream().mapToInt(Integer::intValue).toArray();
        if (IntStream.of(target).distinct().count() != target.length) {
            throw new IllegalArgumentException("a column is filled twice: " + plan.incoming());
        }
        // Outside of UPSERT a key is checked when its index is made.
        keys = plan.mode() == Mode.UPSERT ? keyColumns(plan) : new int[0];
        values = new Object[columns.size()];
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

    /// Moves to the next row.
    ///
    /// @throws JobFailure `KEY_NULL` and `ENCODING_INVALID` with the number of the row, and what the source
    /// throws
    public boolean next() throws JobFailure, IOException {
        if (!rows.next()) {
            progress.at(count, count);
            return false;
        }
        count++;
        for (int from = 0; from < target.length; from++) {
            Object value = rows.value(from, columns.get(target[from]).type());
            check(value, target[from]);
            digest.add(value);
            values[target[from]] = value;
        }
        for (int key : keys) {
            if (values[key] == null) {
                throw JobFailure.permanent(
                        FailureCode.KEY_NULL,
                        "row %d has no value in key column \"%s\"".formatted(count, title(key)),
                        place(key, Optional.empty()));
            }
        }
        if (count % PROGRESS_STEP == 0) {
            progress.at(count, -1);
        }
        return true;
    }

    /// The current row's value in the plan's column of that number, in its storage form.
    public @Nullable Object value(int column) {
        return values[column];
    }

    /// Rows walked over so far.
    public long count() {
        return count;
    }

    /// The digest over all rows; asked once, after the last one.
    public Sha256 digest() {
        return digest.finish();
    }

    private void check(@Nullable Object value, int column) throws JobFailure {
        if (value instanceof Double number && number.isNaN()) {
            throw new IllegalArgumentException("NaN is no value of a double column: " + title(column));
        }
        if (value instanceof String text && hasLoneSurrogate(text)) {
            throw JobFailure.permanent(
                    FailureCode.ENCODING_INVALID,
                    "row %d, column \"%s\": half a surrogate pair cannot be stored: %s"
                            .formatted(count, title(column), Excerpt.of(text)),
                    place(column, Optional.of(Excerpt.of(text))));
        }
    }

    private static boolean hasLoneSurrogate(String text) {
        for (int at = 0; at < text.length(); at++) {
            char character = text.charAt(at);
            if (Character.isSurrogate(character)) {
                boolean pair = Character.isHighSurrogate(character)
                        && at + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(at + 1));
                if (!pair) {
                    return true;
                }
                at++;
            }
        }
        return false;
    }

    private Place place(int column, Optional<String> value) {
        return new Place(
                OptionalLong.of(count), OptionalLong.empty(), OptionalLong.empty(), Optional.of(title(column)), value);
    }

    private String title(int column) {
        return Excerpt.of(columns.get(column).title());
    }
}
