package dev.belay.format;

/// What is taken in at most. Memory is bounded by these whatever a file says of itself.
///
/// @param unpackedBytes what one file may be when it is unpacked or written out (`limits.unpackedBytes`)
/// @param unpackRatio   how many times larger than packed (`limits.unpackRatio`)
/// @param entries       files in one archive (`limits.archiveEntries`)
/// @param archiveDepth  wrappers around one another (`limits.archiveDepth`)
/// @param jsonDepth     JSON values in one another (`limits.jsonDepth`)
/// @param fieldBytes    one value (`limits.fieldBytes`)
/// @param recordBytes   one record (`limits.recordBytes`)
/// @param columns       columns of a table (`limits.columns`)
public record FormatLimits(
        long unpackedBytes,
        int unpackRatio,
        int entries,
        int archiveDepth,
        int jsonDepth,
        long fieldBytes,
        long recordBytes,
        int columns) {
    /// 50 GiB, 250 times, 10,000 files, 3 deep, JSON 100 deep; 16 MiB a field, 64 MiB a record, 1990 columns.
    public static final FormatLimits DEFAULTS =
            new FormatLimits(50L << 30, 250, 10_000, 3, 100, 16L << 20, 64L << 20, 1990);

    /// @throws IllegalArgumentException when a limit is not positive
    public FormatLimits {
        if (Math.min(unpackedBytes, Math.min(fieldBytes, recordBytes)) < 1
                || Math.min(Math.min(unpackRatio, entries), Math.min(jsonDepth, columns)) < 1
                || archiveDepth < 0) {
            throw new IllegalArgumentException("limits are positive");
        }
    }
}
