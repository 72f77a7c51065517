package dev.belay.tabular;

/// A stretch of a file that holds whole records, as the first walk found it, so that the second needs no guess.
///
/// @param from    where its first record or line begins
/// @param to      where the next part begins
/// @param lines   how many lines of the file stand before it
/// @param records how many records
/// @param before  how many rows stand before it
/// @param rows    how many rows it has
public record Part(long from, long to, long lines, long records, long before, long rows) {}
