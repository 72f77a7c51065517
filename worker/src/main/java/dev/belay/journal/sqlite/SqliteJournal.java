package dev.belay.journal.sqlite;

import dev.belay.disk.DurableFiles;
import dev.belay.disk.StorageFailures;
import dev.belay.job.IdSource;
import dev.belay.job.Unavailable;
import dev.belay.journal.sql.Dialect;
import dev.belay.journal.sql.SqlJournal;
import dev.belay.sql.SqliteDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/// The journal in `journal.db` of the data folder, for all workers of one host.
///
/// WAL with `synchronous=FULL`: what a method decided survives a power cut once it has returned. A method that
/// was killed half-way, or that throws, has decided nothing.
public final class SqliteJournal extends SqlJournal {
    static final String FILE_NAME = "journal.db";

    private final SqliteDatabase database;

    private SqliteJournal(SqliteDatabase database, String id) {
        super(database, Dialect.SQLITE, id);
        this.database = database;
    }

    /// Opens the journal of a data folder, making folder and journal if they are missing, and brings its schema
    /// up to date.
    ///
    /// Killed half-way it leaves a journal that the next call completes. Of several processes that open at once
    /// one makes it, and all get the same id.
    ///
    /// @param ids mints the id of a new journal
    /// @throws Unavailable when it cannot be opened, is damaged, or is newer than this program
    public static SqliteJournal open(Path dataFolder, IdSource ids) {
        Path file = dataFolder.resolve(FILE_NAME);
        try {
            DurableFiles.createFolders(dataFolder);
        } catch (IOException failed) {
            throw new Unavailable(StorageFailures.of(failed, dataFolder), failed);
        }
        SqliteDatabase database = SqliteDatabase.open(file, JournalSchema.MIGRATIONS);
        boolean opened = false;
        try {
            String id = journalId(database, ids);
            DurableFiles.fsyncFolder(dataFolder);
            opened = true;
            return new SqliteJournal(database, id);
        } catch (IOException failed) {
            throw new Unavailable(StorageFailures.of(failed, dataFolder), failed);
        } finally {
            if (!opened) {
                database.close();
            }
        }
    }

    /// Gives the journal of a data folder another name, with all that belongs to it. Does nothing when there is none.
    /// Killed half-way, the same call again does the rest.
    ///
    /// @param suffix put behind its name after a dot
    /// @throws Unavailable when it cannot be
    public static void setAside(Path dataFolder, String suffix) {
        try {
            // The log first: one left behind would be played into the journal that takes this one's place.
            for (String part : List.of("-wal", "-shm", "")) {
                Path old = dataFolder.resolve(FILE_NAME + part);
                if (Files.exists(old)) {
                    Path aside = dataFolder.resolve(FILE_NAME + "." + suffix + part);
                    DurableFiles.rename(old, aside, StandardCopyOption.ATOMIC_MOVE);
                }
            }
            DurableFiles.fsyncFolder(dataFolder);
        } catch (IOException failed) {
            throw new Unavailable(StorageFailures.of(failed, dataFolder), failed);
        }
    }

    /// For tests that look at the file itself.
    SqliteDatabase database() {
        return database;
    }
}
