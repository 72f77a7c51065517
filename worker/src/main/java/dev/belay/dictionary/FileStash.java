package dev.belay.dictionary;

import dev.belay.disk.DurableFiles;
import dev.belay.disk.StorageFailures;
import dev.belay.disk.WriteProbe;
import dev.belay.fault.FaultPoint;
import dev.belay.job.DatasetId;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.IdSource;
import dev.belay.job.OperationId;
import dev.belay.job.Place;
import dev.belay.job.Unavailable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The stash as files: `<folder>/<dataset>/<operation>.json`, one [StashEnvelope] each.
///
/// A copy is written under a name of its own beside its place, fsynced, renamed into place, and the folder
/// fsynced: under its name there is a whole copy or none. What is there and is not whole was damaged later; it
/// is moved to `<folder>/_quarantine/<dataset>/` (no dataset's name can start with `_`) and is corrupt until
/// somebody resolves it.
///
/// Only a write creates folders. Links are never followed below the folder. Safe for many threads and
/// processes.
public final class FileStash implements Stash {
    private static final String QUARANTINE = "_quarantine";
    private static final String COPY = ".json";
    private static final String PARTIAL = ".partial";
    private static final String RESOLVED = ".resolved";
    private static final Pattern OPERATION = Pattern.compile("[0-9A-Z]{26}");

    private final Path folder;
    private final IdSource ids;
    private final boolean movesAside;

    /// @param folder the stash's own folder; need not be there yet
    /// @param ids    makes names unique while files are written
    public FileStash(Path folder, IdSource ids) {
        this(folder, ids, true);
    }

    private FileStash(Path folder, IdSource ids, boolean movesAside) {
        this.folder = folder.toAbsolutePath().normalize();
        this.ids = ids;
        this.movesAside = movesAside;
    }

    /// The same stash for commands that only look: a damaged copy is reported where it stands and not moved
    /// aside.
    public static FileStash thatOnlyLooks(Path folder, IdSource ids) {
        return new FileStash(folder, ids, false);
    }

    /// Finds out at start whether a copy could be written: files can be made, fsynced and atomically renamed in
    /// the folder, or in the nearest one above it that is there. Leaves nothing; killed half-way, a hidden file
    /// that the next probe removes.
    ///
    /// @throws Unavailable `DISK_FULL`, `STORE_READ_ONLY` or `STASH_WRITE_FAILED`
    public void probe() {
        Path place = folder;
        while (!Files.exists(place, LinkOption.NOFOLLOW_LINKS) && place.getParent() != null) {
            place = place.getParent();
        }
        try {
            if (!Files.isDirectory(place)) {
                throw new FileSystemException(place.toString(), null, "is not a folder");
            }
            WriteProbe.of(place, ".belay-stash-probe-", ids.next());
        } catch (IOException failed) {
            throw notWritten("the stash folder cannot take copies of dictionaries", failed);
        }
    }

    @Override
    public void put(StashEntry entry) {
        byte[] bytes = StashEnvelope.write(entry);
        String what = "the dictionary of %s could not be copied to safety".formatted(entry.dataset());
        try {
            if (bytes.length > StashEnvelope.LIMIT) {
                throw new FileSystemException(
                        "its copy has %,d bytes, the limit is %,d".formatted(bytes.length, StashEnvelope.LIMIT));
            }
            FaultPoint.STASH_WRITE.before();
            Path home = homeOf(entry.dataset());
            refuseLink(home);
            DurableFiles.createFolders(home);
            removePartials(home, entry.operation());
            String partial = entry.operation() + "." + ids.next();
            DurableFiles.replace(home.resolve(entry.operation() + COPY), bytes, partial);
            FaultPoint.STASH_WRITE.after();
        } catch (IOException failed) {
            throw notWritten(what, failed);
        }
    }

