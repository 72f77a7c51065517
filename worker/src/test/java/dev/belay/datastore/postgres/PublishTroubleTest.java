package dev.belay.datastore.postgres;

import static dev.belay.datastore.DatasetScript.columns;
import static dev.belay.datastore.DatasetScript.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.belay.datastore.DatasetScript;
import dev.belay.datastore.Publication;
import dev.belay.datastore.PublishResult;
import dev.belay.datastore.StagedReading;
import dev.belay.datastore.StagingPlan;
import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import dev.belay.job.Epoch;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.Mode;
import dev.belay.job.Unavailable;
import dev.belay.kit.FaultRow;
import dev.belay.kit.TestDatabase;
import dev.belay.kit.TestDatabases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the server breaks off, and what it has no room for, leaves nothing half.
@ExtendWith(TestDatabases.class)
final class PublishTroubleTest {
    private static final List<Column> COLUMNS = columns(ColumnType.INTEGER, ColumnType.TEXT);

    private final TestDatabase database;
    private final Schemas schemas;
    private final PostgresDatastore store;
    private final DatasetScript air;

    PublishTroubleTest(TestDatabase database) {
        this.database = database;
        schemas = PostgresDatastores.schemas(database);
        store = PostgresDatastores.opened(database, schemas);
        air = new DatasetScript(store, "air", DatasetScript.ids());
        store.fence(air.dataset(), new Epoch(1));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Publication sealed(long number) throws Exception {
        StagingPlan plan = air.plan(Mode.REPLACE, COLUMNS);
        return air.publication(plan, air.sealed(plan, row(number, "x")));
    }

    /// Lets the server break publications off as it would by itself, the first so many of them.
    private void breakOff(String state, int times) throws Exception {
        database.execute("CREATE SEQUENCE %s.tries".formatted(schemas.catalog()));
        database.execute("""
                CREATE FUNCTION %1$s.break_off() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                  IF nextval('%1$s.tries') <= %2$d THEN RAISE EXCEPTION USING ERRCODE = '%3$s'; END IF;
                  RETURN NEW; END $$
                """.formatted(schemas.catalog(), times, state));
        database.execute(
                "CREATE TRIGGER break_off AFTER INSERT ON %1$s.commits FOR EACH ROW EXECUTE FUNCTION %1$s.break_off()"
                        .formatted(schemas.catalog()));
    }

    @FaultRow("P3")
    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01"})
    void readsAndDecidesAgainWhatTheServerHasBrokenOff(String state) throws Exception {
        air.loadAll(Mode.REPLACE, COLUMNS, List.of(), List.of(row(1L, "x")));
        breakOff(state, 3);

        assertThat(store.publish(sealed(2))).isInstanceOf(PublishResult.Published.class);

        assertThat(database.texts("SELECT last_value FROM %s.tries".formatted(schemas.catalog())))
                .containsExactly("4");
        assertThat(store.commits(air.dataset())).hasSize(2);
        assertThat(air.rows()).containsExactly(row(2L, "x"));
    }

    @FaultRow("P3")
    @Test
    void changesNothingWhereOthersAreAlwaysInTheWay() throws Exception {
        air.loadAll(Mode.REPLACE, COLUMNS, List.of(), List.of(row(1L, "x")));
        Publication next = sealed(2);
        breakOff("40P01", Integer.MAX_VALUE);

        Unavailable refused = catchThrowableOfType(Unavailable.class, () -> store.publish(next));

        assertThat(refused.failure().code()).isEqualTo(FailureCode.STORE_UNAVAILABLE);
        assertThat(air.rows()).containsExactly(row(1L, "x"));
        assertThat(store.staged(next.staging())).isInstanceOf(StagedReading.Whole.class);
    }

    /// The real thing: the tables of a database are on a file system of 12 MB.
    @FaultRow("N1")
    @Test
    void aFullDiskOfTheServerIsToldAsThatAndLeavesNothing() throws Exception {
        Path disk = mounted();
        try {
            database.execute("CREATE TABLESPACE belay_small LOCATION '%s'".formatted(disk));
            String name = database.url().substring(database.url().lastIndexOf('/') + 1);
            database.execute("ALTER DATABASE %s SET default_tablespace = 'belay_small'".formatted(name));
            try (PostgresDatastore small = PostgresDatastores.opened(database, schemas)) {
                var fine = new DatasetScript(small, "fine", DatasetScript.ids());
                small.fence(fine.dataset(), new Epoch(1));
                fine.loadAll(Mode.REPLACE, COLUMNS, List.of(), rows(10));
                StagingPlan plan = fine.plan(Mode.REPLACE, COLUMNS);

                Unavailable full = catchThrowableOfType(
                        Unavailable.class,
                        () -> small.stage(
                                plan, new dev.belay.job.ListRows(rows(20_000)), dev.belay.job.Progress.SILENT));

                assertThat(full.failure()).isInstanceOf(Failure.Configuration.class);
                assertThat(full.failure().code()).isEqualTo(FailureCode.DISK_FULL);
                assertThat(small.staged(plan)).isEqualTo(new StagedReading.Absent());
                assertThat(small.stagedObjects()).isEmpty();
                assertThat(small.isIntact(fine.head())).isTrue();
                fine.loadAll(Mode.REPLACE, COLUMNS, List.of(), rows(20));
                assertThat(fine.head().rows()).isEqualTo(20);
                small.retire(fine.dataset(), 1);
                database.execute("DROP SCHEMA %s, %s, %s, %s CASCADE"
                        .formatted(schemas.catalog(), schemas.staging(), schemas.versions(), schemas.live()));
            } finally {
                database.execute("ALTER DATABASE %s RESET default_tablespace".formatted(name));
                database.execute("CHECKPOINT");
                database.execute("DROP TABLESPACE belay_small");
            }
        } finally {
            run("umount", "-l", disk.toString());
            Files.delete(disk);
        }
    }

    private static List<List<@Nullable Object>> rows(int count) {
        String text = "x".repeat(1000);
        return LongStream.range(0, count).mapToObj(at -> row(at, text)).toList();
    }

    private Path mounted() throws IOException, InterruptedException {
        assumeTrue(database.server().restartable(), "the server is on another machine, or in a container");
        Path data = Path.of(databaseFolder());
        var owner = Files.getOwner(data);
        Path disk = Files.createTempDirectory("belay-small-disk-");
        boolean isMounted = run("mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", disk.toString());
        if (!isMounted) {
            Files.delete(disk);
        }
        assumeTrue(isMounted, "mounting needs root");
        Files.setOwner(disk, owner);
        return disk;
    }

    private String databaseFolder() {
        try {
            return database.texts("SHOW data_directory").getFirst();
        } catch (java.sql.SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getInputStream().readAllBytes();
        return process.waitFor(1, TimeUnit.MINUTES) && process.exitValue() == 0;
    }
}
