package dev.belay.datastore.sqlite.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.belay.parts.Cores;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The pages that a file has, at places where a file of usual size has none: the lock byte, the ends of blocks.
final class TableFileTest {
    private static final long SEED = Long.getLong("belay.pages.seed", 20261125);
    private static final PageSize SMALL = new PageSize(512);
    private static final TableShape SHAPE =
            new TableShape("t", "CREATE TABLE t (_id INTEGER PRIMARY KEY, a TEXT)", 1, new BitSet(), (column, text) -> {
                throw new IllegalStateException("there is no decimal");
            });

    @TempDir
    Path folder;

    private final Random random = new Random(SEED);

    private List<String> texts(int count, int longest) {
        var texts = new ArrayList<String>();
        for (int at = 0; at < count; at++) {
            texts.add(Integer.toString(at, 36).repeat(1 + random.nextInt(longest)));
        }
        return texts;
    }

    private Path write(PageSize size, List<String> texts, int partRows, TableFile.Limits limits) throws Exception {
        Path file = Files.createTempFile(folder, "t", ".sqlite");
        int parts = (texts.size() + partRows - 1) / partRows;
        try (var cores = new Cores(3);
                var table = new TableFile(file, size, SHAPE, new Blocks(3), limits)) {
            cores.inOrder(
                    parts,
                    part -> table.write(part, (long) part * partRows, sink -> {
                        for (String text : part(texts, part, partRows)) {
                            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                            sink.text(0, bytes, 0, bytes.length);
                            sink.endRow();
                        }
                        return part;
                    }),
                    (part, same) -> assertThat(same).isEqualTo(part));
            table.finish();
        }
        return file;
    }

    private static List<String> part(List<String> texts, int part, int rows) {
        return texts.subList(part * rows, Math.min(texts.size(), (part + 1) * rows));
    }

    private static List<String> ask(Path file, String sql) throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement();
                var results = statement.executeQuery(sql)) {
            var found = new ArrayList<String>();
            while (results.next()) {
                found.add(results.getString(1));
            }
            return found;
        }
    }

    @Test
    void blocksMayEndAnywhereInAChainOfOverflowPages() throws Exception {
        System.out.println("-Dbelay.pages.seed=" + SEED);
        for (int pages = 1; pages <= 12; pages++) {
            List<String> texts = texts(150, 2000);

            Path file = write(SMALL, texts, 40, new TableFile.Limits(pages * 512, PageNumbers.LOCK_BYTE));

            assertThat(ask(file, "PRAGMA integrity_check")).containsExactly("ok");
            assertThat(ask(file, "SELECT a FROM t ORDER BY _id")).isEqualTo(texts);
        }
    }

    /// Blocks of 4 pages are long ones: they pass by the page cache, where the folder's file system can do that.
    @Test
    void writesLongBlocksBesideShortOnes() throws Exception {
        for (int pages = 4; pages <= 6; pages++) {
            List<String> texts = texts(3000, 3000);

            Path file = write(new PageSize(4096), texts, 100, new TableFile.Limits(pages * 4096, 1 << 20));

            assertThat(ask(file, "SELECT a FROM t ORDER BY _id")).isEqualTo(texts);
            assertThat(ask(file, "SELECT count(*) FROM t")).containsExactly("3000");
        }
    }

    @Test
    void leavesOutThePageOfTheLockByteWhereverItComes() throws Exception {
        List<String> texts = texts(120, 900);
        Path whole = write(SMALL, texts, 30, new TableFile.Limits(4096, PageNumbers.LOCK_BYTE));
        int all = (int) (Files.size(whole) / 512);
        for (int page = 2; page <= all + 1; page++) {
            Path file = write(SMALL, texts, 30, new TableFile.Limits(4096, (page - 1) * 512L));

            // SQLite itself looks for the lock byte at 1 GiB: the page that was left out is the only thing it misses.
            assertThat(ask(file, "PRAGMA integrity_check(9)"))
                    .as("lock byte on page %s of %s", page, all)
                    .containsExactly(page <= all ? "*** in database main ***\nPage " + page + ": never used" : "ok");
            assertThat(ask(file, "SELECT a FROM t ORDER BY _id")).isEqualTo(texts);
            Files.delete(file);
        }
    }

    @Test
    void refusesMorePagesThanAFileCanHave() throws Exception {
        var numbers = new PageNumbers(SMALL, PageNumbers.LOCK_BYTE);
        for (int times = 0; times < 3; times++) {
            numbers.take(1 << 30);
        }
        numbers.take((1 << 30) - 4);
        assertThat(numbers.pages()).isEqualTo(PageNumbers.MOST);

        assertThatIOException().isThrownBy(() -> numbers.take(1)).withMessageContaining("at most 4294967294 pages");
    }

    @Test
    void writesVarintsAsTheFormatDescribesThem() {
        byte[] bytes = new byte[Varint.LONGEST];
        for (int bits = 0; bits < 64; bits++) {
            for (long around = -1; around <= 1; around++) {
                long value = (1L << bits) + around;

                int end = Varint.write(bytes, 0, value);

                assertThat(end).isEqualTo(Varint.length(value));
                assertThat(read(bytes)).isEqualTo(value);
            }
        }
    }

    /// "A variable-length integer", read.
    private static long read(byte[] bytes) {
        long value = 0;
        for (int at = 0; at < Varint.LONGEST - 1; at++) {
            value = (value << 7) | (bytes[at] & 0x7f);
            if (bytes[at] >= 0) {
                return value;
            }
        }
        return (value << 8) | (bytes[Varint.LONGEST - 1] & 0xff);
    }
}
