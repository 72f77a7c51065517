package dev.belay.datastore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.belay.datastore.Commit;
import dev.belay.datastore.DatasetScript;
import dev.belay.datastore.Publication;
import dev.belay.datastore.PublishResult;
import dev.belay.datastore.Staged;
import dev.belay.datastore.StagedObject;
import dev.belay.datastore.StagedReading;
import dev.belay.datastore.StagingPlan;
import dev.belay.disk.DurableFiles;
import dev.belay.fault.FaultPoint;
import dev.belay.fault.Faults;
import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import dev.belay.job.Epoch;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.ListRows;
import dev.belay.job.Mode;
import dev.belay.job.Progress;
import dev.belay.kit.FaultRow;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What killed processes leave behind, what strangers put under our names, and two processes at once.
final class LeftBehindTest {
    private static final List<Column> COLUMNS = DatasetScript.columns(ColumnType.INTEGER);

    @TempDir
    Path folder;

    // Made before each test.
    @SuppressWarnings("NullAway.Init")
    private SqliteDatastore store;

    @SuppressWarnings("NullAway.Init")
    private DatasetScript air;

    @BeforeEach
    void openStore() {
        store = SqliteDatastore.open(folder, DatasetScript.ids());
        air = new DatasetScript(store, "air", DatasetScript.ids());
        store.fence(air.dataset(), new Epoch(1));
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    private Path staging(StagingPlan plan, String suffix) throws IOException {
        DurableFiles.createFolders(folder.resolve("staging/air"));
        return folder.resolve("staging/air/" + plan.version() + "-" + plan.commit() + ".sqlite" + suffix);
    }

    private Path moved(StagingPlan plan) throws IOException {
        DurableFiles.createFolders(folder.resolve("datasets/air"));
        return folder.resolve("datasets/air/" + plan.version() + "-" + plan.commit() + ".sqlite");
    }

    @Test
    void findsAndDropsWhatWasMovedButNeverCommitted() throws Exception {
        StagingPlan plan = air.plan(Mode.REPLACE, COLUMNS);
        Staged sealed = air.sealed(plan, DatasetScript.row(1L));
        Files.move(staging(plan, ""), moved(plan));

        assertThat(store.staged(plan)).isEqualTo(new StagedReading.Whole(sealed));
        assertThat(store.stagedObjects())
                .containsExactly(new StagedObject(
                        air.dataset(),
                        plan.operation(),
                        folder.relativize(moved(plan)).toString()));
        assertThat(store.dropStaged(air.dataset(), plan.operation())).isTrue();
        assertThat(moved(plan)).doesNotExist();
    }

    @Test
    void publishesWhatWasMovedButNeverCommitted() throws Exception {
        StagingPlan plan = air.plan(Mode.REPLACE, COLUMNS);
        Publication publication = air.publication(plan, air.sealed(plan, DatasetScript.row(1L)));
        Files.move(staging(plan, ""), moved(plan));

        assertThat(store.publish(publication)).isInstanceOf(PublishResult.Published.class);
        assertThat(store.isIntact(air.head())).isTrue();
    }

    @Test
    void tellsAndDropsAFileThatWasOnlyBegun() throws Exception {
        for (byte[] begun : List.of(
                new byte[0],
                new byte[8192],
                "SQLite format 3\0 and then nothing".getBytes(StandardCharsets.US_ASCII))) {
            StagingPlan plan = air.plan(Mode.REPLACE, COLUMNS);
            Files.write(staging(plan, ".part"), begun);

            assertThat(store.staged(plan)).isEqualTo(new StagedReading.Partial());
            assertThatThrownBy(() -> air.sealed(plan)).isInstanceOf(IllegalStateException.class);
            assertThat(store.dropStaged(air.dataset(), plan.operation())).isTrue();
            assertThat(staging(plan, ".part")).doesNotExist();
        }
    }

    @Test
    void tellsACopyOfTheBaseThatWasNotFilledYet() throws Exception {
        Commit base = air.loadAll(Mode.REPLACE, COLUMNS, List.of(), List.of(DatasetScript.row(1L)));
        StagingPlan plan = air.plan(Mode.APPEND, COLUMNS);
        Files.copy(store.file(base).orElseThrow(), staging(plan, ".part"));

        assertThat(store.staged(plan)).isEqualTo(new StagedReading.Partial());
        assertThat(store.dropStaged(air.dataset(), plan.operation())).isTrue();
    }

    @Test
    @FaultRow({"L2", "L4"})
    void neverAdoptsNorDropsAForeignFile() throws Exception {
        StagingPlan plan = air.plan(Mode.REPLACE, COLUMNS);
        Files.writeString(staging(plan, ""), "someone's notes");
        StagingPlan other = air.plan(Mode.REPLACE, COLUMNS);
        Files.writeString(staging(other, ".part"), "someone's notes");

        for (StagingPlan taken : List.of(plan, other)) {
            assertThat(store.staged(taken)).isInstanceOf(StagedReading.Foreign.class);
            assertThatThrownBy(() -> air.sealed(taken)).isInstanceOf(IllegalStateException.class);
            assertThat(store.dropStaged(air.dataset(), taken.operation())).isFalse();
        }
        assertThat(staging(plan, "")).hasContent("someone's notes");
        assertThat(staging(other, ".part")).hasContent("someone's notes");
    }

    @Test
    void takesAnotherVersionUnderOurNameForForeign() throws Exception {
        Commit base = air.loadAll(Mode.REPLACE, COLUMNS, List.of(), List.of(DatasetScript.row(1L)));
        StagingPlan plan = air.plan(Mode.REPLACE, COLUMNS);
        Files.copy(store.file(base).orElseThrow(), staging(plan, ""));

        assertThat(store.staged(plan)).isInstanceOf(StagedReading.Foreign.class);
        assertThat(store.dropStaged(air.dataset(), plan.operation())).isFalse();
    }

    @Test
    @FaultRow("L5")
    void refusesToSealAFileThatLostRows() throws Exception {
        StagingPlan plan = air.plan(Mode.REPLACE, COLUMNS);
        Staged staged = store.stage(plan, new ListRows(List.of(List.of(1L), List.of(2L))), Progress.SILENT);
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + staging(plan, ".part"));
                var statement = connection.createStatement()) {
            statement.execute("DELETE FROM air WHERE _id = 2");
        }

