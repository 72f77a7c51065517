package dev.belay.job;

import java.util.Locale;
import java.util.Optional;

/// The type of a column, decided from every value of the file. Narrow to wide within the numbers and within the
/// times.
public enum ColumnType {
    /// `true`/`false` in any case; where the dictionary demands it also `t`/`f`, `yes`/`no`, `1`/`0`; kept as 1 and
    /// 0.
    BOOLEAN,
    /// A whole number that fits 64 bits and is written without leading zeros.
    INTEGER,
    /// A plain decimal number, kept exactly.
    DECIMAL,
    /// A binary floating-point number, written with an exponent.
    DOUBLE,
    /// A calendar date, kept as ISO 8601.
    DATE,
    /// A time of day without a date, kept as it is written.
    TIME,
    /// A date and time of day, all with a zone or all without, kept as ISO 8601.
    TIMESTAMP,
    /// A UUID, kept as it is written.
    UUID,
    /// A JSON object or array, kept as it is written.
    JSON,
    /// Anything, kept as it is written.
    TEXT;

    /// The name used in messages, the dictionary and on the command line.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The type of the given [#label()], if there is one.
    public static Optional<ColumnType> of(String label) {
        for (ColumnType type : values()) {
            if (type.label().equals(label)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /// The narrowest type that holds every value of both without changing how a value is written back.
    public ColumnType widenedWith(ColumnType other) {
        if (this == other) {
            return this;
        }
        boolean exact = isExactNumber() && other.isExactNumber();
        return exact ? DECIMAL : TEXT;
    }

    private boolean isExactNumber() {
        return this == INTEGER || this == DECIMAL;
    }
}
