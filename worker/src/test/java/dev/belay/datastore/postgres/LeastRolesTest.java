package dev.belay.datastore.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.datastore.DatasetScript;
import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import dev.belay.job.Epoch;
import dev.belay.job.Mode;
import dev.belay.kit.LeastRoles;
import dev.belay.kit.TestDatabase;
import dev.belay.kit.TestDatabases;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What the roles of `examples/postgresql/roles.sql` can and cannot do.
@ExtendWith(TestDatabases.class)
final class LeastRolesTest {
    private static final List<Column> COLUMNS = DatasetScript.columns(ColumnType.INTEGER);
    /// insufficient_privilege
    private static final String FORBIDDEN = "42501";

    private final TestDatabase database;
    private final LeastRoles roles;
    private final String stem;
    private final String live;

    LeastRolesTest(TestDatabase database) {
        this.database = database;
        roles = new LeastRoles(database);
        stem = database.newSchema();
        live = stem + "_live";
    }

    @BeforeEach
    void giveTheRolesTwice() throws Exception {
        roles.give(stem, live);
        roles.give(stem, live);
        try (var store = PostgresDatastores.opened(database, roles, stem)) {
            var air = new DatasetScript(store, "air", DatasetScript.ids());
            store.fence(air.dataset(), new Epoch(1));
            for (int version = 1; version <= 2; version++) {
                var plan = air.plan(Mode.REPLACE, COLUMNS);
                store.publish(air.publication(plan, air.sealed(plan, List.of(1L), List.of(2L))));
            }
        }
    }

    @AfterEach
    void takeThemAway() throws Exception {
        roles.takeAway();
    }

    @Test
    void theReaderSeesTheDataAndNothingElse() throws Exception {
        try (Connection reader = roles.connect(roles.reader())) {
            assertThat(run(reader, "SELECT count(*) FROM %s.air".formatted(live)))
                    .isEqualTo("2");
            for (String schema : List.of(stem, stem + "_versions", stem + "_staging", stem + "_journal")) {
                assertForbidden(reader, "SELECT * FROM %s.%s".formatted(schema, anyTable(schema)));
            }
            assertForbidden(reader, "DELETE FROM %s.air".formatted(live));
            assertForbidden(reader, "DROP VIEW %s.air".formatted(live));
            assertForbidden(reader, "CREATE TABLE %s.mine (a int)".formatted(live));
            assertForbidden(reader, "CREATE TEMPORARY TABLE mine (a int)");
        }
    }

    @Test
    void theWorkerCannotDropWhatItDidNotMake() throws Exception {
        String theirs = "%s.theirs".formatted(live);
        String version = "%s_versions.theirs".formatted(stem);
        database.execute("CREATE TABLE %s (a int); CREATE TABLE %s (a int)".formatted(theirs, version));
        try (Connection worker = roles.connect(roles.worker())) {
            for (String table : List.of(theirs, version)) {
                assertForbidden(worker, "DROP TABLE " + table);
                assertForbidden(worker, "DELETE FROM " + table);
                assertForbidden(worker, "SELECT * FROM " + table);
            }
            assertForbidden(worker, "DROP SCHEMA %s_versions CASCADE".formatted(stem));
            assertForbidden(worker, "CREATE SCHEMA mine");
            assertForbidden(worker, "CREATE ROLE mine");
            assertForbidden(worker, "COPY (SELECT 1) TO PROGRAM 'true'");
        }
    }

    private String anyTable(String schema) throws SQLException {
        List<String> tables = database.texts(
                "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = '%s' LIMIT 1".formatted(schema));
        return tables.isEmpty() ? "none" : tables.getFirst();
    }

    private static void assertForbidden(Connection connection, String sql) {
        assertThatThrownBy(() -> run(connection, sql))
                .as(sql)
                .isInstanceOfSatisfying(
                        SQLException.class,
                        refused -> assertThat(refused.getSQLState()).isEqualTo(FORBIDDEN));
    }

    private static String run(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return "";
            }
            try (var results = statement.getResultSet()) {
                results.next();
                return String.valueOf(results.getString(1));
            }
        }
    }
}
