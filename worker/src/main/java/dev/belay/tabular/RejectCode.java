package dev.belay.tabular;

/// Why a single record is set aside while the rest of the file goes on. The names are a contract.
public enum RejectCode {
    /// The record has more or fewer fields than the header.
    FIELD_COUNT,
    /// The record holds bytes that are not text in UTF-8.
    ENCODING,
    /// A value holds the character U+0000, which no datastore can keep.
    NUL_CHARACTER,
    /// A value is not of the type that was demanded for its column.
    TYPE_MISMATCH,
    /// The line is no JSON.
    JSON_SYNTAX,
    /// It is JSON, but not the kind of value the other rows are.
    JSON_SHAPE,
    /// The object has a key twice.
    JSON_DUPLICATE_KEY
}
