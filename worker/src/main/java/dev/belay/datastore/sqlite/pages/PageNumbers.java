package dev.belay.datastore.sqlite.pages;

import java.io.IOException;

/// Gives the pages of a file their numbers, from 2 on, in order; page 1 is the schema's.
///
/// The page at [#LOCK_BYTE] has no content in any file ("The Lock-Byte Page"): its number is left out. Guarded by
/// whose turn it is, see [TableFile].
final class PageNumbers {
    /// Where the bytes are that SQLite locks, whether they exist or not: 1 GiB.
    static final long LOCK_BYTE = 1L << 30;

    /// The largest number of pages a file can have.
    static final long MOST = 0xFFFF_FFFEL;

    private final long left;
    private long next = 2;

    /// @param lockByte [#LOCK_BYTE], unless a test wants to see it sooner
    PageNumbers(PageSize size, long lockByte) {
        left = lockByte / size.bytes() + 1;
    }

    /// The number the next page will have.
    long next() {
        if (next == left) {
            next++;
        }
        return next;
    }

    /// Takes numbers for several pages.
    ///
    /// @return that of the first; those of the others are [#number]'s
    /// @throws IOException when no file has so many pages
    long take(int pages) throws IOException {
        long first = next();
        next = number(first, pages - 1) + 1;
        if (next - 1 > MOST) {
            throw new IOException("a SQLite file has at most %d pages".formatted(MOST));
        }
        return first;
    }

    /// The number of the page `index` places after the first of some taken together.
    long number(long first, int index) {
        long number = first + index;
        return first < left && number >= left ? number + 1 : number;
    }

    /// How many pages the file has.
    long pages() {
        return next - 1;
    }
}
