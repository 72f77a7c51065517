package dev.belay.job;

/// Who may decide about a dataset: grows by one with every claim, in the journal; the datastore's fence follows it.
///
/// @param value 0 before the first claim
public record Epoch(long value) implements Comparable<Epoch> {
    /// @throws IllegalArgumentException when negative
    public Epoch {
        if (value < 0) {
            throw new IllegalArgumentException("an epoch is never negative: " + value);
        }
    }

    @Override
    public int compareTo(Epoch other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
