package dev.belay.datastore.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.datastore.Commit;
import dev.belay.datastore.DatasetScript;
import dev.belay.datastore.Datastore;
import dev.belay.datastore.StagedReading;
import dev.belay.datastore.StagingPlan;
import dev.belay.disk.SmallDisk;
import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import dev.belay.job.Epoch;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.ListRows;
import dev.belay.job.Mode;
import dev.belay.job.Progress;
import dev.belay.job.Unavailable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Full disks, missing rights, and catalogs that are not what they should be.
final class BrokenInstallationTest {
    private static final List<Column> COLUMNS = DatasetScript.columns(ColumnType.TEXT);

    @TempDir
    Path folder;

    private static Unavailable unavailable(ThrowingCallable call) {
        return catchThrowableOfType(Unavailable.class, call);
    }

    private static List<List<String>> rows(int count) {
        var rows = new ArrayList<List<String>>();
        for (int at = 0; at < count; at++) {
            rows.add(List.of("%0200d".formatted(at)));
        }
        return rows;
    }

    @Test
    void stopsAtAFullDiskAndGoesOnWhenThereIsRoom() throws Exception {
        try (var disk = SmallDisk.mounted(folder.resolve("disk"), "3m");
                Datastore store = SqliteDatastore.open(disk.folder().resolve("data"), DatasetScript.ids())) {
            var air = new DatasetScript(store, "air", DatasetScript.ids());
            store.fence(air.dataset(), new Epoch(1));
            Commit small = air.loadAll(Mode.REPLACE, COLUMNS, List.of(), rows(1000));
            StagingPlan large = air.plan(Mode.REPLACE, COLUMNS);

            Unavailable failed = unavailable(() -> store.stage(large, new ListRows(rows(20_000)), Progress.SILENT));

            assertThat(failed.failure().code()).isEqualTo(FailureCode.DISK_FULL);
            assertThat(failed).hasMessageContaining("air");
            assertThat(store.staged(large)).isEqualTo(new StagedReading.Absent());
            assertThat(store.stagedObjects()).isEmpty();
            assertThat(store.isIntact(small)).isTrue();
            assertThat(store.stage(large, new ListRows(rows(10)), Progress.SILENT)
                            .rows())
                    .isEqualTo(10);
        }
    }

    @Test
    void stopsAtAFullDiskWhileTheBaseIsCopied() throws Exception {
        try (var disk = SmallDisk.mounted(folder.resolve("disk"), "2m");
                Datastore store = SqliteDatastore.open(disk.folder().resolve("data"), DatasetScript.ids())) {
            var air = new DatasetScript(store, "air", DatasetScript.ids());
            store.fence(air.dataset(), new Epoch(1));
            air.loadAll(Mode.REPLACE, COLUMNS, List.of(), rows(3000));
            StagingPlan append = air.plan(Mode.APPEND, COLUMNS);
            disk.fill();

            Unavailable failed = unavailable(() -> store.stage(append, new ListRows(rows(1)), Progress.SILENT));

            assertThat(failed.failure().code()).isEqualTo(FailureCode.DISK_FULL);
            assertThat(store.stagedObjects()).isEmpty();
        }
    }

    @Test
    void refusesAFullDiskAtOpeningNamingTheFolder() throws Exception {
        try (var disk = SmallDisk.mounted(folder.resolve("disk"), "200k")) {
            disk.fill();

            Unavailable failed = unavailable(() -> SqliteDatastore.open(folder.resolve("disk"), DatasetScript.ids()));

            assertThat(failed.failure().code()).isEqualTo(FailureCode.DISK_FULL);
            assertThat(failed).hasMessageContaining(folder.resolve("disk").toString());
            try (var files = Files.list(folder.resolve("disk"))) {
                assertThat(files)
                        .extracting(file -> file.getFileName().toString())
                        .containsExactly("filler");
            }
        }
    }

    @Test
    void refusesAReadOnlyFolderNamingIt() throws Exception {
        try (var disk = SmallDisk.mounted(folder.resolve("disk"), "1m")) {
            disk.makeReadOnly();

            for (String data : List.of("disk", "disk/data")) {
                Unavailable failed = unavailable(() -> SqliteDatastore.open(folder.resolve(data), DatasetScript.ids()));

                assertThat(failed.failure().code()).isEqualTo(FailureCode.STORE_READ_ONLY);
                assertThat(failed).hasMessageContaining(folder.resolve(data).toString());
            }
        }
    }

    @Test
    void refusesAFileWhereTheFolderShouldBe() throws Exception {
        Path file = Files.writeString(folder.resolve("data"), "x");

        Unavailable failed = unavailable(() -> SqliteDatastore.open(file, DatasetScript.ids()));

        assertThat(failed).hasMessageContaining(file.toString());
    }

    @Test
    void refusesACatalogOfANewerBelay() throws Exception {
        SqliteDatastore.open(folder, DatasetScript.ids()).close();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("catalog.db"));
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version = 99");
        }

        Unavailable failed = unavailable(() -> SqliteDatastore.open(folder, DatasetScript.ids()));

        assertThat(failed.failure().code()).isEqualTo(FailureCode.JOURNAL_TOO_NEW);
        assertThat(failed).hasMessageContaining("upgrade").hasMessageContaining("99");
    }

    @Test
    void refusesACatalogThatIsNoDatabaseAndLeavesItAsItIs() throws Exception {
        String notes = "someone's notes, long enough to be read as a header. ".repeat(20);
        Files.writeString(folder.resolve("catalog.db"), notes);

        Unavailable failed = unavailable(() -> SqliteDatastore.open(folder, DatasetScript.ids()));

        assertThat(failed.failure().code()).isEqualTo(FailureCode.STORE_CORRUPT);
        assertThat(folder.resolve("catalog.db")).hasContent(notes);
    }

    @Test
    void tellsThatABaseIsMissing() throws Exception {
        try (Datastore store = SqliteDatastore.open(folder, DatasetScript.ids())) {
            var air = new DatasetScript(store, "air", DatasetScript.ids());
            store.fence(air.dataset(), new Epoch(1));
            Commit base = air.loadAll(Mode.REPLACE, COLUMNS, List.of(), rows(1));
            Files.delete(store.file(base).orElseThrow());
            StagingPlan append = air.plan(Mode.APPEND, COLUMNS);

            var failed = catchThrowableOfType(
                    JobFailure.class, () -> store.stage(append, new ListRows(rows(1)), Progress.SILENT));

            assertThat(failed.failure().code()).isEqualTo(FailureCode.STORE_CORRUPT);
            assertThat(store.stagedObjects()).isEmpty();
        }
    }
}
