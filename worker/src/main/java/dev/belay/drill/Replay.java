package dev.belay.drill;

import dev.belay.datastore.Commit;
import dev.belay.datastore.CommitKind;
import dev.belay.job.Mode;
import dev.belay.schemas.JobMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What each version of one dataset must hold, made again from the sources alone in the order of the commits.
final class Replay {
    private final Map<String, Work> works;
    private final Map<Integer, List<String>> versions = new HashMap<>();
    private List<String> rows = List.of();

    /// @param works by job id
    Replay(Map<String, Work> works) {
        this.works = works;
    }

    /// The rows of the next version, as their lines in the file.
    ///
    /// @throws Breach when no job of ours made it
    List<String> after(Commit commit) {
        rows = next(commit);
        versions.put(commit.version(), rows);
        return rows;
    }

    private List<String> next(Commit commit) {
        if (commit.kind() == CommitKind.ROLLBACK) {
            return List.of();
        }
        Work work = works.get(commit.provenance().job().value());
        if (work == null) {
            throw new Breach(
                    "version %d of %s was made by no job of ours".formatted(commit.version(), commit.dataset()));
        }
        return switch (work.message().source()) {
            case JobMessage.Source.Version version -> versions.getOrDefault((int) version.version(), List.of());
            case JobMessage.Source.Url url ->
                combined(lines(Path.of(url.url())), commit.provenance().mode());
        };
    }

    private List<String> combined(List<String> file, Mode mode) {
        return switch (mode) {
            case REPLACE -> file;
            case APPEND -> {
                var all = new ArrayList<>(rows);
                all.addAll(file);
                yield all;
            }
            case UPSERT -> {
                var byId = new LinkedHashMap<String, String>();
                rows.forEach(line -> byId.put(id(line), line));
                file.forEach(line -> byId.put(id(line), line));
                yield new ArrayList<>(byId.values());
            }
        };
    }

    private static String id(String line) {
        return line.substring(0, line.indexOf(','));
    }

    /// The lines that are records of the right length.
    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .skip(1)
                    .filter(line -> line.split(",", -1).length == Content.COLUMNS)
                    .toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
