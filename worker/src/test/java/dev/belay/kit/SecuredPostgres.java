package dev.belay.kit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;

/// A real PostgreSQL server as one finds it in production: TLS, and passwords by SCRAM, for everybody but the
/// administrator. Its certificate is for `localhost` only.
public final class SecuredPostgres implements AutoCloseable {
    private static final String RULES = """
            host    all postgres 127.0.0.1/32 trust
            host    all postgres ::1/128      trust
            hostssl all all      127.0.0.1/32 scram-sha-256
            hostssl all all      ::1/128      scram-sha-256
            """;

    private final EmbeddedPostgres server;

    /// Starts it.
    ///
    /// @param folder empty; the data folder is made in it
    public SecuredPostgres(Path folder, Certificates authority) throws IOException, SQLException {
        Certificates.Identity identity = authority.sign("database", "localhost");
        Path certificate = Files.writeString(folder.resolve("server.crt"), identity.certificate());
        Path key = Files.writeString(folder.resolve("server.key"), identity.key());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Path data = folder.resolve("data");
        server = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPGStartupWait(Duration.ofMinutes(2))
                .setServerConfig("ssl", "on")
                .setServerConfig("ssl_cert_file", certificate.toString())
                .setServerConfig("ssl_key_file", key.toString())
                .setServerConfig("fsync", "off")
                .start();
        Files.writeString(data.resolve("pg_hba.conf"), RULES);
        execute("postgres", "SELECT pg_reload_conf()");
    }

    /// Where one of its databases is.
    ///
    /// @param host       `localhost`, or another name of this host
    /// @param parameters of the driver, such as `sslmode=verify-full`
    public String url(String host, String database, String parameters) {
        return "jdbc:postgresql://%s:%d/%s?%s".formatted(host, server.getPort(), database, parameters);
    }

    /// A connection as the administrator.
    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(url("localhost", database, "user=postgres"));
    }

    /// Runs statements as the administrator.
    public void execute(String database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
