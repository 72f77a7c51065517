package dev.belay.runtime.folder;

import dev.belay.disk.DurableFiles;
import dev.belay.disk.StorageFailures;
import dev.belay.job.IdSource;
import dev.belay.job.JobFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// `workers/folder.id`: tells a data folder from those of other hosts, once and for all. Whoever copies a data folder
/// copies its name: Kafka then says that two workers have one slot.
final class FolderName {
    private static final String FILE = "folder.id";
    private static final Pattern NAME = Pattern.compile("[0-9a-z]{10}");
    private static final int LENGTH = 10;

    private final Path workers;

    /// @param workers a folder that exists
    FolderName(Path workers) {
        this.workers = workers;
    }

    /// Ten letters and digits. Of several processes that give a name at once, all get the same: each looks what came of
    /// it.
    ///
    /// @param ids for a folder without a name
    /// @throws JobFailure when it cannot be read or written
    String get(IdSource ids) throws JobFailure {
        try {
            Optional<String> known = read();
            if (known.isPresent()) {
                return known.get();
            }
            String id = ids.next().toLowerCase(Locale.ROOT);
            // Its end is chance, its beginning the time.
            String name = id.substring(id.length() - LENGTH);
            Path made = workers.resolve(FILE + "." + id);
            Files.writeString(made, name + "\n", StandardCharsets.US_ASCII);
            DurableFiles.fsync(made);
            try {
                // Unlike a rename, fails where another process was first.
                Files.createLink(workers.resolve(FILE), made);
            } catch (FileAlreadyExistsException first) {
                // Its name is the one that counts.
            } finally {
                Files.delete(made);
            }
            DurableFiles.fsyncFolder(workers);
            return read().orElseThrow(() -> new IOException(FILE + " holds no name"));
        } catch (IOException failed) {
            throw new JobFailure(StorageFailures.of(failed, workers), failed);
        }
    }

    private Optional<String> read() throws IOException {
        try {
            String name = Files.readString(workers.resolve(FILE), StandardCharsets.US_ASCII)
                    .strip();
            return Optional.of(name).filter(text -> NAME.matcher(text).matches());
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }
}
