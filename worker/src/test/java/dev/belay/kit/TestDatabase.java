package dev.belay.kit;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// A database of a test class's own on a [TestPostgres]; dropped after its last test. What wants an empty
/// place for each test takes a [#newSchema()].
public final class TestDatabase implements AutoCloseable {
    private final TestPostgres server;
    private final String name;
    private final AtomicInteger schemas = new AtomicInteger();

    TestDatabase(TestPostgres server, String name) {
        this.server = server;
        this.name = name;
        server.administer("CREATE DATABASE " + name);
    }

    /// One for a program that is run by hand.
    ///
    /// @param server of its own
    public static TestDatabase on(TestPostgres server, String name) {
        return new TestDatabase(server, name);
    }

    /// The server it is on, for tests that stop it.
    public TestPostgres server() {
        return server;
    }

    /// `jdbc:postgresql://…`, without user and password.
    public String url() {
        return server.url(name);
    }

    public String user() {
        return server.user();
    }

    public String password() {
        return server.password();
    }

    /// A name that no schema of the database has yet.
    public String newSchema() {
        return "schema_" + schemas.incrementAndGet();
    }

    /// A connection of one's own, to look at things from outside.
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url(), user(), password());
    }

    /// Runs one statement from outside.
    public void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /// The first column of a query from outside, as texts.
    public List<String> texts(String sql) throws SQLException {
        try (Connection connection = connect();
                var statement = connection.createStatement();
                var results = statement.executeQuery(sql)) {
            var found = new ArrayList<String>();
            while (results.next()) {
                found.add(results.getString(1));
            }
            return found;
        }
    }

    @Override
    public void close() {
        server.administer("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
    }
}
