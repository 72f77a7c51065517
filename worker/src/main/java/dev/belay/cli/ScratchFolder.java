package dev.belay.cli;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The folder of a drill. Of what is in it, only what a drill makes is ever deleted.
///
/// @param path where it really is
/// @param made whether it was made for this drill
record ScratchFolder(Path path, boolean made) {
    private static final Set<String> OF_A_DRILL = Set.of("broker", "data", "sources", "drill.log");
    private static final Pattern WORKER_LOG = Pattern.compile("worker-\\d+\\.log");

    /// @param wanted empty or not there yet; null: a new one among the temporary files
    /// @throws JobFailure `SETTINGS_INVALID` when something is in it
    static ScratchFolder at(@Nullable Path wanted) throws IOException, JobFailure {
        if (wanted == null) {
            return new ScratchFolder(Files.createTempDirectory("belay-drill-").toRealPath(), true);
        }
        boolean missing = Files.notExists(wanted);
        Files.createDirectories(wanted);
        Path path = wanted.toRealPath();
        try (var files = Files.list(path)) {
            if (files.findAny().isPresent()) {
                throw JobFailure.configuration(
                        FailureCode.SETTINGS_INVALID, "the folder %s is not empty".formatted(wanted));
            }
        }
        return new ScratchFolder(path, missing);
    }

    /// Deletes what the drill made, and the folder itself if that was made for it.
    ///
    /// @throws IOException when something cannot be deleted, or lies there that is not the drill's
    void delete() throws IOException {
        List<Path> own;
        try (var files = Files.list(path)) {
            own = files.filter(ScratchFolder::isOfADrill).toList();
        }
        for (Path one : own) {
            deleteAll(one);
        }
        if (made) {
            Files.delete(path);
        }
    }

    private static boolean isOfADrill(Path file) {
        String name = String.valueOf(file.getFileName());
        return OF_A_DRILL.contains(name) || WORKER_LOG.matcher(name).matches();
    }

    /// Follows no links.
    private static void deleteAll(Path top) throws IOException {
        List<Path> all;
        try (var files = Files.walk(top)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.delete(file);
        }
    }
}
