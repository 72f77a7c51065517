package dev.belay.datastore.sqlite.pages;

/// The size of every page of a file, and what follows from it. No bytes are reserved at the end of pages, so all of
/// a page is usable: what the format calls U is the page size.
///
/// @param bytes a power of two from 512 to 65536
public record PageSize(int bytes) {
    private static final int LEAST = 512;
    private static final int MOST = 65536;

    /// @throws IllegalArgumentException when the format has no such page size
    public PageSize {
        if (bytes < LEAST || bytes > MOST || Integer.bitCount(bytes) != 1) {
            throw new IllegalArgumentException("a page has 512 to 65536 bytes, a power of two, not " + bytes);
        }
    }

    /// How many bytes of a row stand in its leaf page; the others go to overflow pages.
    ///
    /// "B-tree Pages", for table leaf cells: all of P bytes if `P <= X`, else K if `K <= X`, else M, where
    /// `X = U - 35`, `M = (U - 12) * 32 / 255 - 23` and `K = M + (P - M) % (U - 4)`.
    int inLeaf(int payload) {
        int most = bytes - 35;
        if (payload <= most) {
            return payload;
        }
        int least = (bytes - 12) * 32 / 255 - 23;
        int filling = least + (payload - least) % (bytes - 4);
        return filling <= most ? filling : least;
    }
}
