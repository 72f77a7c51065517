package dev.belay.kit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Hands a test class its own [TestDatabase] on the JVM's one [TestPostgres]: `@ExtendWith(TestDatabases.class)`.
///
/// `-Dtest.postgres=docker` and `embedded` decide which server; `auto`, the default, takes a container where a Docker
/// engine answers; `jdbc:postgresql://HOST:PORT/DATABASE` takes a server that is there, with
/// `-Dtest.postgres.user` (`postgres`) and `-Dtest.postgres.password`. The build's `-Dtest.postgres.version` is that of
/// the first two. The choice is printed in one line, with the version that the server says. The
/// server starts with the first test that asks and ends with the JVM's tests.
public final class TestDatabases implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(TestDatabases.class);
    private static final Path OLDEST = Path.of("target", "test-postgres");
    private static final AtomicInteger DATABASES = new AtomicInteger();

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestDatabase.class;
    }

    @Override
    public TestDatabase resolveParameter(ParameterContext parameter, ExtensionContext context) {
        ExtensionContext ofClass = context;
        while (ofClass.getTestMethod().isPresent()) {
            ofClass = ofClass.getParent().orElseThrow();
        }
        // The store closes what it holds: the database after its class, the server after every test class.
        var servers = context.getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE);
        TestPostgres server = ofClass.getRequiredTestClass().isAnnotationPresent(OnOldestPostgres.class)
                ? servers.getOrComputeIfAbsent(OnOldestPostgres.class, _ -> oldest(), TestPostgres.class)
                : servers.getOrComputeIfAbsent(TestPostgres.class, _ -> chosen(), TestPostgres.class);
        String name = "belay_%s_%d_%d"
                .formatted(
                        ofClass.getRequiredTestClass().getSimpleName().toLowerCase(Locale.ROOT),
                        ProcessHandle.current().pid(),
                        DATABASES.incrementAndGet());
        return ofClass.getStore(NAMESPACE)
                .getOrComputeIfAbsent(TestDatabase.class, type -> new TestDatabase(server, name), TestDatabase.class);
    }

    private static TestPostgres oldest() {
        Optional<Path> jar = jar();
        assumeTrue(jar.isPresent(), () -> "no binaries of the oldest PostgreSQL in " + OLDEST.toAbsolutePath());
        TestPostgres server = TestPostgres.embedded(jar.get());
        System.out.println("tests of the oldest PostgreSQL use the %s, version %s"
                .formatted(server.description(), server.version()));
        return server;
    }

    private static Optional<Path> jar() {
        if (!Files.isDirectory(OLDEST)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(OLDEST)) {
            return files.filter(file -> file.toString().endsWith(".jar")).findFirst();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static TestPostgres chosen() {
        var choice = System.getProperty("test.postgres", "auto");
        TestPostgres server = switch (choice) {
            case "auto" -> Docker.answers() ? TestPostgres.docker() : TestPostgres.embedded();
            case "docker" -> TestPostgres.docker();
            case "embedded" -> TestPostgres.embedded();
            case String url
            when url.startsWith("jdbc:postgresql://") ->
                TestPostgres.given(
                        url,
                        System.getProperty("test.postgres.user", "postgres"),
                        System.getProperty("test.postgres.password", ""));
            default ->
                throw new IllegalArgumentException("test.postgres is \"" + choice
                        + "\"; it can be auto, docker, embedded or a URL jdbc:postgresql://…");
        };
        System.out.println("tests use the %s, version %s (-Dtest.postgres=%s)"
                .formatted(server.description(), server.version(), choice));
        return server;
    }
}
