package dev.belay.tabular;

import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import dev.belay.job.DateOrder;
import dev.belay.job.NumberMarks;
import dev.belay.job.Place;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;

/// What every value of a column, in the rows that were not rejected, says about it. None of it depends on how the file
/// was cut into chunks, or on how many threads read it.
///
/// The names are those of OpenLineage's facet of data quality metrics where it has one; they are a contract, since the
/// record is kept as JSON with each version (`docs/profile.md`).
///
/// @param column            with its type
/// @param demanded          the type the dictionary demands, if it does
/// @param dateOrder         the order of day and month that someone has told
/// @param dateFormat        how its dates are written when that is not as ISO 8601 has it; they are kept as that has it
/// @param numberMarks       how its numbers are written when that is not plainly; they are kept plainly
/// @param count             rows with a value
/// @param nullCount         rows without one
/// @param distinctCount     how many different values there are, compared as they are written (booleans: as what they
/// mean)
/// @param distinctExact     false when there were too many to count: then `distinctCount` is an estimate, within 3 % in
/// 19 of 20 cases
/// @param unique            whether no value is there twice; false when that is not known exactly
/// @param min               the smallest value in the order of the type, as an excerpt; empty when all are null
/// @param max               the largest value likewise
/// @param sum               of numbers, exactly; doubles to 30 digits
/// @param mean              of numbers
/// @param standardDeviation of numbers, of the sample
/// @param quantiles         of numbers, dates and times: the value at or below which that part of the values is
/// @param quantileError     how far, as a part of all, a quantile's rank may be off in 19 of 20 cases; 0 when none is
/// @param sortOrder         how the values follow each other
/// @param bytes             of all values as UTF-8, quotes and delimiters not counted
/// @param shortest          the fewest bytes of a value; 0 when all are null
/// @param longest           the most bytes of a value
/// @param ascii             whether all are ASCII alone
/// @param topValues         the values that are there most often, at most ten
/// @param topValuesExact    whether their counts are exact; else they are estimated from a sample
/// @param ruledOut          the narrower types the values do not allow, each with its first counter-examples; empty
/// when
/// the type was demanded
public record ColumnProfile(
        Column column,
        Optional<ColumnType> demanded,
        Optional<DateOrder> dateOrder,
        Optional<String> dateFormat,
        Optional<NumberMarks> numberMarks,
        long count,
        long nullCount,
        long distinctCount,
        boolean distinctExact,
        boolean unique,
        Optional<String> min,
        Optional<String> max,
        Optional<String> sum,
        OptionalDouble mean,
        OptionalDouble standardDeviation,
        Map<String, String> quantiles,
        double quantileError,
        SortOrder sortOrder,
        long bytes,
        int shortest,
        int longest,
        boolean ascii,
        List<TopValue> topValues,
        boolean topValuesExact,
        List<RuledOut> ruledOut) {
    /// A value that is there often.
    ///
    /// @param value as an excerpt
    /// @param count how often
    public record TopValue(String value, long count) {}

    /// Copies the lists.
    public ColumnProfile {
        quantiles = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(quantiles));
        topValues = List.copyOf(topValues);
        ruledOut = List.copyOf(ruledOut);
    }

    ColumnProfile readAs(Column wider) {
        return with(wider, ruledOut);
    }

    /// The same with other words for the places of values that rule types out.
    ColumnProfile withPlaces(UnaryOperator<Place> told) {
        return with(column, ruledOut.stream().map(out -> out.withPlaces(told)).toList());
    }

    private ColumnProfile with(Column other, List<RuledOut> otherRuledOut) {
        return new ColumnProfile(
                other,
                demanded,
                dateOrder,
                dateFormat,
                numberMarks,
                count,
                nullCount,
                distinctCount,
                distinctExact,
                unique,
                min,
                max,
                sum,
                mean,
                standardDeviation,
                quantiles,
                quantileError,
                sortOrder,
                bytes,
                shortest,
                longest,
                ascii,
                topValues,
                topValuesExact,
                otherRuledOut);
    }
}