    @Override
    public List<StashReading> read(DatasetId dataset) {
        Path home = homeOf(dataset);
        try {
            FaultPoint.STASH_READ.before();
            List<Found> found = new ArrayList<>();
            if (Files.exists(home, LinkOption.NOFOLLOW_LINKS) && !isFolder(home)) {
                found.add(new Found("", corrupt(dataset, home, "it stands where the dataset's folder belongs")));
            } else {
                found.addAll(copies(dataset, home));
            }
            // After the copies: what another process sets aside meanwhile is in one of the two, never in neither.
            found.addAll(setAside(dataset));
            found.sort(Comparator.comparing(Found::name).reversed());
            FaultPoint.STASH_READ.after();
            return found.stream().map(Found::reading).toList();
        } catch (IOException failed) {
            throw unreadable(failed);
        }
    }

    @Override
    public List<StashReading> list() {
        try {
            var datasets = new TreeSet<DatasetId>();
            datasets.addAll(datasetsIn(folder));
            datasets.addAll(datasetsIn(folder.resolve(QUARANTINE)));
            return datasets.stream().flatMap(dataset -> read(dataset).stream()).toList();
        } catch (IOException failed) {
            throw unreadable(failed);
        }
    }

    @Override
    public boolean clear(DatasetId dataset, OperationId operation) {
        Path home = homeOf(dataset);
        try {
            refuseLink(home);
            if (!isFolder(home)) {
                return false;
            }
            FaultPoint.STASH_CLEAR.before();
            removePartials(home, operation);
            boolean removed = DurableFiles.remove(home.resolve(operation + COPY));
            if (removed) {
                DurableFiles.fsyncFolder(home);
            }
            FaultPoint.STASH_CLEAR.after();
            return removed;
        } catch (IOException failed) {
            throw unreadable(failed);
        }
    }

    @Override
    public boolean resolve(StashReading.Corrupt corrupt) {
        Path aside = quarantineOf(corrupt.dataset());
        Path home = homeOf(corrupt.dataset());
        Path file = folder.resolve(corrupt.where()).normalize();
        boolean isAside = aside.equals(file.getParent());
        if (!file.toString().endsWith(COPY) || !(isAside || home.equals(file.getParent()))) {
            return false;
        }
        try {
            refuseLink(folder.resolve(QUARANTINE));
            refuseLink(aside);
            refuseLink(home);
            if (!isAside && isWhole(file, corrupt.dataset())) {
                return false;
            }
            FaultPoint.STASH_RESOLVE.before();
            DurableFiles.move(file, file.resolveSibling(file.getFileName() + RESOLVED));
            FaultPoint.STASH_RESOLVE.after();
            return true;
        } catch (NoSuchFileException gone) {
            return false;
        } catch (IOException failed) {
            throw unreadable(failed);
        }
    }

    private static boolean isWhole(Path file, DatasetId dataset) throws IOException {
        try {
            StashFile.read(file, dataset, operationOf(file));
            return true;
        } catch (StashEnvelope.Damaged damaged) {
            return false;
        }
    }

