package dev.belay.tabular;

import dev.belay.job.ColumnType;
import dev.belay.job.Excerpt;
import dev.belay.job.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Counts, for each column, the values that are not of the type demanded for it, and keeps the first ones. A record
/// is rejected for its first such value; here every one of it counts.
final class Misfits {
    /// How many values of a column are kept.
    static final int EXAMPLES = 3;

    private final long[] counts;
    private final List<List<FormTally.Example>> examples = new ArrayList<>();

    Misfits(int columns) {
        counts = new long[columns];
        for (int column = 0; column < columns; column++) {
            examples.add(new ArrayList<>(EXAMPLES));
        }
    }

    void clear() {
        for (int column = 0; column < counts.length; column++) {
            counts[column] = 0;
            examples.get(column).clear();
        }
    }

    void add(int column, FormTally.Example example) {
        counts[column]++;
        keep(column, example);
    }

    private void keep(int column, FormTally.Example example) {
        if (examples.get(column).size() < EXAMPLES) {
            examples.get(column).add(example);
        }
    }

    /// Takes in what came after.
    ///
    /// @param records how many records stand before it
    /// @param lines   how many lines stand before it
    void add(Misfits later, long records, long lines) {
        for (int column = 0; column < counts.length; column++) {
            counts[column] += later.counts[column];
            for (FormTally.Example one : later.examples.get(column)) {
                keep(
                        column,
                        new FormTally.Example(one.record() + records, one.line() + lines, one.place(), one.value()));
            }
        }
    }

    /// Those of each column that has some.
    List<Misfit> found(Dialect dialect, @Nullable ColumnType[] demanded) {
        List<Misfit> found = new ArrayList<>();
        for (int column = 0; column < counts.length; column++) {
            ColumnType type = demanded[column];
            if (type != null && counts[column] > 0) {
                String title = dialect.headers().get(column);
                List<Place> places = examples.get(column).stream()
                        .map(example -> place(example, title))
                        .toList();
                found.add(new Misfit(dialect.names().get(column), title, type, counts[column], places));
            }
        }
        return found;
    }

    private static Place place(FormTally.Example example, String title) {
        return new Place(
                OptionalLong.of(example.record()),
                OptionalLong.of(example.line()),
                OptionalLong.of(example.place()),
                Optional.of(Excerpt.of(title)),
                Optional.of(Excerpt.of(example.value())));
    }
}
