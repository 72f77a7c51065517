package dev.belay.sql;

import dev.belay.fault.InjectedFault;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.FsyncFailed;
import dev.belay.job.Place;
import dev.belay.job.Unavailable;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// Tells from SQLite's result code, never from its text, what is wrong with the installation.
public final class SqliteFailures {
    private SqliteFailures() {}

    /// @throws FsyncFailed           when the code says that an fsync failed
    /// @throws IllegalStateException when the statement itself is wrong: a defect of ours
    public static Unavailable unavailable(SQLException failed, Path file) {
        return new Unavailable(classified(failed, file), failed);
    }

    /// What a result code means for the installation.
    ///
    /// @throws FsyncFailed           when the code says that an fsync failed
    /// @throws IllegalStateException when the statement itself is wrong: a defect of ours
    public static Failure classified(SQLException failed, Path file) {
        SQLiteErrorCode code =
                failed instanceof SQLiteException known ? known.getResultCode() : SQLiteErrorCode.UNKNOWN_ERROR;
        // Extended codes hold the primary one in their low byte.
        return switch (code.code & 0xff) {
            case 13 ->
                new Failure.Configuration(
                        FailureCode.DISK_FULL, "no room is left on the disk of %s".formatted(file), Place.NONE);
            case 3, 8, 14 ->
                new Failure.Configuration(
                        FailureCode.STORE_READ_ONLY, "%s cannot be opened or written".formatted(file), Place.NONE);
            case 5, 6, 15 ->
                new Failure.Transient(
                        FailureCode.STORE_UNAVAILABLE, "%s is locked by another process".formatted(file), Place.NONE);
            case 10 -> ioError(failed, code, file);
            case 11, 26 ->
                new Failure.Corrupt(
                        FailureCode.STORE_CORRUPT, "%s is damaged or not a database".formatted(file), Place.NONE);
            default -> throw new IllegalStateException("SQL failed on " + file + ": " + failed.getMessage(), failed);
        };
    }

    /// Whether the failure says something about what is in the file (damaged, not a database, other tables) rather
    /// than about the surroundings.
    public static boolean isAboutContent(SQLException failed) {
        int code = failed instanceof SQLiteException known ? known.getResultCode().code & 0xff : 0;
        return code == SQLiteErrorCode.SQLITE_CORRUPT.code
                || code == SQLiteErrorCode.SQLITE_NOTADB.code
                || code == SQLiteErrorCode.SQLITE_ERROR.code;
    }

    /// Whether another process holds the lock that was asked for.
    static boolean isBusy(SQLException failed) {
        return failed instanceof SQLiteException known
                && (known.getResultCode().code & 0xff) == SQLiteErrorCode.SQLITE_BUSY.code;
    }

    /// What a step of a database throws when a failure is injected there: an I/O error, as a disk gives.
    public static SQLException injected(InjectedFault fault) {
        var failed = new SQLiteException(String.valueOf(fault.getMessage()), SQLiteErrorCode.SQLITE_IOERR);
        failed.initCause(fault);
        return failed;
    }

    private static Failure ioError(SQLException failed, SQLiteErrorCode code, Path file) {
        if (code == SQLiteErrorCode.SQLITE_IOERR_FSYNC || code == SQLiteErrorCode.SQLITE_IOERR_DIR_FSYNC) {
            throw new FsyncFailed(file.getFileName().toString(), failed);
        }
        return new Failure.Transient(
                FailureCode.STORE_UNAVAILABLE, "%s cannot be read or written (%s)".formatted(file, code), Place.NONE);
    }
}