        JobFailure failed = catchThrowableOfType(JobFailure.class, () -> store.seal(plan, staged));

        assertThat(failed.failure().code()).isEqualTo(FailureCode.UNVERIFIABLE);
    }

    @Test
    void keepsNobodyFromWritingWhileTheLinkIsRight() throws Exception {
        assumeTrue(Faults.ON, "skipped: needs -Dbelay.faults=on");
        air.loadAll(Mode.REPLACE, COLUMNS, List.of(), List.of(DatasetScript.row(1L)));
        store.expose(air.dataset());
        var passed = new ArrayList<FaultPoint>();
        try (var _ = Faults.onEveryPass((at, side) -> passed.add(at))) {
            store.expose(air.dataset());
            assertThat(passed).isEmpty();
            Files.delete(folder.resolve("datasets/air/current.sqlite"));
            store.expose(air.dataset());
            assertThat(passed).contains(FaultPoint.CATALOG_HOLD);
        }
        assertThat(folder.resolve("datasets/air/current.sqlite")).exists();
    }

    @Test
    void removesTheFileOfADeletedHeadWhenItWasKilledBeforeIt() throws Exception {
        Commit base = air.loadAll(Mode.REPLACE, COLUMNS, List.of(), List.of(DatasetScript.row(1L)));
        store.expose(air.dataset());
        Path file = store.file(base).orElseThrow();
        byte[] content = Files.readAllBytes(file);
        var operation = air.operation();
        store.deleteLive(
                air.dataset(), new Epoch(1), operation, base.id(), air.state().dictionaryRevision());
        Files.write(file, content);

        assertThat(store.deleteLive(
                        air.dataset(),
                        new Epoch(1),
                        operation,
                        base.id(),
                        air.state().dictionaryRevision()))
                .isTrue();

        assertThat(file).doesNotExist();
        assertThat(Files.exists(file.resolveSibling("current.sqlite"), LinkOption.NOFOLLOW_LINKS))
                .isFalse();
    }

    @Test
    void noticesDamageToAPublishedFile() throws Exception {
        Commit cut = air.loadAll(Mode.REPLACE, COLUMNS, List.of(), List.of(DatasetScript.row(1L)));
        Commit blank = air.loadAll(Mode.REPLACE, COLUMNS, List.of(), List.of(DatasetScript.row(2L)));
        try (var file = new RandomAccessFile(store.file(cut).orElseThrow().toFile(), "rw")) {
            file.setLength(file.length() - 1);
        }
        try (var file = new RandomAccessFile(store.file(blank).orElseThrow().toFile(), "rw")) {
            file.write(new byte[200]);
        }

        assertThat(store.isIntact(cut)).isFalse();
        assertThat(store.isIntact(blank)).isFalse();
    }

    @Test
    void letsExactlyOneOfTwoProcessesPublish() throws Exception {
        air.loadAll(Mode.REPLACE, COLUMNS, List.of(), List.of(DatasetScript.row(0L)));
        try (var second = SqliteDatastore.open(folder, DatasetScript.ids());
                var threads = Executors.newFixedThreadPool(2)) {
            for (int round = 0; round < 20; round++) {
                StagingPlan one = air.plan(Mode.REPLACE, COLUMNS);
                StagingPlan two = air.plan(Mode.REPLACE, COLUMNS);
                Publication first = air.publication(one, air.sealed(one, DatasetScript.row(1L)));
                Publication other = air.publication(two, air.sealed(two, DatasetScript.row(2L)));
                var start = new CyclicBarrier(2);
                List<Callable<PublishResult>> race = List.of(
                        () -> {
                            start.await();
                            return store.publish(first);
                        },
                        () -> {
                            start.await();
                            return second.publish(other);
                        });

                var results = new ArrayList<PublishResult>();
                for (var future : threads.invokeAll(race)) {
                    results.add(future.get());
                }

                assertThat(results)
                        .filteredOn(PublishResult.Published.class::isInstance)
                        .hasSize(1);
                assertThat(store.isIntact(air.head())).isTrue();
                store.dropStaged(air.dataset(), one.operation());
                second.dropStaged(air.dataset(), two.operation());
                assertThat(store.stagedObjects()).isEmpty();
            }
        }
    }

    @Test
    void letsManyProcessesOpenANewFolderAtOnce() throws Exception {
        for (int round = 0; round < 10; round++) {
            Path fresh = folder.resolve("fresh-" + round);
            var start = new CyclicBarrier(4);
            try (var threads = Executors.newFixedThreadPool(4)) {
                var opened = new ArrayList<Future<SqliteDatastore>>();
                for (int process = 0; process < 4; process++) {
                    String id = "0%d000000000000000000000000".formatted(process);
                    opened.add(threads.submit(() -> {
                        start.await();
                        return SqliteDatastore.open(fresh, () -> id);
                    }));
                }
                for (var one : opened) {
                    one.get().close();
                }
            }
        }
    }
}
