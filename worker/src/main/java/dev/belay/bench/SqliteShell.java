package dev.belay.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// `.import` of the `sqlite3` shell, as it comes: a table of text columns, one transaction, `synchronous=FULL`.
final class SqliteShell implements Contender {
    static final String NAME = "sqlite3 .import";

    private final String version;

    private SqliteShell(String version) {
        this.version = version;
    }

    /// The shell on the path, if there is one.
    static Optional<SqliteShell> find(Path folder) throws InterruptedException {
        try {
            String said = Child.run(List.of("sqlite3", "--version"), folder).said();
            return Optional.of(new SqliteShell(said.split(" ", -1)[0].strip()));
        } catch (IOException absent) {
            return Optional.empty();
        }
    }

    String version() {
        return version;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String terms() {
        return "sqlite3 %s, .import --csv into a table it makes itself: every column TEXT, no types, no statistics, no checks; one thread"
                .formatted(version);
    }

    @Override
    public Cost load(LoadedFile file, Path folder) throws IOException, InterruptedException {
        Path made = folder.resolve("import.sqlite");
        Child.Ended ended = Child.run(
                List.of("sqlite3", made.toString(), ".import --csv \"%s\" loaded".formatted(file.path())), folder);
        // It warns about records of another length and goes on: what it has loaded is looked at.
        String count = Child.run(List.of("sqlite3", made.toString(), "SELECT count(*) FROM loaded"), folder)
                .said();
        return ended.cost(Long.parseLong(count.strip()));
    }
}
