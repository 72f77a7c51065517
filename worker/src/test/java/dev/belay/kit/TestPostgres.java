package dev.belay.kit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.testcontainers.postgresql.PostgreSQLContainer;

/// A PostgreSQL server for tests, shared by all test classes of a JVM: each has a [TestDatabase] of its own there.
///
/// One that stops or kills the server asks [#restartable()] first (`assumeTrue`) and starts it again before it ends.
public sealed interface TestPostgres extends AutoCloseable {
    /// Who may make databases and roles there.
    String user();

    String password();

    /// Where one of its databases is, the same before and after a restart.
    String url(String database);

    /// One that is always there.
    String maintenanceDatabase();

    /// What it is, in words, for the line that says which server the tests use.
    String description();

    /// Which PostgreSQL it says it is, such as `17.9`.
    default String version() {
        try (Connection connection = DriverManager.getConnection(url(maintenanceDatabase()), user(), password());
                var statement = connection.createStatement();
                var said = statement.executeQuery("SHOW server_version")) {
            said.next();
            return said.getString(1);
        } catch (SQLException failed) {
            throw new IllegalStateException("the server does not say its version", failed);
        }
    }

    /// Whether stop, kill and start work; what was committed survives all three then.
    boolean restartable();

    /// Ends it in order, and all connections with it.
    void stop();

    /// Ends it as `kill -9` of all its processes does.
    void kill();

    void start();

    @Override
    void close();

