package dev.belay.journal.sql;

/// What the tables of a journal have, where nobody has opened it for writing since a newer program was installed.
public enum SchemaAge {
    /// Nobody can be asked anything.
    BEFORE_REVIEWS,
    /// All that this program knows.
    CURRENT
}
