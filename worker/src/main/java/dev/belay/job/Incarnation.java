package dev.belay.job;

/// Distinguishes a dataset from one of the same name that was dropped before it.
///
/// @param value a ULID minted when the dataset is first published
public record Incarnation(String value) {
    @Override
    public String toString() {
        return value;
    }
}
