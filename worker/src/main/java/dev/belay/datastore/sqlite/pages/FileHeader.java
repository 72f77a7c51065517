package dev.belay.datastore.sqlite.pages;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The first 100 bytes of a file ("The Database Header"), all numbers big-endian.
///
/// ```
///  0 16  "SQLite format 3\0"
/// 16  2  page size; 1 for 65536
/// 18  1  format to write: 1, a rollback journal      19  1  format to read: 1
/// 20  1  bytes reserved at the end of each page: 0
/// 21  3  64, 32, 32, always
/// 24  4  change counter
/// 28  4  pages in the file; counts only if 92 is as 24
/// 32  8  first page of free pages, their number: none, 0
/// 40  4  schema cookie                               44  4  schema format: 4
/// 48  8  suggested cache, largest root page of an auto-vacuum file: 0
/// 56  4  text encoding: 1, UTF-8
/// 60 12  user version, incremental vacuum, application id: 0
/// 72 20  zeros
/// 92  4  the change counter at which 96 was written
/// 96  4  number of the SQLite version that wrote it
/// ```
final class FileHeader {
    static final int BYTES = 100;

    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FRACTIONS = {64, 32, 32};
    private static final int CHANGES = 1;
    private static final int SCHEMA_FORMAT = 4;
    private static final int UTF_8 = 1;

    // A version that writes files such as this one. SQLite puts its own there as soon as it changes the file.
    private static final int WRITTEN_AS = 3_037_000;

    private FileHeader() {}

    /// Fills in the header of a first page.
    static void write(byte[] page, PageSize size, long pages) {
        ByteBuffer header = ByteBuffer.wrap(page, 0, BYTES);
        header.put(MAGIC).putShort((short) (size.bytes() == 65536 ? 1 : size.bytes()));
        header.put((byte) 1).put((byte) 1).put((byte) 0).put(FRACTIONS);
        header.putInt(CHANGES).putInt((int) pages).putInt(0).putInt(0);
        header.putInt(1).putInt(SCHEMA_FORMAT).putInt(0).putInt(0);
        header.putInt(UTF_8).putInt(0).putInt(0).putInt(0).put(new byte[20]);
        header.putInt(CHANGES).putInt(WRITTEN_AS);
    }
}
