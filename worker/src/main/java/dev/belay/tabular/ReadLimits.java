package dev.belay.tabular;

/// What a reader takes in at most; memory is bounded by these whatever the file's size.
///
/// @param fieldBytes     one field, as bytes of UTF-8 (`limits.fieldBytes`)
/// @param recordBytes    one record, as bytes of UTF-8 (`limits.recordBytes`)
/// @param columns        columns of the header (`limits.columns`)
/// @param rejectExamples rejected records that are kept with their reason; all are counted
public record ReadLimits(long fieldBytes, long recordBytes, int columns, int rejectExamples) {
    /// 16 MiB a field, 64 MiB a record, 1990 columns (SQLite takes 2000), 20 examples.
    public static final ReadLimits DEFAULTS = new ReadLimits(16L << 20, 64L << 20, 1990, 20);

    private static final long LARGEST = 512L << 20;

    /// @throws IllegalArgumentException when a limit is not positive, or a size is more than 512 MiB (a record
    /// stands in memory whole)
    public ReadLimits {
        requireSize("limits.fieldBytes", fieldBytes);
        requireSize("limits.recordBytes", recordBytes);
        if (columns < 1 || rejectExamples < 0) {
            throw new IllegalArgumentException(
                    "limits.columns is at least 1 and rejectExamples at least 0, not %d and %d"
                            .formatted(columns, rejectExamples));
        }
    }

    private static void requireSize(String setting, long bytes) {
        if (bytes < 1 || bytes > LARGEST) {
            throw new IllegalArgumentException("%s is 1 to %d bytes, not %d".formatted(setting, LARGEST, bytes));
        }
    }
}
