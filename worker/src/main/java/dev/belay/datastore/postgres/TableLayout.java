package dev.belay.datastore.postgres;

/// How a datastore's tables are laid out; the same for ever.
public enum TableLayout {
    /// A table for each version, a view of each dataset.
    BELAY,
    /// As CKAN's datastore has them: a table of each dataset, called like the resource that it is.
    CKAN
}
