package dev.belay.disk;

import dev.belay.fault.FaultPoint;
import dev.belay.job.FsyncFailed;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/// The few file operations that durability rests on.
///
/// A name is durable only after its folder was fsynced; content only after the file was. Both are done here, in that
/// order (file, rename, folder), so that after a power cut a name either is absent or leads to whole content.
public final class DurableFiles {
    private DurableFiles() {}

    /// Writes `content` under `target` so that a reader sees the old file or the new one, never a part.
    ///
    /// Killed half-way it leaves a `*.partial` file beside the target; a failure removes it.
    ///
    /// @param partialName unique name for the file while it is written, in the target's folder
    /// @throws IOException when writing or renaming fails; the target is as before
    public static void replace(Path target, byte[] content, String partialName) throws IOException {
        Path partial = target.resolveSibling(partialName + ".partial");
        // Outside of what removes the partial: one that is there already is another writer's.
        // A stream, because an interrupt closes a channel.
        FaultPoint.DISK_WRITE.before();
        OutputStream out = Files.newOutputStream(partial, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        try {
            try (out) {
                out.write(content);
            }
            FaultPoint.DISK_WRITE.after();
            fsync(partial);
            rename(partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            Files.deleteIfExists(partial);
            throw failed;
        }
        fsyncFolder(folderOf(target));
    }

    /// Adds `line` to the end of an existing file and makes it durable; when the file does not end with `end`, as a
    /// kill within an earlier call leaves it, that comes first.
    ///
    /// Killed half-way, or failing, it leaves a part of the line at the end.
    public static void append(Path file, byte[] line, char end) throws IOException {
        FaultPoint.DISK_WRITE.before();
        boolean torn;
        try (var in = Files.newInputStream(file)) {
            in.skipNBytes(Math.max(0, Files.size(file) - 1));
            int last = in.read();
            torn = last >= 0 && last != end;
        }
        try (var out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
            if (torn) {
                out.write(end);
            }
            out.write(line);
        }
        FaultPoint.DISK_WRITE.after();
        fsync(file);
    }

    /// Renames within one file system and makes both names durable.
    public static void move(Path from, Path target) throws IOException {
        rename(from, target, StandardCopyOption.ATOMIC_MOVE);
        Path targetFolder = folderOf(target);
        Path sourceFolder = folderOf(from);
        fsyncFolder(targetFolder);
        if (!targetFolder.equals(sourceFolder)) {
            fsyncFolder(sourceFolder);
        }
    }

    /// Gives a file a name without making it durable: what follows must be [#fsyncFolder].
    ///
    /// Killed half-way it has one of the two names.
    public static void rename(Path from, Path target, CopyOption... options) throws IOException {
        FaultPoint.DISK_RENAME.before();
        Files.move(from, target, options);
        FaultPoint.DISK_RENAME.after();
    }

    /// Makes the content of an existing file durable.
    public static void fsync(Path file) throws IOException {
        FaultPoint.DISK_FSYNC.before(fault -> new FsyncFailed(name(file), fault));
        force(file, StandardOpenOption.WRITE);
        FaultPoint.DISK_FSYNC.after(fault -> new FsyncFailed(name(file), fault));
    }

    /// Makes the names in a folder durable.
    public static void fsyncFolder(Path folder) throws IOException {
        FaultPoint.DISK_FSYNC_FOLDER.before(fault -> new FsyncFailed(name(folder), fault));
        force(folder, StandardOpenOption.READ);
        FaultPoint.DISK_FSYNC_FOLDER.after(fault -> new FsyncFailed(name(folder), fault));
    }

    /// Creates a folder with its missing parents and makes their names durable.
    public static void createFolders(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path parent = folder.toAbsolutePath().getParent();
        if (parent != null) {
            createFolders(parent);
        }
        try {
            FaultPoint.DISK_MAKE_FOLDER.before();
            Files.createDirectory(folder);
            FaultPoint.DISK_MAKE_FOLDER.after();
        } catch (FileAlreadyExistsException madeMeanwhile) {
            if (!Files.isDirectory(folder)) {
                throw madeMeanwhile;
            }
        }
        if (parent != null) {
            fsyncFolder(parent);
        }
    }

    /// Removes a file or a folder with all that is in it; nothing there is no error.
    ///
    /// @return whether something was there
    public static boolean remove(Path fileOrFolder) throws IOException {
        if (!Files.exists(fileOrFolder, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        if (!Files.isDirectory(fileOrFolder, LinkOption.NOFOLLOW_LINKS)) {
            return removeOne(fileOrFolder);
        }
        try (Stream<Path> tree = Files.walk(fileOrFolder)) {
            for (Path entry : tree.sorted(Comparator.reverseOrder()).toList()) {
                removeOne(entry);
            }
        } catch (NoSuchFileException goneMeanwhile) {
            return remove(fileOrFolder);
        } catch (UncheckedIOException walking) {
            if (walking.getCause() instanceof NoSuchFileException) {
                return remove(fileOrFolder);
            }
            throw walking.getCause();
        }
        return true;
    }

    private static boolean removeOne(Path entry) throws IOException {
        FaultPoint.DISK_REMOVE.before();
        boolean removed = Files.deleteIfExists(entry);
        FaultPoint.DISK_REMOVE.after();
        return removed;
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static Path folderOf(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException(file + " is not in a folder");
        }
        return folder;
    }

    /// On a thread of its own, which nobody interrupts: an interrupt closes the channel, so it would look like an
    /// fsync that failed, or hide one that did. A virtual one: a job has some ten of them, and a platform thread
    /// costs several times as much to begin. The JDK replaces carriers that wait in the kernel.
    private static void force(Path what, OpenOption way) throws IOException {
        var outcome = new CompletableFuture<Optional<IOException>>();
        Thread.ofVirtual().name("fsync").start(() -> {
            try (var channel = FileChannel.open(what, way)) {
                force(channel, what);
                outcome.complete(Optional.empty());
            } catch (IOException failed) {
                outcome.complete(Optional.of(failed));
            } catch (RuntimeException | FsyncFailed failed) {
                outcome.completeExceptionally(failed);
            }
        });
        try {
            Optional<IOException> failed = outcome.join();
            if (failed.isPresent()) {
                throw failed.get();
            }
        } catch (CompletionException thrown) {
            if (thrown.getCause() instanceof FsyncFailed fatal) {
                throw fatal;
            }
            throw thrown;
        }
    }

    private static void force(FileChannel channel, Path what) {
        try {
            channel.force(true);
        } catch (IOException failed) {
            throw new FsyncFailed(name(what), failed);
        }
    }
}
