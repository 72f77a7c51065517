package dev.belay.job;

import java.util.Optional;

/// How numbers are written that are not written as `-1234.56`.
///
/// @param decimal what stands before the digits of a fraction; empty when nobody knows
/// @param group   what parts groups of three digits, where they are parted; empty when nobody knows
public record NumberMarks(Optional<Decimal> decimal, Optional<Group> group) {
    /// Nothing is known.
    public static final NumberMarks UNKNOWN = new NumberMarks(Optional.empty(), Optional.empty());

    /// A point or comma between groups leaves the other one for the fraction.
    ///
    /// @throws IllegalArgumentException when both are the same
    public NumberMarks {
        if (decimal.isPresent()
                && group.isPresent()
                && decimal.get().mark() == group.get().mark()) {
            throw new IllegalArgumentException(
                    "\"%s\" cannot be both".formatted(group.get().mark()));
        }
        if (decimal.isEmpty() && group.isPresent()) {
            decimal = switch (group.get()) {
                case POINT -> Optional.of(Decimal.COMMA);
                case COMMA -> Optional.of(Decimal.POINT);
                case SPACE, APOSTROPHE -> Optional.empty();
            };
        }
    }

    /// What stands before the digits of a fraction.
    public enum Decimal {
        POINT('.'),
        COMMA(',');

        private final char mark;

        Decimal(char mark) {
            this.mark = mark;
        }

        public char mark() {
            return mark;
        }

        /// The one that is written so.
        public static Optional<Decimal> of(String text) {
            return switch (text) {
                case "." -> Optional.of(POINT);
                case "," -> Optional.of(COMMA);
                default -> Optional.empty();
            };
        }
    }

    /// What parts groups of three digits.
    public enum Group {
        POINT('.'),
        COMMA(','),
        /// A blank, U+00A0 or U+202F, which look alike.
        SPACE(' '),
        /// An apostrophe or U+2019, which look alike.
        APOSTROPHE('\'');

        private final char mark;

        Group(char mark) {
            this.mark = mark;
        }

        public char mark() {
            return mark;
        }

        /// The one that is written so.
        public static Optional<Group> of(String text) {
            return switch (text) {
                case "." -> Optional.of(POINT);
                case "," -> Optional.of(COMMA);
                case " ", "\u00a0", "\u202f" -> Optional.of(SPACE);
                case "'", "\u2019" -> Optional.of(APOSTROPHE);
                default -> Optional.empty();
            };
        }
    }

    /// Whether nothing is known.
    public boolean isUnknown() {
        return decimal.isEmpty() && group.isEmpty();
    }

    @Override
    public String toString() {
        return "decimal %s group %s"
                .formatted(
                        decimal.map(Decimal::mark).map(String::valueOf).orElse("?"),
                        group.map(Group::mark).map(String::valueOf).orElse("?"));
    }
}
