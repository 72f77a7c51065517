package dev.belay.datastore.sqlite;

import dev.belay.disk.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/// `current.sqlite`: the head under a name that does not change. A relative symbolic link, so that the whole folder may
/// be moved; a hard link or a copy on file systems without.
///
/// Made beside its place and renamed, so a reader finds the old or the new one. Killed half-way it leaves
/// `current.sqlite.partial`, which the next time removes. Callers see to it that only one at a time works on a
/// folder.
final class CurrentLink {
    static final String NAME = "current.sqlite";

    /// The ways from best to last resort.
    static final List<Way> WAYS = List.of(
            (link, target) -> Files.createSymbolicLink(link, target.getFileName()),
            Files::createLink,
            CurrentLink::copy);

    private final List<Way> ways;

    CurrentLink(List<Way> ways) {
        this.ways = List.copyOf(ways);
    }

    /// Whether the name leads to what `version` holds. Something that moves meanwhile is a no: whoever moves it
    /// lets the name follow.
    static boolean leadsTo(Path folder, Path version) {
        Path link = folder.resolve(NAME);
        try {
            return Files.exists(link)
                    && Files.exists(version)
                    && (Files.isSameFile(link, version)
                            || (Files.size(link) == Files.size(version) && Files.mismatch(link, version) < 0));
        } catch (IOException moved) {
            return false;
        }
    }

    /// Lets the name lead to `version`, a file in `folder`.
    void pointTo(Path folder, Path version) throws IOException {
        Path link = folder.resolve(NAME);
        Path partial = folder.resolve(NAME + ".partial");
        if (Files.exists(link) && Files.exists(version) && Files.isSameFile(link, version)) {
            return;
        }
        Files.deleteIfExists(partial);
        make(partial, version);
        DurableFiles.rename(partial, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        DurableFiles.fsyncFolder(folder);
    }

    /// Removes the name.
    void remove(Path folder) throws IOException {
        if (DurableFiles.remove(folder.resolve(NAME))) {
            DurableFiles.fsyncFolder(folder);
        }
    }

    private void make(Path link, Path target) throws IOException {
        var refused = new IOException("no kind of link to " + target + " can be made");
        for (Way way : ways) {
            try {
                way.make(link, target);
                return;
            } catch (IOException | UnsupportedOperationException notThisWay) {
                refused.addSuppressed(notThisWay);
                Files.deleteIfExists(link);
            }
        }
        throw refused;
    }

    private static void copy(Path link, Path target) throws IOException {
        Files.copy(target, link);
        DurableFiles.fsync(link);
    }

    /// One way to make a second name for a file.
    @FunctionalInterface
    interface Way {
        void make(Path link, Path target) throws IOException;
    }
}
