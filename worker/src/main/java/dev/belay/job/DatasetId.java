package dev.belay.job;

import java.util.regex.Pattern;

/// The name of a dataset: a path segment, a Kafka key and the stem of a table name, so its alphabet is an allow-list.
///
/// @param value 1 to 100 characters of `a-z 0-9 . _ -`, starting with a letter or digit, without `..`
public record DatasetId(String value) implements Comparable<DatasetId> {
    private static final Pattern ALLOWED = Pattern.compile("[a-z0-9](?:[a-z0-9_-]|\\.(?!\\.)){0,99}");

    /// @throws IllegalArgumentException naming the value and the rule it breaks
    public DatasetId {
        if (!ALLOWED.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "dataset id \"%s\" is not allowed: use 1 to 100 characters of a-z, 0-9, '.', '_', '-', starting with a letter or digit, without \"..\""
                            .formatted(Excerpt.of(value)));
        }
    }

    @Override
    public int compareTo(DatasetId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
