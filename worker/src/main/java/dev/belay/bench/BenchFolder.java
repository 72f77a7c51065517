package dev.belay.bench;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The scratch folder of a bench: `files` with what is loaded, which may be kept for the next one, and `work`.
public final class BenchFolder {
    private static final Set<String> OWN = Set.of("files", "work", "bench.log");
    /// The file, a fetched copy of it, two stores made from it: what may lie there at once.
    private static final int COPIES = 5;

    private final Path root;

    private BenchFolder(Path root) {
        this.root = root;
    }

    /// @param root made if it is missing
    /// @throws JobFailure `SETTINGS_INVALID` when something else than a bench's lies in it
    public static BenchFolder at(Path root) throws IOException, JobFailure {
        Files.createDirectories(root);
        Path real = root.toRealPath();
        try (Stream<Path> files = Files.list(real)) {
            if (files.anyMatch(file -> !OWN.contains(String.valueOf(file.getFileName())))) {
                throw JobFailure.configuration(
                        FailureCode.SETTINGS_INVALID, "the folder %s holds what is not a bench's".formatted(root));
            }
        }
        deleteAll(real.resolve("work"));
        Files.createDirectories(real.resolve("files"));
        Files.createDirectories(real.resolve("work"));
        return new BenchFolder(real);
    }

    /// Where it is.
    public Path path() {
        return root;
    }

    /// Where contenders work.
    Path work() {
        return root.resolve("work");
    }

    /// Where the files are.
    Path files() {
        return root.resolve("files");
    }

    /// A file of that scale, made unless it is there.
    LoadedFile file(Sample sample, double scale) throws IOException {
        long rows = sample.rows(scale);
        Path path = files().resolve(
                        "%s-%d-rows-seed-%d.csv".formatted(sample.title().replace(' ', '-'), rows, BenchPlan.SEED));
        if (Files.notExists(path)) {
            Path part = path.resolveSibling(path.getFileName() + ".part");
            sample.write(part, rows, BenchPlan.SEED);
            Files.move(part, path, StandardCopyOption.ATOMIC_MOVE);
        }
        return new LoadedFile(sample.title(), path, Files.size(path), rows);
    }

    /// @throws JobFailure `DISK_FULL` when there is no room for the loads of a file of so many bytes
    void requireRoom(long bytes) throws IOException, JobFailure {
        long free = Files.getFileStore(root).getUsableSpace();
        if (free / COPIES < bytes) {
            throw JobFailure.configuration(
                    FailureCode.DISK_FULL,
                    "%s has %,d MB free, and loading a file of %,d MB side by side takes up to %,d MB; choose another --folder or a smaller --scale"
                            .formatted(root, free / 1_000_000, bytes / 1_000_000, COPIES * bytes / 1_000_000));
        }
    }

    /// An empty folder for one load.
    Path fresh(String name) throws IOException {
        Path folder = work().resolve(name);
        deleteAll(folder);
        return Files.createDirectories(folder);
    }

    /// Deletes what the bench made, and the folder if nothing else is in it.
    ///
    /// @param keepFiles for the next bench
    public void clean(boolean keepFiles) throws IOException {
        deleteAll(work());
        if (!keepFiles) {
            deleteAll(files());
            Files.deleteIfExists(root.resolve("bench.log"));
            try (Stream<Path> files = Files.list(root)) {
                if (files.findAny().isPresent()) {
                    return;
                }
            }
            Files.delete(root);
        }
    }

    /// Follows no links.
    static void deleteAll(Path top) throws IOException {
        if (Files.notExists(top)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> files = Files.walk(top)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.delete(file);
        }
    }
}