    /// Runs one statement in the maintenance database.
    default void administer(String sql) {
        try (Connection connection = DriverManager.getConnection(url(maintenanceDatabase()), user(), password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failed) {
            throw new IllegalStateException(sql, failed);
        }
    }

    /// The real server from Maven's binaries, in a scratch folder that is deleted at the end.
    static TestPostgres embedded() {
        return new Embedded(Optional.empty(), Map.of());
    }

    /// The same, as durable as a server is by itself: the usual one leaves out its fsyncs, which no killed process
    /// misses.
    static TestPostgres durable() {
        return new Embedded(
                Optional.empty(), Map.of("fsync", "on", "full_page_writes", "on", "synchronous_commit", "on"));
    }

    /// The same of other binaries.
    ///
    /// @param jar of Maven's binaries for this machine
    static TestPostgres embedded(Path jar) {
        return new Embedded(Optional.of(jar), Map.of());
    }

    /// A container of the official image; needs a Docker engine that answers.
    static TestPostgres docker() {
        return new Docker();
    }

    /// A server that is there already.
    ///
    /// @param url      `jdbc:postgresql://` with the maintenance database
    /// @param user     may make databases
    /// @param password empty when none is asked for
    static TestPostgres given(String url, String user, String password) {
        return new Given(url, user, password);
    }

    final class Embedded implements TestPostgres {
        private static final Duration PATIENCE = Duration.ofMinutes(2);

        // Where those of the class path are not to be used.
        private final Optional<Path> binaries;
        private final Map<String, String> settings;
        private final Path folder;
        private EmbeddedPostgres server;
        private final int port;
        private boolean running;

        private Embedded(Optional<Path> binaries, Map<String, String> settings) {
            this.binaries = binaries;
            this.settings = settings;
            try {
                folder = Files.createTempDirectory("belay-test-postgres-");
                server = started(0);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            port = server.getPort();
        }

        private EmbeddedPostgres started(int wanted) throws IOException {
            var builder = EmbeddedPostgres.builder()
                    .setPort(wanted)
                    .setDataDirectory(folder.resolve("data"))
                    .setCleanDataDirectory(false)
                    .setPGStartupWait(PATIENCE);
            settings.forEach(builder::setServerConfig);
            binaries.ifPresent(jar -> builder.setPgBinaryResolver((_, _) -> packed(jar)));
            EmbeddedPostgres started = builder.start();
            running = true;
            return started;
        }

        /// The archive of a jar that holds one.
        private static InputStream packed(Path jar) throws IOException {
            try (var files = new JarFile(jar.toFile())) {
                JarEntry archive = files.stream()
                        .filter(entry -> entry.getName().endsWith(".txz"))
                        .findFirst()
                        .orElseThrow(() -> new IOException("no binaries in " + jar));
                try (InputStream stream = files.getInputStream(archive)) {
                    return new ByteArrayInputStream(stream.readAllBytes());
                }
            }
        }

        @Override
        public String user() {
            return "postgres";
        }

        @Override
        public String password() {
            return "postgres";
        }

        @Override
        public String url(String database) {
            return "jdbc:postgresql://localhost:%d/%s".formatted(port, database);
        }

        @Override
        public String maintenanceDatabase() {
            return "postgres";
        }

        @Override
        public String description() {
            return "embedded PostgreSQL on port " + port;
        }

        @Override
        public boolean restartable() {
            return true;
        }

        @Override
        public void stop() {
            running = false;
            try {
                server.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void kill() {
            running = false;
            try {
                long postmaster = Long.parseLong(Files.readAllLines(folder.resolve("data/postmaster.pid"))
                        .getFirst());
                // The parent first, so that it starts nothing new; all of them hold the same shared memory.
                List<ProcessHandle> processes = ProcessHandle.of(postmaster).stream()
                        .flatMap(parent -> Stream.concat(Stream.of(parent), parent.descendants()))
                        .toList();
                processes.forEach(ProcessHandle::destroyForcibly);
                for (ProcessHandle process : processes) {
                    process.onExit()
                            .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                            .join();
                }
                // Lets go of the folder, so that it can be started there again.
                server.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void start() {
            if (!running) {
                try {
                    server = started(port);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        @Override
        public void close() {
            if (running) {
                stop();
            }
            try (var files = Files.walk(folder)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    final class Docker implements TestPostgres {
        private static final String IMAGE =
                "postgres:" + System.getProperty("test.postgres.version", "17").replaceFirst("\\..*", "");

        private final PostgreSQLContainer container;

        private Docker() {
            container = new PostgreSQLContainer(IMAGE);
            container.start();
        }

        @Override
        public String user() {
            return container.getUsername();
        }

        @Override
        public String password() {
            return container.getPassword();
        }

        @Override
        public String url(String database) {
            return "jdbc:postgresql://%s:%d/%s"
                    .formatted(
                            container.getHost(),
                            container.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT),
                            database);
        }

        @Override
        public String maintenanceDatabase() {
            return container.getDatabaseName();
        }

        @Override
        public String description() {
            return "container " + IMAGE + " at " + container.getHost();
        }

        @Override
        public boolean restartable() {
            return false;
        }

        @Override
        public void stop() {
            throw cannotRestart();
        }

        @Override
        public void kill() {
            throw cannotRestart();
        }

        @Override
        public void start() {
            throw cannotRestart();
        }

        @Override
        public void close() {
            container.stop();
        }

        private static UnsupportedOperationException cannotRestart() {
            return new UnsupportedOperationException("a container comes back on another port");
        }
    }

    final class Given implements TestPostgres {
        private final String server;
        private final String database;
        private final String user;
        private final String password;

        private Given(String url, String user, String password) {
            int slash = url.lastIndexOf('/');
            this.server = url.substring(0, slash);
            this.database = url.substring(slash + 1);
            this.user = user;
            this.password = password;
        }

        @Override
        public String user() {
            return user;
        }

        @Override
        public String password() {
            return password;
        }

        @Override
        public String url(String name) {
            return server + "/" + name;
        }

        @Override
        public String maintenanceDatabase() {
            return database;
        }

        @Override
        public String description() {
            return "PostgreSQL at " + server;
        }

        @Override
        public boolean restartable() {
            return false;
        }

        @Override
        public void stop() {
            throw notOurs();
        }

        @Override
        public void kill() {
            throw notOurs();
        }

        @Override
        public void start() {
            throw notOurs();
        }

        @Override
        public void close() {
            // It is not ours to end.
        }

        private static UnsupportedOperationException notOurs() {
            return new UnsupportedOperationException("a server that was given is not stopped");
        }
    }
}
