package dev.belay.datastore.sqlite;

import dev.belay.datastore.IncomingRows;
import dev.belay.datastore.RowDigest;
import dev.belay.datastore.Staged;
import dev.belay.datastore.sqlite.pages.Blocks;
import dev.belay.datastore.sqlite.pages.NotWritten;
import dev.belay.datastore.sqlite.pages.PageSize;
import dev.belay.datastore.sqlite.pages.TableFile;
import dev.belay.datastore.sqlite.pages.TableShape;
import dev.belay.disk.StorageFailures;
import dev.belay.job.JobFailure;
import dev.belay.job.Progress;
import dev.belay.job.Unavailable;
import dev.belay.parts.Cores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// Loads a table that begins with nothing: its parts are read and become pages side by side, on all cores.
///
/// @param cores    the threads; empty to load by JDBC instead
/// @param blocks   memory to encode in
/// @param pageSize the size of pages; empty to choose it by the columns
/// @param isOwner  whether the threads end with this
record PageLoading(Optional<Cores> cores, Blocks blocks, OptionalInt pageSize, boolean isOwner)
        implements AutoCloseable {
    private static final int KEPT_BLOCKS = 4;
    private static final int ROWS_OF_A_PAGE = 5;
    private static final int SMALLEST_PAGE = 4096;
    private static final int LARGEST_PAGE = 65536;

    /// With one thread of its own.
    static PageLoading alone() {
        return new PageLoading(Optional.of(new Cores(1)), new Blocks(KEPT_BLOCKS), OptionalInt.empty(), true);
    }

    /// With threads that belong to the caller.
    static PageLoading on(Cores cores) {
        return new PageLoading(Optional.of(cores), new Blocks(KEPT_BLOCKS), OptionalInt.empty(), false);
    }

    /// Loads by JDBC.
    static PageLoading off() {
        return new PageLoading(Optional.empty(), new Blocks(1), OptionalInt.empty(), true);
    }

    /// Whether tables are loaded as pages.
    boolean isOn() {
        return cores.isPresent();
    }

    /// Writes the table into an empty file. Killed half-way, or when it fails, the file is no database.
    ///
    /// @throws Unavailable when the file cannot be written
    Staged load(Path file, Incoming incoming, TableLayout layout) throws JobFailure, IOException {
        Optional<Staged> adopted = adopted(file, incoming, layout);
        if (adopted.isPresent()) {
            incoming.progress().at(adopted.get().rows(), adopted.get().rows());
            return adopted.get();
        }
        try (var table = table(file, layout)) {
            RowDigest digest = write(table, incoming);
            table.finish();
            return staged(digest, incoming);
        } catch (NotWritten failed) {
            throw new Unavailable(StorageFailures.of(failed.failed(), file), failed.failed());
        }
    }

    /// An empty file that will have a table of this layout, or of another with the same columns but for their names.
    TableFile table(Path file, TableLayout layout) throws NotWritten {
        return new TableFile(file, pageSize(layout), shape(layout), blocks);
    }

    /// The same for a table whose decimals are not proven to be exact as doubles: where they are not, it is not taken.
    TableFile draft(Path file, TableLayout layout) throws NotWritten {
        return new TableFile(
                file, pageSize(layout), shape(layout, (_, decimal) -> Double.parseDouble(decimal)), blocks);
    }

    /// What was written while the source was examined is taken as it is, where it is what would be written now. What
    /// cannot be taken is made once more: so it does not matter why.
    private Optional<Staged> adopted(Path file, Incoming incoming, TableLayout layout) {
        Optional<PageDraft> draft = incoming.rows()
                .draft()
                .filter(PageDraft.class::isInstance)
                .map(PageDraft.class::cast)
                .filter(its -> incoming.isAsItIs() && its.fits(layout));
        try {
            return draft.isPresent()
                    ? Optional.of(staged(draft.get().adopt(file, layout), incoming))
                    : Optional.empty();
        } catch (IOException toBeMadeOnceMore) {
            return Optional.empty();
        }
    }

    private static Staged staged(RowDigest digest, Incoming incoming) {
        return new Staged(digest.rows(), digest.rows(), incoming.rows().deduplicated(), 0, digest.finish());
    }

    private RowDigest write(TableFile table, Incoming incoming) throws JobFailure, IOException {
        var digest = new RowDigest();
        // A single part is as long as the whole, so it tells its progress itself.
        boolean isWhole = incoming.rows().parts() == 1;
        cores.orElseThrow()
                .inOrder(
                        incoming.rows().parts(),
                        part -> digest(table, incoming, part, isWhole ? incoming.progress() : Progress.SILENT),
                        (part, found) -> {
                            boolean taken = false;
                            try {
                                digest.append(found);
                                incoming.progress().at(digest.rows(), -1);
                                taken = true;
                            } finally {
                                if (!taken) {
                                    table.giveUp(part);
                                }
                            }
                        });
        incoming.progress().at(digest.rows(), digest.rows());
        return digest;
    }

    private static RowDigest digest(TableFile table, Incoming incoming, int part, Progress progress)
            throws JobFailure, IOException {
        long before = incoming.rows().rowsBefore(part);
        return table.write(part, before, pages -> {
            var walk = new IncomingRows(incoming.plan(), before, pages, progress);
            incoming.rows().read(part, walk);
            return walk.digest();
        });
    }

    /// What is left over at the end of a page is half a row on average, so a page should hold several; but whoever
    /// looks up one row reads a whole page. Measured: at 2.7 KB a row, pages of 4096 bytes make the file half as
    /// large again as those of 16384, and slower to write; below 800 bytes a row nothing is gained over SQLite's
    /// default.
    PageSize pageSize(TableLayout layout) {
        int wanted = ROWS_OF_A_PAGE
                * layout.columns().stream().mapToInt(PageLoading::usualBytes).sum();
        int fitting = Integer.highestOneBit(Math.max(1, wanted - 1)) << 1;
        return new PageSize(pageSize.orElse(Math.clamp(fitting, SMALLEST_PAGE, LARGEST_PAGE)));
    }

    private static int usualBytes(StoredColumn column) {
        return switch (column.column().type()) {
            case BOOLEAN -> 1;
            case INTEGER -> 5;
            case DOUBLE -> 9;
            case DECIMAL -> column.isDecimalAsDouble() ? 9 : 20;
            case DATE -> 11;
            case TIMESTAMP -> 21;
            case TIME -> 8;
            case UUID -> 36;
            case JSON -> 60;
            case TEXT -> 16;
        };
    }

    static TableShape shape(TableLayout layout) {
        List<StoredColumn> columns = layout.columns();
        return shape(layout, (column, decimal) -> columns.get(column).exactDouble(decimal));
    }

    private static TableShape shape(TableLayout layout, TableShape.Decimals decimals) {
        List<StoredColumn> columns = layout.columns();
        var asReals = new BitSet();
        IntStream.range(0, columns.size())
                .filter(column -> columns.get(column).isDecimalAsDouble())
                .forEach(asReals::set);
        return new TableShape(layout.table(), layout.createTable(), columns.size(), asReals, decimals);
    }

    @Override
    public void close() {
        if (isOwner) {
            cores.ifPresent(Cores::close);
        }
    }
}
