package dev.belay.tabular;

/// How the values of a column follow each other in the file, nulls passed over, equal ones being in any order.
public enum SortOrder {
    /// None is smaller than the one before it, and not all are equal.
    ASCENDING,
    /// None is larger than the one before it, and not all are equal.
    DESCENDING,
    /// All are equal.
    CONSTANT,
    /// None of these, or there are no values.
    NONE;

    static SortOrder of(boolean rises, boolean falls, boolean any) {
        if (rises) {
            return falls ? NONE : ASCENDING;
        }
        if (falls) {
            return DESCENDING;
        }
        return any ? CONSTANT : NONE;
    }
}
