package dev.belay.dictionary;

/// How much people and tools may put into a dictionary, in characters unless said otherwise.
///
/// Checked where something is put in, never when a stored dictionary is read: a limit that was lowered must not lock a
/// dataset out of its own dictionary.
///
/// @param fields      number of fields
/// @param name        of a field, and of any other property
/// @param title       of a field
/// @param description of a field
/// @param property    each other property, as JSON text
/// @param document    the whole schema, as JSON text
public record DictionaryLimits(int fields, int name, int title, int description, int property, int document) {
    /// What holds when nobody says otherwise; names, titles and descriptions as in `dictionary.schema.json`.
    public static final DictionaryLimits DEFAULT =
            new DictionaryLimits(10_000, 4_096, 4_096, 4_096, 100_000, 16_000_000);

    /// For what is stored already.
    static final DictionaryLimits STORED = new DictionaryLimits(
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            Integer.MAX_VALUE);

    /// @throws IllegalArgumentException when a limit is not positive
    public DictionaryLimits {
        if (fields < 1 || name < 1 || title < 1 || description < 1 || property < 1 || document < 1) {
            throw new IllegalArgumentException("a limit of the dictionary is at least 1");
        }
    }
}
