package dev.belay.drill;

import dev.belay.datastore.Datastore;
import dev.belay.runtime.folder.DataFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Finds what nobody needs any more while no worker lives.
final class LeftLying {
    private static final Set<String> BESIDE_VERSIONS = Set.of("current.sqlite", "history.log");

    private LeftLying() {}

    /// Files that no commit names, anything in private folders, anything half-written.
    ///
    /// @param folders the data folders of all hosts
    static List<String> in(Datastore datastore, List<DataFolder> folders) {
        var lying = new ArrayList<String>();
        datastore.stagedObjects().forEach(object -> lying.add("left behind: " + object));
        Set<Path> known = datastore.datasets().stream()
                .flatMap(state -> datastore.commits(state.dataset()).stream())
                .flatMap(commit -> datastore.file(commit).stream())
                .collect(Collectors.toSet());
        folders.forEach(folder -> in(folder, known, lying));
        return lying;
    }

    private static void in(DataFolder folder, Set<Path> known, List<String> lying) {
        for (Path empty : List.of(folder.work(), folder.stash(), folder.staging())) {
            files(empty).forEach(file -> lying.add("left behind: " + file));
        }
        files(folder.datasets()).stream()
                .filter(file -> !BESIDE_VERSIONS.contains(String.valueOf(file.getFileName())) && !known.contains(file))
                .forEach(file -> lying.add("no commit names " + file));
        files(folder.root()).stream()
                .filter(file -> isHalfWritten(String.valueOf(file.getFileName())))
                .forEach(file -> lying.add("half-written: " + file));
    }

    /// Tables that no version has, and copies in the stash.
    static List<String> in(DrillServer server) {
        var lying = new ArrayList<String>();
        for (String query : List.of(
                "SELECT 'staged table ' || tablename FROM pg_tables WHERE schemaname = 'belay_staging'",
                "SELECT 'table of no version ' || tablename FROM pg_tables WHERE schemaname = 'belay_versions' AND NOT EXISTS (SELECT 1 FROM belay.version WHERE right(tablename, length(commit_id)) = commit_id)",
                "SELECT 'dictionary in the stash of ' || dataset FROM belay_stash.copy")) {
            try (var connection = server.connect();
                    var statement = connection.createStatement();
                    var results = statement.executeQuery(query)) {
                while (results.next()) {
                    lying.add(results.getString(1));
                }
            } catch (SQLException failed) {
                lying.add("the server cannot be asked: " + failed);
            }
        }
        return lying;
    }

    private static boolean isHalfWritten(String name) {
        return name.endsWith(".partial") || name.contains("probe");
    }

    private static List<Path> files(Path folder) {
        try (var files = Files.walk(folder)) {
            return files.filter(file -> !Files.isDirectory(file)).toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
