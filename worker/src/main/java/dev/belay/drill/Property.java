package dev.belay.drill;

import java.util.List;

/// One thing that must hold, and how it stands.
///
/// @param name     one word or two
/// @param words    what was looked at, in numbers
/// @param breaches what was seen that must not be, the first ones; empty when it holds
public record Property(String name, String words, List<String> breaches) {
    /// Copies the breaches.
    public Property {
        breaches = List.copyOf(breaches);
    }

    public boolean holds() {
        return breaches.isEmpty();
    }
}
