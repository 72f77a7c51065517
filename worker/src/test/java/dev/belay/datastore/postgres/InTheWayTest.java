package dev.belay.datastore.postgres;

import static dev.belay.datastore.DatasetScript.columns;
import static dev.belay.datastore.DatasetScript.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.datastore.Commit;
import dev.belay.datastore.DatasetScript;
import dev.belay.datastore.PublishResult;
import dev.belay.datastore.StagingPlan;
import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import dev.belay.job.Epoch;
import dev.belay.job.FailureCode;
import dev.belay.job.IdSource;
import dev.belay.job.JobFailure;
import dev.belay.job.Mode;
import dev.belay.job.Unavailable;
import dev.belay.kit.TestDatabase;
import dev.belay.kit.TestDatabases;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What others have made in the database, or read there, is in the way of one dataset: it is named by a code
/// of its own, before the pivot where that can be, and nothing of theirs is touched.
@ExtendWith(TestDatabases.class)
final class InTheWayTest {
    private static final List<Column> ID_NAME = columns(ColumnType.INTEGER, ColumnType.TEXT);
    private static final List<Column> OTHERS = columns(ColumnType.TEXT, ColumnType.TEXT);

    private final TestDatabase database;
    private final Schemas schemas;
    private final PostgresDatastore store;
    private final IdSource ids = DatasetScript.ids();
    private final DatasetScript air;

    InTheWayTest(TestDatabase database) {
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

    private void makeViewOver(String relation) throws Exception {
        database.execute("CREATE VIEW %s.over AS SELECT a FROM %s".formatted(schemas.live(), relation));
    }

    private void dropView() throws Exception {
        database.execute("DROP VIEW %s.over".formatted(schemas.live()));
    }

    @Test
    void refusesBeforeThePivotWhenViewsOfOthersHangOnColumnsThatChange() throws Exception {
        load(ID_NAME, 1L, "x");
        makeViewOver(schemas.live() + ".air");
        StagingPlan plan = air.plan(Mode.REPLACE, OTHERS);

        JobFailure refused = catchThrowableOfType(JobFailure.class, () -> air.sealed(plan, row("2", "y")));

        assertThat(refused.failure().code()).isEqualTo(FailureCode.OBJECT_IN_THE_WAY);
        assertThat(refused.failure().message()).contains(schemas.live() + ".over");
        assertThat(air.rows()).containsExactly(row(1L, "x"));
        assertThat(store.dropStaged(air.dataset(), plan.operation())).isTrue();
        dropView();
        load(OTHERS, "2", "y");
        assertThat(air.rows()).containsExactly(row("2", "y"));
    }

    @Test
    void letsTheDatasetWaitWhenSuchAViewIsMadeAfterwards() throws Exception {
        load(ID_NAME, 1L, "x");
        StagingPlan plan = air.plan(Mode.REPLACE, OTHERS);
        var next = air.publication(plan, air.sealed(plan, row("2", "y")));
        makeViewOver(schemas.live() + ".air");

        Unavailable refused = catchThrowableOfType(Unavailable.class, () -> store.publish(next));

        assertThat(refused.failure().code()).isEqualTo(FailureCode.OBJECT_IN_THE_WAY);
        assertThat(air.rows()).containsExactly(row(1L, "x"));
        dropView();
        assertThat(store.publish(next)).isInstanceOf(PublishResult.Published.class);
        assertThat(air.rows()).containsExactly(row("2", "y"));
    }

    @Test
    void neverTakesTheNameOfWhatOthersHaveMade() throws Exception {
        for (String kind : List.of("TABLE", "VIEW")) {
            DatasetScript dataset = dataset("of-others-" + kind.toLowerCase(Locale.ROOT));
            database.execute("CREATE %s %s AS SELECT 7 AS mine".formatted(kind, schemas.live(dataset.dataset())));
            StagingPlan plan = dataset.plan(Mode.REPLACE, ID_NAME);

            JobFailure refused = catchThrowableOfType(JobFailure.class, () -> dataset.sealed(plan, row(1L, "x")));

            assertThat(refused.failure().code()).isEqualTo(FailureCode.OBJECT_IN_THE_WAY);
            assertThat(database.texts("SELECT mine FROM " + schemas.live(dataset.dataset())))
                    .containsExactly("7");
            assertThat(dataset.state().head()).isEmpty();
        }
    }

    @Test
    void neverTakesANameThatOthersHaveTakenSinceItWasSealed() throws Exception {
        StagingPlan plan = air.plan(Mode.REPLACE, ID_NAME);
        var next = air.publication(plan, air.sealed(plan, row(1L, "x")));
        database.execute("CREATE TABLE %s AS SELECT 7 AS mine".formatted(schemas.live(air.dataset())));

        Unavailable refused = catchThrowableOfType(Unavailable.class, () -> store.publish(next));

        assertThat(refused.failure().code()).isEqualTo(FailureCode.OBJECT_IN_THE_WAY);
        assertThat(database.texts("SELECT mine FROM " + schemas.live(air.dataset())))
                .containsExactly("7");
        assertThat(air.state().head()).isEmpty();
    }

    @Test
    void deletesNothingThatViewsOfOthersHangOn() throws Exception {
        load(ID_NAME, 1L, "x");
        makeViewOver(schemas.live() + ".air");
        Commit head = air.head();
        var operation = air.operation();

        JobFailure refused = catchThrowableOfType(
                JobFailure.class,
                () -> store.deleteLive(
                        air.dataset(),
                        new Epoch(1),
                        operation,
                        head.id(),
                        air.state().dictionaryRevision()));

        assertThat(refused.failure().code()).isEqualTo(FailureCode.OBJECT_IN_THE_WAY);
        assertThat(air.rows()).containsExactly(row(1L, "x"));
    }

    @Test
    void keepsAnOldVersionAsLongAsAViewHangsOnItsTable() throws Exception {
        load(ID_NAME, 1L, "x");
        Commit first = air.head();
        makeViewOver(schemas.published(first));
        load(ID_NAME, 2L, "y");

        assertThat(store.retire(air.dataset(), 1)).isZero();

        assertThat(store.isIntact(first)).isTrue();
        dropView();
        assertThat(store.retire(air.dataset(), 1)).isEqualTo(1);
        assertThat(store.isIntact(first)).isFalse();
    }
}
