package dev.belay.datastore.sqlite;

import dev.belay.disk.DurableFiles;
import dev.belay.disk.StorageFailures;
import dev.belay.job.Unavailable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/// `journal.id` beside the catalog: the id of the journal that belongs to it, so that a journal made anew after a loss
/// is known again by Kafka, which keeps the id with the offsets.
public final class JournalMark {
    private static final String NAME = "journal.id";
    private static final int TRIES = 10;
    private static final Pattern ID = Pattern.compile("[0-9A-Za-z-]{1,64}");

    private JournalMark() {}

    /// Notes the id, unless one is noted. Killed half-way it leaves a partial file that the next call removes; so two
    /// that begin at once may take each other's away, and look again then.
    ///
    /// @param unique makes the partial file's name unique
    public static void note(Path datastore, String id, String unique) {
        try {
            for (int tries = 1; read(datastore).isEmpty() && !wrote(datastore, id, unique, tries == TRIES); tries++) {
                // Someone else who begins took ours for one that was left.
            }
        } catch (IOException failed) {
            throw new Unavailable(StorageFailures.of(failed, datastore), failed);
        }
    }

    /// Notes another id in the place of the one that is noted. Killed half-way it is the one or the other.
    ///
    /// @param unique makes the partial file's name unique
    public static void replace(Path datastore, String id, String unique) {
        try {
            wrote(datastore, id, unique, true);
        } catch (IOException failed) {
            throw new Unavailable(StorageFailures.of(failed, datastore), failed);
        }
    }

    private static boolean wrote(Path datastore, String id, String unique, boolean last) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(datastore, NAME + ".*partial")) {
            for (Path partial : left) {
                DurableFiles.remove(partial);
            }
        }
        try {
            DurableFiles.replace(
                    datastore.resolve(NAME), (id + "\n").getBytes(StandardCharsets.UTF_8), NAME + "." + unique);
            return true;
        } catch (NoSuchFileException taken) {
            if (last) {
                throw taken;
            }
            return false;
        }
    }

    /// The id, if one is noted.
    public static Optional<String> read(Path datastore) {
        try {
            String id = Files.readString(datastore.resolve(NAME)).strip();
            return ID.matcher(id).matches() ? Optional.of(id) : Optional.empty();
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException failed) {
            throw new Unavailable(StorageFailures.of(failed, datastore), failed);
        }
    }
}
