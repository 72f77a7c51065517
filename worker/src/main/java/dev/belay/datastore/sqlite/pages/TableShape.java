package dev.belay.datastore.sqlite.pages;

import java.util.BitSet;

/// The one table of a file: its first column is the rowid.
///
/// @param name     the table's name
/// @param sql      `CREATE TABLE` and what follows, as SQLite would keep it: one blank after each of the two words
/// @param columns  how many columns it has after the rowid
/// @param asReals  those whose decimals are kept as doubles
/// @param decimals gives the double of a decimal that is not a simple one
public record TableShape(String name, String sql, int columns, BitSet asReals, Decimals decimals) {
    /// Finds the double that stands for a decimal.
    @FunctionalInterface
    public interface Decimals {
        /// @param column its place
        /// @param text   the decimal as it is written
        double real(int column, String text);
    }

    /// Copies the set.
    public TableShape {
        asReals = (BitSet) asReals.clone();
    }
}
