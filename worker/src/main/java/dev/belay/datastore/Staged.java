package dev.belay.datastore;

import dev.belay.job.Sha256;

/// The manifest of a staged table, kept with it and written in the same transaction as its rows.
///
/// @param rows         rows in the whole table
/// @param loaded       rows of the source that are in it
/// @param deduplicated rows of the source that were left out as duplicates, or replaced by a later row of the same key
/// @param bytes        size as stored; 0 until sealed
/// @param digest       over the loaded values in order (for each value: its storage form, with its length), the same in
/// every store
public record Staged(long rows, long loaded, long deduplicated, long bytes, Sha256 digest) {}
