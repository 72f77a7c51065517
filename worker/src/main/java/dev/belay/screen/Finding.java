package dev.belay.screen;

import java.util.List;

/// What one detector found in one column. Holds nothing of a value but what [Sample#masked()] shows.
///
/// @param detector its name, such as `iban`; `pattern:NAME` for one of one's own
/// @param column   the column's original header
/// @param found    values in which it was found
/// @param shaped   values that had its form, whether they passed its check or not
/// @param values   values of the column that were looked at
/// @param samples  the first ones
public record Finding(String detector, String column, long found, long shaped, long values, List<Sample> samples) {
    /// Copies the samples.
    public Finding {
        samples = List.copyOf(samples);
    }

    /// Whether it is to be taken for what it looks like.
    public enum Certainty {
        /// Half of what has the form passes the check, or more.
        LIKELY,
        /// So few pass the check as pass it by chance.
        CHANCE
    }

    /// One value.
    ///
    /// @param record its record, from 1, the header not counted
    /// @param line   the physical line that the record begins on; 0 where the source has no lines
    /// @param masked its form, with the first and the last character at most
    public record Sample(long record, long line, String masked) {
        private String text() {
            return ", first in record %d%s: %s".formatted(record, line == 0 ? "" : ", line " + line, masked);
        }
    }

    /// The same in a source that has no lines.
    public Finding withoutLines() {
        return new Finding(
                detector,
                column,
                found,
                shaped,
                values,
                samples.stream()
                        .map(sample -> new Sample(sample.record(), 0, sample.masked()))
                        .toList());
    }

    /// A check with ten outcomes is passed by a tenth of all numbers: those in a column of other numbers say
    /// nothing.
    public Certainty certainty() {
        return 2 * found >= shaped ? Certainty.LIKELY : Certainty.CHANCE;
    }

    /// One line for people.
    public String text() {
        String where = samples.isEmpty() ? "" : samples.getFirst().text();
        String chance = certainty() == Certainty.CHANCE
                ? " (%d more have the form and fail the check: likely chance)".formatted(shaped - found)
                : "";
        return "column \"%s\": %s in %d of %d values%s%s".formatted(column, detector, found, values, where, chance);
    }
}
