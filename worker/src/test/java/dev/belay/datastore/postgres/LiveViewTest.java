package dev.belay.datastore.postgres;

import static dev.belay.datastore.DatasetScript.columns;
import static dev.belay.datastore.DatasetScript.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.datastore.DatasetScript;
import dev.belay.datastore.Staged;
import dev.belay.datastore.StagingPlan;
import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import dev.belay.job.DictionaryDocument;
import dev.belay.job.Epoch;
import dev.belay.job.FailureCode;
import dev.belay.job.IdSource;
import dev.belay.job.JobFailure;
import dev.belay.job.Mode;
import dev.belay.kit.TestDatabase;
import dev.belay.kit.TestDatabases;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What people find in the database: a view under the dataset's name, with their rights, words and views
/// over it.
@ExtendWith(TestDatabases.class)
final class LiveViewTest {
    private static final List<Column> ID_NAME = columns(ColumnType.INTEGER, ColumnType.TEXT);
    private static final List<Column> OTHERS = columns(ColumnType.TEXT, ColumnType.TEXT);

    private final TestDatabase database;
    private final Schemas schemas;
    private final PostgresDatastore store;
    private final IdSource ids = DatasetScript.ids();
    private final DatasetScript air;

    LiveViewTest(TestDatabase database) {
        this.database = database;
        schemas = PostgresDatastores.schemas(database);
        store = PostgresDatastores.opened(database, schemas);
        air = dataset("air");
    }

    private DatasetScript dataset(String name) {
        var script = new DatasetScript(store, name, ids);
        store.fence(script.dataset(), new Epoch(1));
        return script;
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void load(List<Column> columns, @Nullable Object... row) throws Exception {
        air.loadAll(Mode.REPLACE, columns, List.of(), List.of(row(row)));
    }

    private List<String> grants() throws Exception {
        return database.texts("""
                SELECT a.privilege_type FROM pg_class AS c, aclexplode(c.relacl) AS a
                WHERE c.oid = '%s.air'::regclass AND a.grantee = 0 ORDER BY 1
                """.formatted(schemas.live()));
    }

    @Test
    void keepsWhatPeopleWereAllowed() throws Exception {
        load(ID_NAME, 1L, "x");
        database.execute("GRANT SELECT ON %s.air TO PUBLIC".formatted(schemas.live()));

        load(ID_NAME, 2L, "y");
        assertThat(grants()).containsExactly("SELECT");
        load(OTHERS, "3", "z");
        assertThat(grants()).containsExactly("SELECT");

        store.deleteLive(
                air.dataset(),
                new Epoch(1),
                air.operation(),
                air.head().id(),
                air.state().dictionaryRevision());
        assertThat(database.texts("SELECT to_regclass('%s.air')".formatted(schemas.live())))
                .containsOnlyNulls();
    }

    @Test
    void givesWhatPeopleWereAllowedToTheTableThatTakesTheDeletedOnesPlace() throws Exception {
        load(ID_NAME, 1L, "x");
        database.execute("GRANT SELECT ON %s.air TO PUBLIC".formatted(schemas.live()));
        StagingPlan plan = air.plan(Mode.REPLACE, OTHERS);
        Staged sealed = air.sealed(plan, row("2", "y"));
        store.deleteLive(
                air.dataset(),
                new Epoch(1),
                plan.operation(),
                air.head().id(),
                air.state().dictionaryRevision());

        store.publish(air.publication(plan, sealed));

        assertThat(grants()).containsExactly("SELECT");
        assertThat(database.texts("SELECT b FROM %s.air".formatted(schemas.live())))
                .containsExactly("y");
    }

    @Test
    void leadsTheViewsOfOthersToTheNewVersion() throws Exception {
        load(ID_NAME, 1L, "x");
        database.execute("CREATE VIEW %s.over AS SELECT b FROM %1$s.air".formatted(schemas.live()));

        load(columns(ColumnType.INTEGER, ColumnType.TEXT, ColumnType.DATE), 2L, "y", "2026-11-29");

        assertThat(database.texts("SELECT b FROM %s.over".formatted(schemas.live())))
                .containsExactly("y");
    }

    @Test
    void writesTheDictionaryBesideTheColumns() throws Exception {
        load(List.of(new Column("a", "It's \\ a", ColumnType.INTEGER, 0, 0)), 1L);
        String comment = "SELECT col_description('%s.air'::regclass, 2)".formatted(schemas.live());
        assertThat(database.texts(comment)).containsExactly("It's \\ a");

        String field = "{\"name\":\"a\",\"description\":\"Luft's \\\\ \\\"a\\\"; --\"}";
        store.editDictionary(air.dataset(), 1, new DictionaryDocument("{\"fields\":[%s]}".formatted(field)));

        assertThat(database.texts(comment)).containsExactly(field);
    }

    @Test
    void cutsNoNameSilently() throws Exception {
        String stem = "x".repeat(99);
        for (String name : List.of(stem + "1", stem + "2", "a.b-c", "select")) {
            DatasetScript dataset = dataset(name);
            dataset.loadAll(Mode.REPLACE, ID_NAME, List.of(), List.of(row(1L, name)));

            assertThat(database.texts("SELECT b FROM " + schemas.live(dataset.dataset())))
                    .containsExactly(name);
        }
    }

    private JobFailure refused(List<Column> columns, List<@Nullable Object> row) {
        StagingPlan plan = air.plan(Mode.REPLACE, columns);
        return catchThrowableOfType(JobFailure.class, () -> air.sealed(plan, row));
    }

    private static List<Column> many(int count, ColumnType type) {
        return IntStream.range(0, count)
                .mapToObj(at -> Column.of("c" + at, type))
                .toList();
    }

    @Test
    void refusesClearlyWhatPostgresCannotHold() {
        JobFailure zero = refused(ID_NAME, row(1L, "a\0b"));
        assertThat(zero.failure().code()).isEqualTo(FailureCode.ENCODING_INVALID);
        assertThat(zero.failure().place().record()).hasValue(1);
        assertThat(zero.failure().place().column()).contains("b");

        assertThat(refused(many(1600, ColumnType.INTEGER), Collections.nCopies(1600, 1L))
                        .failure()
                        .code())
                .isEqualTo(FailureCode.TOO_MANY_COLUMNS);
        // More than a page of fixed length.
        assertThat(refused(many(1599, ColumnType.INTEGER), Collections.nCopies(1599, 1L))
                        .failure()
                        .code())
                .isEqualTo(FailureCode.ROW_TOO_LARGE);
        for (String name : List.of("_id", "ctid", "x".repeat(64))) {
            StagingPlan plan = air.plan(Mode.REPLACE, List.of(Column.of(name, ColumnType.TEXT)));
            assertThatThrownBy(() -> air.sealed(plan, row("x"))).as(name).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(store.stagedObjects()).isEmpty();
    }

    @Test
    void takesAsManyColumnsAsATableHasRoomFor() throws Exception {
        List<Column> columns = many(1599, ColumnType.BOOLEAN);

        air.loadAll(Mode.REPLACE, columns, List.of(), List.of(Collections.nCopies(1599, 1L)));

        assertThat(air.rows()).containsExactly(Collections.nCopies(1599, 1L));
    }
}
