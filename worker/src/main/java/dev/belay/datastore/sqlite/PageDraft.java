package dev.belay.datastore.sqlite;

import dev.belay.datastore.RowDigest;
import dev.belay.datastore.sqlite.pages.PartPages;
import dev.belay.datastore.sqlite.pages.TableFile;
import dev.belay.fault.FaultPoint;
import dev.belay.job.Column;
import dev.belay.job.JobFailure;
import dev.belay.job.TableDraft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// A draft that is a file of pages like a staged one, without its first page until it is adopted.
final class PageDraft implements TableDraft {
    private final Path file;
    private final PageLoading loading;
    private final TableLayout guessed;
    private final TableFile table;
    private final RowDigest digest = new RowDigest();
    private final Queue<PagePart> parts = new ConcurrentLinkedQueue<>();

    /// @param file    made here, and removed unless it is adopted
    /// @param columns as they are guessed to be; their names do not matter
    PageDraft(Path file, PageLoading loading, List<Column> columns) throws IOException {
        this.file = file;
        this.loading = loading;
        guessed =
                new TableLayout("draft", columns.stream().map(StoredColumn::of).toList());
        Files.createFile(file);
        boolean whole = false;
        try {
            table = loading.draft(file, guessed);
            whole = true;
        } finally {
            if (!whole) {
                Files.deleteIfExists(file);
            }
        }
    }

    @Override
    public Part part() {
        var part = new PagePart(table.loose());
        parts.add(part);
        return part;
    }

    @Override
    public boolean add(Part part, long before) throws IOException {
        var own = (PagePart) part;
        if (!table.add(own.pages, before)) {
            return false;
        }
        digest.append(own.digest);
        return true;
    }

    /// Whether a table of this layout would have the same pages.
    boolean fits(TableLayout layout) {
        return layout.columns().stream()
                        .map(StoredColumn::isDecimalAsDouble)
                        .toList()
                        .equals(guessed.columns().stream()
                                .map(StoredColumn::isDecimalAsDouble)
                                .toList())
                && loading.pageSize(layout).equals(loading.pageSize(guessed));
    }

    /// Makes it a whole file and moves it to where there is an empty one.
    ///
    /// @return the digest over its rows
    /// @throws IOException when it cannot be written, or moved without being copied
    RowDigest adopt(Path target, TableLayout layout) throws IOException {
        table.finish(PageLoading.shape(layout));
        table.close();
        FaultPoint.STAGE_ADOPT.before();
        Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
        FaultPoint.STAGE_ADOPT.after();
        return digest;
    }

    @Override
    public void close() {
        for (PagePart part = parts.poll(); part != null; part = parts.poll()) {
            table.release(part.pages);
        }
        try {
            table.close();
        } catch (IOException nobodyWantsIt) {
            // What is left of it goes with the workspace.
        }
        try {
            Files.deleteIfExists(file);
        } catch (IOException nobodyWantsIt) {
            // As above.
        }
    }

    /// Rows that become pages, and their digest.
    private static final class PagePart implements Part {
        private final PartPages pages;
        private RowDigest digest = new RowDigest();

        PagePart(PartPages pages) {
            this.pages = pages;
        }

        @Override
        public void begin(long before) {
            pages.beginLoosely(before);
            digest = new RowDigest();
        }

        @Override
        public void nothing(int column) {
            digest.nothing();
            pages.nothing(column);
        }

        @Override
        public void integer(int column, long value) {
            digest.integer(value);
            pages.integer(column, value);
        }

        @Override
        public void real(int column, double value) {
            digest.real(value);
            pages.real(column, value);
        }

        @Override
        public void decimal(int column, byte[] bytes, int from, int to, long unscaled, int scale) {
            digest.text(bytes, from, to);
            pages.decimal(column, bytes, from, to, unscaled, scale);
        }

        @Override
        public void text(int column, byte[] bytes, int from, int to) {
            digest.text(bytes, from, to);
            pages.text(column, bytes, from, to);
        }

        @Override
        public void endRow() throws JobFailure, IOException {
            digest.endRow();
            pages.endRow();
        }
    }
}
