package dev.belay.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// PostgreSQL's COPY through `psql`, on a server that the caller has named. The server's own CPU is not known here.
final class PostgresCopy implements Contender {
    private static final String TABLE = "belay_bench_copy";

    private final String server;

    /// @param server a connection string or URL that `psql` takes
    PostgresCopy(String server) {
        this.server = server;
    }

    @Override
    public String name() {
        return "PostgreSQL COPY";
    }

    @Override
    public String terms() {
        return "psql \\copy into a table whose columns are all text; no types, no statistics; CPU and memory of the server are not known";
    }

    @Override
    public Cost load(LoadedFile file, Path folder) throws IOException, InterruptedException {
        psql(folder, "DROP TABLE IF EXISTS " + TABLE);
        psql(folder, "CREATE TABLE %s (%s)".formatted(TABLE, columns(file.path())));
        Child.Ended copied = psql(
                folder,
                "\\copy %s FROM '%s' WITH (FORMAT csv, HEADER true)"
                        .formatted(TABLE, file.path().toString().replace("'", "''")));
        String count = psql(folder, "SELECT count(*) FROM " + TABLE).said();
        psql(folder, "DROP TABLE " + TABLE);
        return new Cost(copied.nanos(), OptionalLong.empty(), OptionalLong.empty(), Long.parseLong(count.strip()));
    }

    private Child.Ended psql(Path folder, String command) throws IOException, InterruptedException {
        return Child.run(
                List.of("psql", "-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", "-d", server, "-c", command), folder);
    }

    /// As many as the first line has fields; good enough for files without delimiters in their header.
    private static String columns(Path file) throws IOException {
        try (var reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            String header = reader.readLine();
            int fields = header == null ? 1 : header.split(",", -1).length;
            return Stream.iterate(1, at -> at + 1)
                    .limit(fields)
                    .map(at -> "c" + at + " text")
                    .collect(Collectors.joining(", "));
        }
    }
}
