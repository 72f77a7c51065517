package dev.belay.job;

import java.util.regex.Pattern;

/// The identity of a job, chosen by its producer.
///
/// @param value 1 to 128 characters of `A-Z a-z 0-9 . _ : -`, starting with a letter or digit
public record JobId(String value) implements Comparable<JobId> {
    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,127}");

    /// @throws IllegalArgumentException naming the value and the rule it breaks
    public JobId {
        if (!ALLOWED.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "job id \"%s\" is not allowed: use 1 to 128 characters of A-Z, a-z, 0-9, '.', '_', ':', '-', starting with a letter or digit"
                            .formatted(Excerpt.of(value)));
        }
    }

    @Override
    public int compareTo(JobId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
