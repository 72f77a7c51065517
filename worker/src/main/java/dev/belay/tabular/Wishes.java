package dev.belay.tabular;

import dev.belay.job.ColumnType;
import dev.belay.job.DateOrder;
import dev.belay.job.OverridePolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What the job and the dictionary say about the values of a file.
///
/// A column is named by its physical name or by its header; a name wins over a header, and what names no column is
/// ignored.
///
/// @param types      the types that are demanded
/// @param dateOrders the order of day and month in some columns
/// @param dateOrder  the same for all others
/// @param nulls      texts that stand for no value
/// @param numbers    how numbers are written
/// @param policy     what becomes of values that are not of the type demanded; the reader widens and rejects, who
/// asks it fails
public record Wishes(
        Map<String, ColumnType> types,
        Map<String, DateOrder> dateOrders,
        Optional<DateOrder> dateOrder,
        NullTexts nulls,
        NumberWords numbers,
        OverridePolicy policy) {
    /// Nothing is said.
    public static final Wishes NONE = ofTypes(Map.of());

    /// Copies the maps.
    public Wishes {
        types = Map.copyOf(types);
        dateOrders = Map.copyOf(dateOrders);
    }

    /// What is not of the type demanded is rejected.
    public Wishes(
            Map<String, ColumnType> types,
            Map<String, DateOrder> dateOrders,
            Optional<DateOrder> dateOrder,
            NullTexts nulls,
            NumberWords numbers) {
        this(types, dateOrders, dateOrder, nulls, numbers, OverridePolicy.REJECT);
    }

    /// Only types are demanded.
    public static Wishes ofTypes(Map<String, ColumnType> types) {
        return new Wishes(types, Map.of(), Optional.empty(), NullTexts.NONE, NumberWords.NONE);
    }

    /// The same of a text that we have written ourselves from something else: its numbers are written plainly.
    public Wishes ofPlainNumbers() {
        return new Wishes(types, dateOrders, dateOrder, nulls, NumberWords.PLAIN, policy);
    }

    /// Whether it is such a text, whose lines are none of the source's.
    boolean isOfOwnText() {
        return !numbers.marked();
    }

    @Nullable ColumnType[] types(Dialect dialect) {
        @Nullable ColumnType[] found = new ColumnType[dialect.names().size()];
        for (int column = 0; column < found.length; column++) {
            found[column] = of(types::get, dialect, column);
        }
        return found;
    }

    @Nullable DateOrder[] dateOrders(Dialect dialect) {
        @Nullable DateOrder[] found = new DateOrder[dialect.names().size()];
        for (int column = 0; column < found.length; column++) {
            DateOrder own = of(dateOrders::get, dialect, column);
            found[column] = own == null ? dateOrder.orElse(null) : own;
        }
        return found;
    }

    /// What is said of each column, if anything is.
    static <T> List<Optional<T>> perColumn(Map<String, T> said, Dialect dialect) {
        return IntStream.range(0, dialect.names().size())
                .mapToObj(column -> Optional.ofNullable(of(said::get, dialect, column)))
                .toList();
    }

    private static <T> @Nullable T of(Function<String, @Nullable T> said, Dialect dialect, int column) {
        T byName = said.apply(dialect.names().get(column));
        return byName == null ? said.apply(dialect.headers().get(column)) : byName;
    }
}
