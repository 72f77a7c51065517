package dev.belay.upkeep;

import dev.belay.disk.DurableFiles;
import dev.belay.disk.StorageFailures;
import dev.belay.job.Unavailable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/// `journal.id` beside the catalog: the id of the journal that belongs to it, so that a journal made anew after a loss
/// is known again by Kafka, which keeps the id with the offsets.
public final class JournalMark {
    private static final String NAME = "journal.id";
    private static final Pattern ID = Pattern.compile("[0-9A-Za-z-]{1,64}");

    private JournalMark() {}

    /// Notes the id, unless one is noted.
    public static void note(Path datastore, String id) {
        try {
            if (read(datastore).isEmpty()) {
                Files.deleteIfExists(datastore.resolve(NAME + ".partial"));
                DurableFiles.replace(datastore.resolve(NAME), (id + "\n").getBytes(StandardCharsets.UTF_8), NAME);
            }
        } catch (IOException failed) {
            throw new Unavailable(StorageFailures.of(failed, datastore), failed);
        }
    }

    /// The id, if one is noted.
    static Optional<String> read(Path datastore) {
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
