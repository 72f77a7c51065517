package dev.belay.kit;

import dev.belay.docs.Repository;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/// The roles of `examples/postgresql/roles.sql` in a test's database, under names of their own: roles are the whole
/// server's, and each place of a test has its own schemas.
public final class LeastRoles {
    private static final String PASSWORD = "least";

    private final TestDatabase database;
    private final String suffix;

    /// @param database where the script is run; by whoever made it
    public LeastRoles(TestDatabase database) {
        this.database = database;
        this.suffix = "_" + database.newSchema() + "_" + ProcessHandle.current().pid();
    }

    /// Runs the script, with other schemas than the usual ones.
    ///
    /// @param stem what the names of Belay's schemas begin with
    /// @param live the schema in which people read; made here
    public void give(String stem, String live) throws SQLException {
        String script = Repository.text(Repository.root().resolve("examples/postgresql/roles.sql"))
                .replaceAll("(?m)^--.*$", "")
                .replaceAll("\\bbelay_(worker|reader)\\b", "belay_$1" + suffix)
                .replaceAll("\\bbelay(?=[,;]|_(staging|versions|journal|stash)\\b)", stem)
                .replaceAll("\\bpublic\\b", live);
        database.execute("CREATE SCHEMA IF NOT EXISTS " + live);
        database.execute(script);
        database.execute("ALTER ROLE %s PASSWORD '%s'".formatted(worker(), PASSWORD));
        database.execute("ALTER ROLE %s LOGIN PASSWORD '%s'".formatted(reader(), PASSWORD));
    }

    public String worker() {
        return "belay_worker" + suffix;
    }

    public String reader() {
        return "belay_reader" + suffix;
    }

    public String password() {
        return PASSWORD;
    }

    public Connection connect(String role) throws SQLException {
        return DriverManager.getConnection(database.url(), role, PASSWORD);
    }

    /// Takes the roles away, and what they have made.
    public void takeAway() throws SQLException {
        for (String role : new String[] {worker(), reader()}) {
            database.execute("DROP OWNED BY %1$s CASCADE; DROP ROLE %1$s".formatted(role));
        }
    }
}
