package dev.belay.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// DuckDB through its JDBC driver, in a JVM of its own whose start is not counted. The driver is no dependency of ours.
final class DuckDb implements Contender {
    private final Program program;
    private final Path jar;

    DuckDb(Program program, Path jar) {
        this.program = program;
        this.jar = jar;
    }

    /// The newest driver in the local Maven repository.
    static Optional<Path> find(Path repository) {
        Path folder = repository.resolve(Path.of("org", "duckdb", "duckdb_jdbc"));
        try (Stream<Path> files = Files.walk(folder, 2)) {
            return files.filter(file -> String.valueOf(file.getFileName()).matches("duckdb_jdbc-[\\d.]+\\.jar"))
                    .max(Comparator.comparing(Path::toString));
        } catch (IOException absent) {
            return Optional.empty();
        }
    }

    @Override
    public String name() {
        return "DuckDB";
    }

    @Override
    public String terms() {
        return "%s, CREATE TABLE AS SELECT FROM read_csv(sample_size=-1), into a DuckDB file, closed with a checkpoint; types from the whole file, no statistics for people; all cores; its JVM's start not counted"
                .formatted(jar.getFileName());
    }

    @Override
    public Cost load(LoadedFile file, Path folder) throws IOException, InterruptedException {
        List<String> command = program.java(
                program.classPath() + File.pathSeparator + jar,
                DuckDbLoad.class.getName(),
                List.of(file.path().toString(), folder.resolve("load.duckdb").toString()));
        Child.Ended ended = Child.run(command, folder);
        String[] said = ended.said().strip().split("\\s+", -1);
        // Its last three words; a JVM may have warned before them.
        int words = said.length;
        return new Cost(
                Long.parseLong(said[words - 3]),
                OptionalLong.of(Long.parseLong(said[words - 2])),
                ended.peakBytes(),
                Long.parseLong(said[words - 1]));
    }
}
