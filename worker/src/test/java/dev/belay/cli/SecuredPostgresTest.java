package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.docs.Repository;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.Unavailable;
import dev.belay.kit.Certificates;
import dev.belay.kit.SecuredPostgres;
import dev.belay.sql.Migrations;
import dev.belay.sql.PostgresAddress;
import dev.belay.sql.PostgresDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A database that asks for TLS and a password: what is wrong has a code, at once.
@TestInstance(Lifecycle.PER_CLASS)
final class SecuredPostgresTest {
    private static final String PASSWORD = "canary-91d7 'quoted'";
    private static final Migrations STEPS = new Migrations(4711, "ledger", List.of("CREATE TABLE t (a bigint);"));

    @TempDir
    private static Path scratch = Path.of("");

    private @Nullable SecuredPostgres server;

    @BeforeAll
    void startsTheServer() throws Exception {
        var authority = new Certificates("Belay's test authority");
        Files.writeString(scratch.resolve("ca.pem"), authority.authority());
        Files.writeString(scratch.resolve("other-ca.pem"), new Certificates("Another authority").authority());
        server = new SecuredPostgres(Files.createDirectories(scratch.resolve("server")), authority);
        server.execute("postgres", "CREATE DATABASE belay ENCODING 'UTF8' TEMPLATE template0");
        server.execute("belay", Repository.text(Repository.root().resolve("examples/postgresql/roles.sql")));
        server.execute("belay", "ALTER ROLE belay_worker PASSWORD '%s'".formatted(PASSWORD.replace("'", "''")));
        server.execute("belay", "CREATE ROLE alice LOGIN PASSWORD 'alice' IN ROLE belay_reader");
        server.execute("belay", "CREATE SCHEMA ledger; GRANT USAGE, CREATE ON SCHEMA ledger TO belay_worker");
    }

    @AfterAll
    void stopsTheServer() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, verify-full, ca.pem, right, none, ''",
        "127.0.0.1, verify-ca, ca.pem, right, none, ''",
        "localhost, require, , right, none, ''",
        "localhost, verify-full, ca.pem, wrong, STORE_FORBIDDEN, 'refuses the user, the password or the way in'",
        "localhost, verify-full, ca.pem, '', STORE_FORBIDDEN, 'asks for a password, and none is set'",
        "localhost, disable, , right, STORE_FORBIDDEN, 'refuses the user, the password or the way in'",
        "localhost, verify-full, other-ca.pem, right, STORE_TLS_FAILED, nobody who is trusted has signed",
        "localhost, verify-full, missing.pem, right, STORE_TLS_FAILED, a file that the URL names",
        "localhost, verify-full, server/server.key, right, STORE_TLS_FAILED, is not valid",
        "127.0.0.1, verify-full, ca.pem, right, STORE_TLS_FAILED, another host",
    })
    void saysWhatIsWrong(
            String host, String mode, @Nullable String authority, String password, String code, String words) {
        String parameters = "sslmode=" + mode + (authority == null ? "" : "&sslrootcert=" + scratch.resolve(authority));
        var address = new PostgresAddress(
                Objects.requireNonNull(server).url(host, "belay", parameters),
                "belay_worker",
                password.equals("right") ? PASSWORD : password);

        Unavailable refused = catchThrowableOfType(
                Unavailable.class,
                () -> PostgresDatabase.open(address, new PostgresDatabase.Use("ledger", 1), STEPS, new Random(1))
                        .close());

        assertThat(refused == null ? "none" : refused.failure().code().name()).isEqualTo(code);
        if (refused != null) {
            assertThat(refused.failure()).isInstanceOf(Failure.Configuration.class);
            assertThat(refused.failure().message()).contains(words).doesNotContain("canary-91d7");
        }
    }

    @Test
    void loadsAsTheRoleOfTheScriptAndReadersSeeTheData() throws Exception {
        Path source = Files.writeString(scratch.resolve("stations.csv"), "id,name\n1,one\n2,two\n");

        Transcript loaded = belay("run", PASSWORD, source.toString(), "--json");
        Transcript listed = belay("datasets", PASSWORD, "list", "--json");

        assertThat(loaded.json().path("outcome").asString()).as(loaded.err()).isEqualTo("completed");
        assertThat(listed.json().get(0).path("rows").asInt()).isEqualTo(2);
        assertThat(loaded.out() + loaded.err() + listed.out()).doesNotContain("canary-91d7");
        String url = Objects.requireNonNull(server).url("localhost", "belay", "sslmode=require");
        try (var alice = DriverManager.getConnection(url, "alice", "alice");
                var statement = alice.createStatement();
                var rows = statement.executeQuery("SELECT name FROM stations WHERE id = 2")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isEqualTo("two");
        }
    }

    @Test
    void saysOnTheCommandLineThatThePasswordIsWrong() throws Exception {
        Transcript refused = belay("datasets", "canary-91d7", "list");

        assertThat(refused.code()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(refused.err())
                .contains("error STORE_FORBIDDEN", FailureCode.STORE_FORBIDDEN.advice())
                .doesNotContain("canary-91d7", "\tat ");
    }

    private Transcript belay(String command, String password, String... more) throws Exception {
        Path file = Files.writeString(scratch.resolve("password-" + password.length()), password + "\n");
        String url = Objects.requireNonNull(server)
                .url("belay_worker@localhost", "belay", "sslmode=verify-full&sslrootcert=" + scratch.resolve("ca.pem"))
                .substring("jdbc:".length());
        var words = new ArrayList<>(List.of(command));
        words.addAll(List.of(more));
        for (String setting : List.of(
                "journal.url=" + url, "datastore.url=" + url, "journal.password.file=" + file, "log.level=error")) {
            words.addAll(List.of("--set", setting));
        }
        return Transcript.of(scratch.resolve("data"), words.toArray(String[]::new));
    }
}
