package dev.belay.datastore.sqlite;

import dev.belay.disk.DurableFiles;
import dev.belay.disk.StorageFailures;
import dev.belay.fault.FaultPoint;
import dev.belay.job.DatasetId;
import dev.belay.job.Unavailable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Where version files stand, and the way of each through three names:
///
/// `staging/<dataset>/<name>.part` (being built, broken when killed) → `staging/<dataset>/<name>` (sealed: content and
/// name are durable) → `datasets/<dataset>/<name>` (moved by a publication; published once the catalog says so).
///
/// A file goes only forward, by one atomic rename each. Whoever looks for it looks in that order too, so it cannot be
/// missed by being moved meanwhile.
final class VersionFiles {
    private final Path root;
    private final Path staging;
    private final Path datasets;

    VersionFiles(Path root) {
        this.root = root.toAbsolutePath().normalize();
        staging = this.root.resolve("staging");
        datasets = this.root.resolve("datasets");
    }

    Path building(VersionName name) {
        return folder(staging, name.dataset()).resolve(name.fileName() + VersionName.UNFINISHED);
    }

    Path sealed(VersionName name) {
        return folder(staging, name.dataset()).resolve(name.fileName());
    }

    Path published(VersionName name) {
        return folder(name.dataset()).resolve(name.fileName());
    }

    /// The folder of a dataset's published files.
    Path folder(DatasetId dataset) {
        return folder(datasets, dataset);
    }

    // Ids cannot hold separators; this holds even if that rule is ever weakened.
    private static Path folder(Path base, DatasetId dataset) {
        Path folder = base.resolve(dataset.value()).normalize();
        if (!base.equals(folder.getParent())) {
            throw new IllegalArgumentException(folder + " is outside of " + base);
        }
        return folder;
    }

    /// A file's place below the data folder, for people.
    String relative(Path file) {
        return root.relativize(file).toString();
    }

    /// Whether anything at all stands there, a broken link too.
    static boolean isThere(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    /// Whether a file at some place can become one of these without being copied.
    boolean canBeMovedHere(Path place) throws IOException {
        Path folder = place.toAbsolutePath().getParent();
        return folder != null && Files.getFileStore(folder).equals(Files.getFileStore(root));
    }

    /// Makes room for a version about to be built: its folder, durably.
    void prepare(VersionName name) {
        guarded(() -> DurableFiles.createFolders(folder(staging, name.dataset())));
    }

    /// Gives a built file its sealed name. Killed half-way it has one of the two names; both lead to the whole
    /// content, which was made durable first.
    void seal(VersionName name) {
        guarded(() -> {
            FaultPoint.STAGE_SEAL.before();
            DurableFiles.fsync(building(name));
            DurableFiles.move(building(name), sealed(name));
            FaultPoint.STAGE_SEAL.after();
        });
    }

    /// Moves a sealed file to where it is published; when it is there already only makes that durable, and does
    /// nothing when it is nowhere.
    ///
    /// Killed half-way the file stands in one of the two folders under the same name, unpublished.
    void moveToPublished(VersionName name) {
        guarded(() -> {
            FaultPoint.PUBLISH_MOVE.before();
            Path target = published(name);
            if (isThere(target)) {
                // Moved by someone who may have been killed before its name, or that of its folder, was durable.
                DurableFiles.fsyncFolder(folder(name.dataset()));
                DurableFiles.fsyncFolder(datasets);
            } else if (isThere(sealed(name))) {
                DurableFiles.createFolders(folder(name.dataset()));
                try {
                    DurableFiles.move(sealed(name), target);
                } catch (NoSuchFileException droppedMeanwhile) {
                    // By whoever claimed the dataset since: the transaction that follows will say so.
                    return;
                }
            }
            FaultPoint.PUBLISH_MOVE.after();
        });
    }

    /// Removes a file if it is there and makes that durable.
    ///
    /// @param point why it is removed
    boolean remove(FaultPoint point, Path file) {
        return guarded(() -> {
            point.before();
            boolean removed = DurableFiles.remove(file);
            if (removed) {
                DurableFiles.fsyncFolder(file.resolveSibling(""));
            }
            point.after();
            return removed;
        });
    }

    /// The files of one dataset that are not moved yet, finished or not.
    List<Path> staged(DatasetId dataset) {
        return files(folder(staging, dataset));
    }

    /// The files of one dataset that were moved, published or not.
    List<Path> moved(DatasetId dataset) {
        return files(folder(dataset));
    }

    /// Every dataset that has a folder anywhere.
    List<DatasetId> datasets() {
        var names = new TreeSet<DatasetId>();
        for (Path folder : List.of(staging, datasets)) {
            for (Path entry : files(folder)) {
                datasetId(entry).ifPresent(names::add);
            }
        }
        return new ArrayList<>(names);
    }

    private static Optional<DatasetId> datasetId(Path folder) {
        try {
            return Optional.of(new DatasetId(folder.getFileName().toString()));
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    private List<Path> files(Path folder) {
        return guarded(() -> {
            try (Stream<Path> entries = Files.list(folder)) {
                return entries.sorted().toList();
            } catch (NoSuchFileException noneYet) {
                return List.of();
            } catch (UncheckedIOException listing) {
                throw listing.getCause();
            }
        });
    }

    /// Runs file operations of this store.
    ///
    /// @throws Unavailable       what a failed one means for the installation
    <T> T guarded(FileWork<T> work) {
        try {
            return work.run();
        } catch (FileAlreadyExistsException taken) {
            throw new IllegalStateException(taken.getFile() + " is already there and is never adopted", taken);
        } catch (IOException failed) {
            throw new Unavailable(StorageFailures.of(failed, root), failed);
        }
    }

    private void guarded(FileAction action) {
        guarded(() -> {
            action.run();
            return true;
        });
    }

    /// File operations with a result.
    @FunctionalInterface
    interface FileWork<T> {
        T run() throws IOException;
    }

    /// File operations without one.
    @FunctionalInterface
    private interface FileAction {
        void run() throws IOException;
    }
}
