package dev.belay.disk;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Finds out whether a folder can hold what must be whole: files can be made there, fsynced and renamed.
///
/// Leaves nothing. Killed half-way it leaves a small hidden file, which the next probe of the same folder
/// removes; so two that begin at once may take each other's away, and try again then.
public final class WriteProbe {
    private static final int TRIES = 10;

    private WriteProbe() {}

    /// Tries it.
    ///
    /// @param prefix what the names of all probes begin with that are made in this folder, from a dot on
    /// @param id     makes the name unique
    /// @throws IOException why it cannot be written
    public static void of(Path folder, String prefix, String id) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, prefix + "*")) {
            for (Path probe : left) {
                DurableFiles.remove(probe);
            }
        }
        String name = prefix + id;
        for (int tries = 1; !wrote(folder.resolve(name), name, tries == TRIES); tries++) {
            // Someone else who begins took ours for one that was left.
        }
    }

    private static boolean wrote(Path probe, String name, boolean last) throws IOException {
        try {
            DurableFiles.replace(probe, new byte[] {'\n'}, name);
            return true;
        } catch (NoSuchFileException taken) {
            if (last) {
                throw taken;
            }
            return false;
        } finally {
            DurableFiles.remove(probe);
        }
    }
}
