package dev.belay.runtime.folder;

import dev.belay.disk.DurableFiles;
import dev.belay.disk.StorageFailures;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Where everything of one installation is.
///
/// ```
/// <data>/endpoint.json    how to reach the running belay dev or run
///        broker/          the embedded broker's records
///        logs/            belay.log and older ones
///        stash/           dictionaries in safety
///        work/            fetched files of running attempts
///        workers/         one lock file per worker slot
/// <journal>/journal.db    what is being done and what was decided
/// <datastore>/catalog.db  heads, history, dictionaries
///             datasets/   one file per version
///             staging/    versions being made, on the same disk as datasets/
/// ```
/// Journal and datastore are in the data folder unless their settings say otherwise.
///
/// @param root            the data folder
/// @param journalFolder   the folder of the journal
/// @param datastoreFolder the folder of published data
public record DataFolder(Path root, Path journalFolder, Path datastoreFolder) {
    /// File systems whose locks and shared memory do not hold between hosts, as Linux, macOS and the BSDs name
    /// them.
    private static final Pattern NETWORK = Pattern.compile(
            "(nfs|cifs|smb|afpfs|afs|webdav|davfs|ceph|gluster|lustre|gpfs|beegfs|ncpfs|coda|fuse|osxfuse|macfuse).*");

    /// FUSE file systems that are on a local disk all the same: NTFS and rootless containers.
    private static final List<String> LOCAL_FUSE = List.of("fuseblk", "fuse.fuse-overlayfs");

    /// Makes all folders absolute.
    public DataFolder {
        root = root.toAbsolutePath().normalize();
        journalFolder = journalFolder.toAbsolutePath().normalize();
        datastoreFolder = datastoreFolder.toAbsolutePath().normalize();
    }

    /// A data folder that holds everything.
    public static DataFolder at(Path root) {
        return new DataFolder(root, root, root);
    }

    /// The journal's file.
    public Path journal() {
        return journalFolder.resolve("journal.db");
    }

    /// The catalog's file.
    public Path catalog() {
        return datastoreFolder.resolve("catalog.db");
    }

    /// A folder for each dataset, a file for each version.
    public Path datasets() {
        return datastoreFolder.resolve("datasets");
    }

    /// Versions being made.
    public Path staging() {
        return datastoreFolder.resolve("staging");
    }

    /// Fetched files of running attempts.
    public Path work() {
        return root.resolve("work");
    }

    /// Dictionaries in safety.
    public Path stash() {
        return root.resolve("stash");
    }

    /// The embedded broker's own.
    public Path broker() {
        return root.resolve("broker");
    }

    /// Logs of `belay dev` and `belay run`.
    public Path logs() {
        return root.resolve("logs");
    }

    /// The log that is being written.
    public Path logFile() {
        return logs().resolve("belay.log");
    }

    /// Rejected records of jobs.
    public Path rejects() {
        return root.resolve("rejects");
    }

    /// Locks of worker slots.
    public Path workers() {
        return root.resolve("workers");
    }

    /// How to reach what runs here.
    public EndpointFile endpoint() {
        return new EndpointFile(root.resolve("endpoint.json"));
    }

    /// Folders that no job may read a source from.
    public List<Path> own() {
        return List.of(root, journalFolder, datastoreFolder).stream().distinct().toList();
    }

    /// Whether anything was ever stored here; commands that only read say so instead of making folders.
    public boolean exists() {
        return Files.isDirectory(root);
    }

    /// Makes the folders that are missing.
    ///
    /// @throws JobFailure [FailureCode#SETTINGS_INVALID] on a network file system,
    /// [FailureCode#STORE_READ_ONLY] and the like when they cannot be made
    public void prepare() throws JobFailure {
        prepare(FileSystemTypes.SYSTEM);
    }

    /// Whether the folders are, or would be, on disks whose locks hold. Makes nothing.
    ///
    /// @throws JobFailure [FailureCode#SETTINGS_INVALID] naming the folder and its file system
    public void refuseNetworkDisks() throws JobFailure {
        refuseNetworkDisks(FileSystemTypes.SYSTEM);
    }

    private void refuseNetworkDisks(FileSystemTypes types) throws JobFailure {
        for (Path folder : own()) {
            refuseNetwork(folder, types);
        }
    }

    void prepare(FileSystemTypes types) throws JobFailure {
        refuseNetworkDisks(types);
        for (Path folder : List.of(
                root, journalFolder, datastoreFolder, datasets(), staging(), work(), stash(), logs(), workers())) {
            try {
                DurableFiles.createFolders(folder);
            } catch (IOException failed) {
                throw new JobFailure(StorageFailures.of(failed, folder), failed);
            }
            if (!Files.isWritable(folder)) {
                throw JobFailure.configuration(
                        FailureCode.STORE_READ_ONLY, "the folder %s cannot be written".formatted(folder));
            }
        }
    }

    private static void refuseNetwork(Path folder, FileSystemTypes types) throws JobFailure {
        Path existing = folder;
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        String type;
        try {
            type = types.typeOf(existing).toLowerCase(Locale.ROOT);
        } catch (IOException failed) {
            throw new JobFailure(StorageFailures.of(failed, folder), failed);
        }
        boolean networkShare = folder.toString().startsWith("\\\\");
        if (networkShare || (NETWORK.matcher(type).matches() && !LOCAL_FUSE.contains(type))) {
            throw JobFailure.configuration(
                    FailureCode.SETTINGS_INVALID,
                    ("%s is on a network file system (%s), where locks and SQLite's shared memory do not hold;"
                                    + " choose a folder on a local disk with --data or the setting `data`")
                            .formatted(folder, networkShare ? "a network share" : type));
        }
    }
}