    /// What a file's name says whose copy it is.
    private static String operationOf(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.indexOf('.'));
    }

    /// A reading with its file's name, which sorts by operation.
    private record Found(String name, StashReading reading) {}

    private List<Found> copies(DatasetId dataset, Path home) throws IOException {
        List<Found> found = new ArrayList<>();
        for (Path file : namesIn(home, COPY)) {
            String name = file.getFileName().toString();
            try {
                found.add(new Found(name, new StashReading.Held(StashFile.read(file, dataset, operationOf(file)))));
            } catch (StashEnvelope.Damaged damaged) {
                Optional<String> stuck = moveAside(dataset, file);
                stuck.ifPresent(why ->
                        found.add(new Found(name, corrupt(dataset, file, damaged.getMessage() + "; " + why))));
            } catch (NoSuchFileException clearedMeanwhile) {
                // Absent, then.
            }
        }
        return found;
    }

    /// Moves a damaged copy to the quarantine, where it is found again. Killed half-way it is here or there,
    /// whole.
    ///
    /// @return why it still stands where it was, if it does
    private Optional<String> moveAside(DatasetId dataset, Path file) {
        if (!movesAside) {
            return Optional.of("a worker that reads it sets it aside");
        }
        Path aside = quarantineOf(dataset);
        String operation = operationOf(file);
        String name = (OPERATION.matcher(operation).matches() ? operation : "unnamed") + "." + ids.next() + COPY;
        try {
            refuseLink(folder.resolve(QUARANTINE));
            refuseLink(aside);
            FaultPoint.STASH_SET_ASIDE.before();
            DurableFiles.createFolders(aside);
            DurableFiles.move(file, aside.resolve(name));
            FaultPoint.STASH_SET_ASIDE.after();
            return Optional.empty();
        } catch (NoSuchFileException movedByAnother) {
            return Optional.empty();
        } catch (IOException failed) {
            return Optional.of("it could not be set aside: " + failed);
        }
    }

    private List<Found> setAside(DatasetId dataset) throws IOException {
        List<Found> found = new ArrayList<>();
        for (Path file : namesIn(quarantineOf(dataset), COPY)) {
            String name = file.getFileName().toString();
            try {
                StashFile.read(file, dataset, operationOf(file));
                found.add(new Found(name, corrupt(dataset, file, "it was set aside as damaged, and is whole now")));
            } catch (StashEnvelope.Damaged damaged) {
                found.add(new Found(name, corrupt(dataset, file, String.valueOf(damaged.getMessage()))));
            } catch (NoSuchFileException resolvedMeanwhile) {
                // Not read any more, then.
            }
        }
        return found;
    }

    private static StashReading corrupt(DatasetId dataset, Path where, String reason) {
        return new StashReading.Corrupt(dataset, where.toString(), reason);
    }

    private Path homeOf(DatasetId dataset) {
        return inside(folder.resolve(dataset.value()));
    }

    private Path quarantineOf(DatasetId dataset) {
        return inside(folder.resolve(QUARANTINE).resolve(dataset.value()));
    }

    /// The ids' alphabets leave no way out of the folder; this holds even if they once should.
    private Path inside(Path path) {
        Path resolved = path.normalize();
        if (!resolved.startsWith(folder) || resolved.equals(folder)) {
            throw new IllegalStateException(resolved + " is not inside the stash " + folder);
        }
        return resolved;
    }

    private static void refuseLink(Path path) throws IOException {
        if (Files.isSymbolicLink(path)) {
            throw new FileSystemException(path.toString(), null, "is a symbolic link, which the stash never follows");
        }
    }

    private static void removePartials(Path home, OperationId operation) throws IOException {
        for (Path partial : namesIn(home, PARTIAL)) {
            if (partial.getFileName().toString().startsWith(operation + ".")) {
                DurableFiles.remove(partial);
            }
        }
    }

    private static boolean isFolder(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static List<Path> namesIn(Path place, String ending) throws IOException {
        if (!isFolder(place)) {
            return List.of();
        }
        try (Stream<Path> names = Files.list(place)) {
            return names.filter(name -> name.getFileName().toString().endsWith(ending))
                    .toList();
        } catch (UncheckedIOException failed) {
            throw failed.getCause();
        }
    }

    private static List<DatasetId> datasetsIn(Path place) throws IOException {
        // The stash's own folder may be a link: where it is, is the owner's decision.
        if (!Files.isDirectory(place)) {
            return List.of();
        }
        List<DatasetId> datasets = new ArrayList<>();
        try (Stream<Path> names = Files.list(place)) {
            for (Path name : (Iterable<Path>) names::iterator) {
                try {
                    datasets.add(new DatasetId(name.getFileName().toString()));
                } catch (IllegalArgumentException notOurs) {
                    // The quarantine, or something like lost+found: no dataset can have this name.
                }
            }
        } catch (UncheckedIOException failed) {
            throw failed.getCause();
        }
        return datasets;
    }

    private Unavailable notWritten(String what, IOException failed) {
        if (StorageFailures.of(failed, folder) instanceof Failure.Configuration known) {
            String message = what + ": " + known.message();
            return new Unavailable(new Failure.Configuration(known.code(), message, Place.NONE), failed);
        }
        String message = what + ": " + failed.getMessage() + " (" + folder + ")";
        return new Unavailable(new Failure.Transient(FailureCode.STASH_WRITE_FAILED, message, Place.NONE), failed);
    }

    private Unavailable unreadable(IOException failed) {
        return new Unavailable(StorageFailures.of(failed, folder), failed);
    }
}
