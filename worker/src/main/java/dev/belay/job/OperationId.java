package dev.belay.job;

import java.util.regex.Pattern;

/// The identity of one attempt, minted before anything happens. Everything an attempt makes carries it in its name.
///
/// @param value a ULID: 26 characters of Crockford's base 32, sortable by time of minting
public record OperationId(String value) implements Comparable<OperationId> {
    private static final Pattern ULID = Pattern.compile("[0-7][0-9A-HJKMNP-TV-Z]{25}");

    /// @throws IllegalArgumentException when the value is not a ULID
    public OperationId {
        if (!ULID.matcher(value).matches()) {
            throw new IllegalArgumentException("\"" + Excerpt.of(value) + "\" is not an operation id (a ULID)");
        }
    }

    /// Whether a text is an operation id.
    public static boolean isValid(String text) {
        return ULID.matcher(text).matches();
    }

    /// The id of the commit this attempt publishes when it succeeds.
    public CommitId commitId() {
        return new CommitId(value + "-c");
    }

    /// The id of the commit that restores a published state when this attempt had touched shared data and failed.
    public CommitId rollbackId() {
        return new CommitId(value + "-r");
    }

    @Override
    public int compareTo(OperationId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
