package dev.belay.datastore.postgres;

import static dev.belay.datastore.DatasetScript.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.datastore.DatasetScript;
import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import dev.belay.job.Epoch;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Mode;
import dev.belay.kit.LeastRoles;
import dev.belay.kit.TestDatabase;
import dev.belay.kit.TestDatabases;
import dev.belay.sql.PostgresAddress;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What other roles have made or may do in the database, for a worker whose role may do little: an object
/// of theirs refuses one job and stops nobody else, and nobody may read more than before.
@ExtendWith(TestDatabases.class)
final class OthersRightsTest {
    private static final List<Column> COLUMNS = DatasetScript.columns(ColumnType.INTEGER);
    private static final List<Column> OTHERS = DatasetScript.columns(ColumnType.TEXT);

    private final TestDatabase database;
    private final LeastRoles roles;
    private final String stem;
    private final String live;
    private final String schemaOfOthers;

    OthersRightsTest(TestDatabase database) {
        this.database = database;
        roles = new LeastRoles(database);
        stem = database.newSchema();
        live = stem + "_live";
        schemaOfOthers = stem + "_others";
    }

    @BeforeEach
    void giveRoles() throws Exception {
        roles.give(stem, live);
        database.execute("CREATE SCHEMA " + schemaOfOthers);
    }

    @AfterEach
    void takeThemAway() throws Exception {
        database.execute("DROP SCHEMA %s CASCADE".formatted(schemaOfOthers));
        roles.takeAway();
    }

    private PostgresDatastore opened(TableLayout layout) {
        var address = new PostgresAddress(database.url(), roles.worker(), roles.password());
        return PostgresDatastore.open(
                address, Schemas.named(stem, live).laidOut(layout), PostgresDatastores.CONNECTIONS, new Random(1));
    }

    private static DatasetScript script(PostgresDatastore store) {
        var air = new DatasetScript(store, "air", DatasetScript.ids());
        store.fence(air.dataset(), new Epoch(1));
        return air;
    }

    private static void refused(DatasetScript air, String named) {
        JobFailure refused =
                catchThrowableOfType(JobFailure.class, () -> air.load(Mode.REPLACE, COLUMNS, List.of(), row(2L)));
        assertThat(refused.failure().code()).isEqualTo(FailureCode.OBJECT_IN_THE_WAY);
        assertThat(refused.failure().message()).contains(named);
    }

    @Test
    void refusesTheTableOfASiteThatIsAnotherRoles() throws Exception {
        try (PostgresDatastore store = opened(TableLayout.CKAN)) {
            database.execute("CREATE TABLE %s.air (_id serial PRIMARY KEY, _full_text tsvector)".formatted(live));

            refused(script(store), "\"air\" is there already");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT a + 1 AS b", "SELECT *"})
    void refusesAnotherRolesViewOverATableOfASite(String query) throws Exception {
        try (PostgresDatastore store = opened(TableLayout.CKAN)) {
            DatasetScript air = script(store);
            air.load(Mode.REPLACE, COLUMNS, List.of(), row(1L));
            database.execute("CREATE VIEW %s.over AS %s FROM %s.air".formatted(schemaOfOthers, query, live));

            refused(air, schemaOfOthers + ".over");
        }
    }

    @Test
    void refusesAViewThatWasGivenToAnotherRole() throws Exception {
        try (PostgresDatastore store = opened(TableLayout.BELAY)) {
            DatasetScript air = script(store);
            air.load(Mode.REPLACE, COLUMNS, List.of(), row(1L));
            database.execute("ALTER VIEW %s.air OWNER TO %s".formatted(live, roles.reader()));

            refused(air, "\"air\" is there already");
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesATypeOfTheDatasetsName(TableLayout layout) throws Exception {
        try (PostgresDatastore store = opened(layout)) {
            database.execute("CREATE TYPE %s.air AS ENUM ('a')".formatted(live));

            refused(script(store), "\"air\" is there already");
        }
    }

    @ParameterizedTest
    @EnumSource
    void nobodyMayReadADatasetAgainFromWhomItWasTaken(TableLayout layout) throws Exception {
        database.execute("ALTER DEFAULT PRIVILEGES FOR ROLE %s GRANT SELECT ON TABLES TO %s"
                .formatted(roles.worker(), roles.reader()));
        try (PostgresDatastore store = opened(layout)) {
            DatasetScript air = script(store);
            air.load(Mode.REPLACE, COLUMNS, List.of(), row(1L));
            assertThat(mayRead()).as("what is new is readable by default").isTrue();
            database.execute("REVOKE SELECT ON %s.air FROM %s".formatted(live, roles.reader()));

            air.load(Mode.REPLACE, OTHERS, List.of(), row("x"));
            assertThat(mayRead()).as("other columns").isFalse();
            store.deleteLive(
                    air.dataset(),
                    new Epoch(1),
                    air.operation(),
                    air.head().id(),
                    air.state().dictionaryRevision());
            air.load(Mode.REPLACE, OTHERS, List.of(), row("y"));
            assertThat(mayRead()).as("in place").isFalse();
        }
    }

    private boolean mayRead() throws Exception {
        return database.texts("SELECT has_table_privilege('%s', '%s.air', 'SELECT')".formatted(roles.reader(), live))
                .equals(List.of("t"));
    }

    @Test
    void aRoleThatIsGoneKeepsNoVersionFromBeingPublished() throws Exception {
        try (PostgresDatastore store = opened(TableLayout.BELAY)) {
            DatasetScript air = script(store);
            air.load(Mode.REPLACE, COLUMNS, List.of(), row(1L));
            String gone = "a_gone_" + stem;
            database.execute("CREATE ROLE %1$s; GRANT SELECT ON %2$s.air TO %1$s".formatted(gone, live));
            store.deleteLive(
                    air.dataset(),
                    new Epoch(1),
                    air.operation(),
                    air.head().id(),
                    air.state().dictionaryRevision());
            database.execute("DROP ROLE " + gone);

            air.load(Mode.REPLACE, COLUMNS, List.of(), row(2L));

            assertThat(air.rows()).containsExactly(row(2L));
            assertThat(mayRead()).as("the others are given").isTrue();
        }
    }
}
