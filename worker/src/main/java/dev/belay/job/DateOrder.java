package dev.belay.job;

import java.util.Locale;
import java.util.Optional;

/// In which order dates are written that could be read in two.
public enum DateOrder {
    /// The day first: 31/12/2026.
    DMY,
    /// The month first: 12/31/2026.
    MDY;

    /// The name used in messages and the dictionary.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The order of the given [#label()], if there is one.
    public static Optional<DateOrder> of(String label) {
        for (DateOrder order : values()) {
            if (order.label().equals(label)) {
                return Optional.of(order);
            }
        }
        return Optional.empty();
    }
}
