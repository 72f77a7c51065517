package dev.belay.saga;

import static dev.belay.saga.Rig.DATASET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.belay.datastore.Commit;
import dev.belay.datastore.DatasetState;
import dev.belay.disk.DurableFiles;
import dev.belay.fault.FaultPoint;
import dev.belay.fault.Faults;
import dev.belay.job.DatasetId;
import dev.belay.job.FailureCode;
import dev.belay.job.IdSource;
import dev.belay.job.JobFailure;
import dev.belay.kit.FaultRow;
import dev.belay.runtime.Stores;
import dev.belay.runtime.folder.DataFolder;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.Mode;
import dev.belay.schemas.PublishStrategy;
import dev.belay.sql.Session;
import dev.belay.sql.SqliteConnections;
import dev.belay.upkeep.Item;
import dev.belay.upkeep.Repair;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A store that is lost while the others are there: nothing is begun anew beside them, and what has one right answer
/// comes back.
final class LostCatalogTest {
    private static final String FIRST = "code,n\n007,1\n008,2\n";
    private static final String SECOND = "code,n\n007,1\n008,2\n009,3\n";
    private static final String REPEATED = "code,n\n007,1\n007,2\n";

    @TempDir(factory = InMemory.class)
    private Path scratch;

    /// In memory where the machine has it: here nothing is about the disk itself, and every step is fsynced.
    static final class InMemory implements TempDirFactory {
        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context) throws IOException {
            Path memory = Path.of("/dev/shm");
            return Files.isWritable(memory)
                    ? Files.createTempDirectory(memory, "belay-test")
                    : Files.createTempDirectory("belay-test");
        }
    }

    private static Repair repair(DataFolderRig rig) {
        return new Repair(Stores.places(DataFolder.at(rig.folder)), rig.log.ids(), rig.log.clock());
    }

    private static void open(DataFolderRig rig) throws JobFailure {
        Stores.open(DataFolder.at(rig.folder), IdSource.random(InstantSource.system()))
                .close();
    }

    private static void assertRefused(DataFolderRig rig, FailureCode code) {
        assertThatThrownBy(() -> open(rig)).isInstanceOfSatisfying(JobFailure.class, refused -> {
            assertThat(refused.failure().code()).isEqualTo(code);
            assertThat(refused.failure().code().advice()).contains("belay repair");
        });
    }

    private static void lose(DataFolderRig rig, String file) throws IOException {
        for (String part : List.of("", "-wal", "-shm")) {
            Files.deleteIfExists(rig.folder.resolve(file + part));
        }
    }

    /// Mends all there is; the last look must find nothing more of one right answer.
    private static List<Item> mended(DataFolderRig rig, Item.Answer most) {
        Repair repair = repair(rig);
        var listed = new ArrayList<Item>();
        for (int rounds = 0; rounds < 4; rounds++) {
            List<Item> items = repair.look();
            for (Item item : items) {
                if (item.answer() == Item.Answer.NONE) {
                    listed.add(item);
                } else if (item.answer().compareTo(most) <= 0) {
                    repair.mend(item);
                }
            }
        }
        assertThat(repair.look()).allMatch(item -> item.answer().compareTo(most) > 0);
        return listed;
    }

    /// All rows of the catalog, in words.
    private static List<String> catalog(DataFolderRig rig) throws Exception {
        try (var connection = SqliteConnections.reading(rig.folder.resolve("catalog.db"))) {
            var session = new Session(connection);
            var rows = new ArrayList<String>();
            for (String table : List.of("dataset", "commits")) {
                List<String> columns =
                        session.list("SELECT name FROM pragma_table_info('" + table + "')", row -> row.text("name"));
                rows.addAll(session.list("SELECT * FROM " + table + " ORDER BY id", row -> {
                    var words = new StringBuilder(table);
                    for (String column : columns) {
                        words.append('|').append(row.optionalText(column).orElse("-"));
                    }
                    return words.toString();
                }));
            }
            return rows;
        }
    }

    /// Two datasets, several versions, one of them put back by an in-place roll-back; edited by people at the end.
    private static void live(DataFolderRig rig) throws Exception {
        rig.load("j1", "d", FIRST);
        rig.curate("Station");
        rig.load("j2", "d", SECOND);
        rig.source.with("bad.csv", REPEATED.getBytes(StandardCharsets.UTF_8));
        rig.log.send("j3", inPlace("bad.csv"));
        rig.drain(rig.worker(CrashPoints.none()));
        rig.load("j4", "other", FIRST);
        rig.curate("Station code, as agreed");
    }

    private static JobMessage inPlace(String file) {
        return JobMessage.replace("d", JobMessage.Source.url(file))
                .withMode(Mode.REPLACE, List.of("code"))
                .withPublish(PublishStrategy.IN_PLACE);
    }

    @Test
    @FaultRow("J6")
    void neverBeginsAnEmptyCatalogBesideDatasetsAndBringsItBackAsItWas() throws Exception {
        try (var rig = new DataFolderRig(scratch.resolve("data"))) {
            live(rig);
            rig.stop();
            List<String> before = catalog(rig);
            assertThat(before).hasSize(2 + 4);
            lose(rig, "catalog.db");

            assertRefused(rig, FailureCode.CATALOG_LOST);
            assertThat(rig.folder.resolve("catalog.db")).doesNotExist();
            List<Item> listed = mended(rig, Item.Answer.ONE);

            assertThat(listed).isEmpty();
            assertThat(catalog(rig)).isEqualTo(before);
            open(rig);
            assertThat(rig.curated()).isEqualTo("Station code, as agreed");
            rig.load("j5", "d", SECOND);
            assertThat(rig.rooms()
                            .datastore()
                            .state(DATASET)
                            .head()
                            .orElseThrow()
                            .version())
                    .isEqualTo(4);
        }
    }

    @Test
    void bringsBackWhatTheJournalKnowsWhereTheHistoriesAreLostToo() throws Exception {
        try (var rig = new DataFolderRig(scratch.resolve("data"))) {
            rig.load("j1", "d", FIRST);
            rig.load("j2", "d", SECOND);
            rig.stop();
            List<String> before = catalog(rig);
            lose(rig, "catalog.db");
            Files.delete(rig.folder.resolve("datasets/d/history.log"));
            Path unknown = rig.folder.resolve("datasets/d/9-01J99999999999999999999999-c.sqlite");
            Files.copy(rig.folder.resolve("datasets/d/current.sqlite"), unknown);

            List<Item> listed = mended(rig, Item.Answer.ONE);

            assertThat(catalog(rig)).isEqualTo(before);
            assertThat(listed).extracting(Item::words).anyMatch(words -> words.contains("what people wrote since"));
            assertThat(unknown).exists();
            rig.worker(CrashPoints.none()).sweep();
            assertThat(unknown).as("what cannot be judged is kept").exists();
            assertThat(listed).extracting(Item::what).anyMatch(what -> what.contains("9-01J99999999999999999999999-c"));
        }
    }

    @Test
    void refusesADamagedCatalogAndKeepsItWhenItIsMadeAnew() throws Exception {
        try (var rig = new DataFolderRig(scratch.resolve("data"))) {
            live(rig);
            rig.stop();
            List<String> before = catalog(rig);
            Path file = rig.folder.resolve("catalog.db");
            byte[] torn = Files.readAllBytes(file);
            java.util.Arrays.fill(torn, 4096, 8192, (byte) 0x5a);
            Files.write(file, torn);
            byte[] log = Files.readAllBytes(rig.folder.resolve("datasets/d/history.log"));

            assertThatThrownBy(() -> open(rig)).hasMessageContaining("STORE_CORRUPT");
            mended(rig, Item.Answer.ONE);

            assertThat(catalog(rig)).isEqualTo(before);
            try (var files = Files.list(rig.folder.resolve("datasets/d"))) {
                assertThat(files.filter(name -> name.getFileName().toString().startsWith("history.log.replaced-")))
                        .singleElement()
                        .satisfies(kept -> assertThat(kept).hasBinaryContent(log));
            }
            try (var files = Files.list(rig.folder)) {
                assertThat(files.filter(name -> name.getFileName().toString().matches("catalog.db.replaced-[^-]*")))
                        .singleElement()
                        .satisfies(kept -> assertThat(kept).hasBinaryContent(torn));
            }
        }
    }

    @Test
    void noticesAStoreThatWasSetBack() throws Exception {
        try (var rig = new DataFolderRig(scratch.resolve("data"))) {
            rig.load("j1", "d", FIRST);
            rig.stop();
            byte[] oldCatalog = Files.readAllBytes(rig.folder.resolve("catalog.db"));
            byte[] oldJournal = Files.readAllBytes(rig.folder.resolve("journal.db"));
            rig.load("j2", "d", SECOND);
            rig.stop();
            List<String> before = catalog(rig);

            Files.write(rig.folder.resolve("catalog.db"), oldCatalog);
            assertRefused(rig, FailureCode.STORES_DISAGREE);
            mended(rig, Item.Answer.ONE);
            assertThat(catalog(rig)).isEqualTo(before);

            Files.write(rig.folder.resolve("journal.db"), oldJournal);
            assertRefused(rig, FailureCode.STORES_DISAGREE);
            assertThat(repair(rig).look()).extracting(Item::answer).containsExactly(Item.Answer.FORCE);
            mended(rig, Item.Answer.FORCE);
            open(rig);
            rig.load("j3", "d", FIRST);
            assertThat(rig.rooms()
                            .datastore()
                            .state(DATASET)
                            .head()
                            .orElseThrow()
                            .version())
                    .isEqualTo(3);
        }
    }

    @Test
    void neverBeginsAnEmptyJournalBesideACatalogAndByForceMakesOneOfTheSameId() throws Exception {
        try (var rig = new DataFolderRig(scratch.resolve("data"))) {
            open(rig);
            rig.load("j1", "d", FIRST);
            String id = rig.rooms().journal().id();
            rig.stop();
            lose(rig, "journal.db");

            assertRefused(rig, FailureCode.JOURNAL_LOST);
            assertThat(rig.folder.resolve("journal.db")).doesNotExist();
            mended(rig, Item.Answer.FORCE);

            open(rig);
            assertThat(rig.rooms().journal().id()).isEqualTo(id);
            rig.load("j2", "d", SECOND);
            assertThat(rig.rooms()
                            .datastore()
                            .state(DATASET)
                            .head()
                            .orElseThrow()
                            .version())
                    .isEqualTo(2);
        }
    }

    @Test
    @FaultRow("C4")
    void mendsLinksAndRemovesWhatNobodyNeeds() throws Exception {
        try (var rig = new DataFolderRig(scratch.resolve("data"))) {
            rig.load("j1", "d", FIRST);
            rig.load("j2", "d", SECOND);
            Commit head = rig.rooms().datastore().state(DATASET).head().orElseThrow();
            Path served = rig.rooms().datastore().file(head).orElseThrow();
            rig.stop();
            Path link = rig.folder.resolve("datasets/d/current.sqlite");
            Files.delete(link);
            Files.createSymbolicLink(link, Path.of("1-gone.sqlite"));
            Files.createDirectories(rig.folder.resolve("work/01J99999999999999999999999"));
            Files.writeString(rig.folder.resolve("datasets/d/history.log.partial"), "half");
            Files.copy(served, rig.folder.resolve("staging/d/3-01J99999999999999999999999-c.sqlite.part"));
            Files.delete(rig.folder.resolve("datasets/d/history.log"));

            assertThat(repair(rig).look())
                    .extracting(Item::answer)
                    .containsOnly(Item.Answer.ONE, Item.Answer.NONE)
                    .hasSize(5);
            mended(rig, Item.Answer.ONE);

            assertThat(link.toRealPath()).isEqualTo(served.toRealPath());
            assertThat(repair(rig).look())
                    .singleElement()
                    .satisfies(kept -> assertThat(kept.words()).contains("neither a version nor the journal knows it"));
            assertThat(rig.folder.resolve("repairs.log")).content().contains("current.sqlite", "history.log");
        }
    }

    @Test
    void listsDataThatAreGoneWithTheCommandThatHelps() throws Exception {
        try (var rig = new DataFolderRig(scratch.resolve("data"))) {
            rig.load("j1", "d", FIRST);
            rig.load("j2", "d", SECOND);
            Commit head = rig.rooms().datastore().state(DATASET).head().orElseThrow();
            Files.delete(rig.rooms().datastore().file(head).orElseThrow());
            rig.stop();

            List<Item> items = repair(rig).look();

            assertThat(items).singleElement().satisfies(item -> {
                assertThat(item.answer()).isEqualTo(Item.Answer.NONE);
                assertThat(item.next()).isEqualTo("belay datasets restore d 1");
            });
        }
    }

    enum Loss {
        BY_SWAP(SECOND, PublishStrategy.SWAP, 3),
        IN_PLACE(SECOND, PublishStrategy.IN_PLACE, 3),
        FAILS_IN_PLACE(REPEATED, PublishStrategy.IN_PLACE, 0);

        final String file;
        final PublishStrategy strategy;
        final int rows;

        Loss(String file, PublishStrategy strategy, int rows) {
            this.file = file;
            this.strategy = strategy;
            this.rows = rows;
        }
    }

    /// Killed at a durable step of a load, and the catalog lost at that moment.
    @ParameterizedTest
    @EnumSource
    void endsTheJobRightlyWhereverTheWorkerIsKilledAndTheCatalogIsLost(Loss loss) throws Exception {
        assumeTrue(Faults.ON, "skipped: needs -Dbelay.faults=on");
        int lost = 0;
        int point = 0;
        for (boolean died = true; died; point += 3) {
            try (var rig = new DataFolderRig(scratch.resolve(loss + "-" + point))) {
                died = killAndLose(rig, loss, point);
                lost += died ? 1 : 0;
            }
            DurableFiles.remove(scratch.resolve(loss + "-" + point));
        }
        System.out.printf("%s: killed at and lost the catalog at %d points%n", loss, lost);
        assertThat(lost).isGreaterThan(30);
    }

    private static boolean killAndLose(DataFolderRig rig, Loss loss, int point) throws Exception {
        rig.load("j1", "d", FIRST);
        rig.curate("Station code");
        rig.log.events.clear();
        rig.source.with("second.csv", loss.file.getBytes(StandardCharsets.UTF_8));
        rig.log.send("j2", inPlace("second.csv").withPublish(loss.strategy));
        boolean died = dies(point, () -> rig.drain(rig.worker(CrashPoints.none())));
        rig.stop();
        lose(rig, "catalog.db");

        mended(rig, Item.Answer.ONE);
        open(rig);
        Saga worker = rig.worker(CrashPoints.none());
        rig.drain(worker);
        worker.sweep();

        String where = loss + " point " + point;
        Rig.Rooms rooms = rig.rooms();
        Commit head = rooms.datastore().state(DATASET).head().orElseThrow();
        boolean failed = loss == Loss.FAILS_IN_PLACE;
        assertThat(rig.log.terminalTypes()).as(where).containsExactly(failed ? "job.failed" : "job.completed");
        assertThat(rooms.datastore().isIntact(head)).as(where).isTrue();
        assertThat(rooms.datastore().preview(head, 9)).as(where).hasSize(failed && head.version() == 1 ? 2 : loss.rows);
        assertThat(rig.curated()).as(where).isEqualTo("Station code");
        assertThat(rooms.datastore().commits(DATASET)).as(where).hasSize(head.version());
        assertThat(rooms.journal().openAttempts()).as(where).isEmpty();
        assertThat(rooms.datastore().stagedObjects()).as(where).isEmpty();
        assertThat(rooms.stash().list()).as(where).isEmpty();
        assertThat(rooms.workspace().operations()).as(where).isEmpty();
        rig.stop();
        assertThat(repair(rig).look()).as(where).isEmpty();
        return died;
    }

    /// What a kill leaves: the files, without the locks that this living process still has on them.
    private Path copied(Path folder, String name) throws IOException {
        Path copy = scratch.resolve(name);
        Files.createDirectories(copy);
        if (Files.isDirectory(folder)) {
            try (var all = Files.walk(folder)) {
                for (Path from : (Iterable<Path>) all.skip(1)::iterator) {
                    Files.copy(from, copy.resolve(folder.relativize(from).toString()), LinkOption.NOFOLLOW_LINKS);
                }
            }
        }
        return copy;
    }

    /// Something that may be killed.
    private interface Work {
        void run() throws Exception;
    }

    /// @return whether there were so many points
    private static boolean dies(int point, Work work) throws Exception {
        var passed = new AtomicInteger();
        try (var _ = Faults.onEveryPass((at, side) -> {
            if (passed.getAndIncrement() == point) {
                throw new CrashPoints.Crash(side + " " + at);
            }
        })) {
            work.run();
            return false;
        } catch (CrashPoints.Crash killed) {
            return true;
        }
    }

    /// Killed between the publication of what was given back and the journal's note of it: the next recovery finds it
    /// done, and must say so, or a catalog made anew drops it with the dictionary.
    @Test
    void givesTheDictionaryBackThatARecoveryPublishedJustBeforeItWasKilled() throws Exception {
        assumeTrue(Faults.ON, "skipped: needs -Dbelay.faults=on");
        try (var rig = new DataFolderRig(scratch.resolve("data"))) {
            beginInPlace(rig, REPEATED);
            assertThat(diesBetween(
                            FaultPoint.PUBLISH_COMMIT,
                            FaultPoint.JOURNAL_UNDONE,
                            () -> rig.drain(rig.worker(CrashPoints.none()))))
                    .isTrue();
            rig.stop();
            rig.drain(rig.worker(CrashPoints.none()));
            rig.stop();
            List<String> before = catalog(rig);
            lose(rig, "catalog.db");

            assertThat(mended(rig, Item.Answer.ONE)).isEmpty();

            assertThat(catalog(rig)).isEqualTo(before);
            assertThat(rig.curated()).isEqualTo("Station code");
        }
    }

    /// The log tells of a delete that was never committed, behind a line that names no commit; or in a log that is so
    /// long that it was written anew for it.
    @ParameterizedTest
    @ValueSource(ints = {0, 4 << 20})
    void servesWhatAKilledDeleteOnlyAnnounced(int longer) throws Exception {
        assumeTrue(Faults.ON, "skipped: needs -Dbelay.faults=on");
        try (var rig = new DataFolderRig(scratch.resolve("data"))) {
            beginInPlace(rig, SECOND);
            Files.writeString(
                    rig.folder.resolve("datasets/d/history.log"), "\n".repeat(longer), StandardOpenOption.APPEND);
            assertThat(diesBetween(
                            FaultPoint.LIVE_DELETE,
                            FaultPoint.DATABASE_COMMIT,
                            () -> rig.drain(rig.worker(CrashPoints.none()))))
                    .isTrue();
            rig.stop();
            rig.worker(CrashPoints.none());
            rig.stop();
            lose(rig, "catalog.db");

            assertThat(mended(rig, Item.Answer.ONE)).isEmpty();

            DatasetState now = rig.rooms().datastore().state(DATASET);
            assertThat(now.head().orElseThrow().version()).isEqualTo(1);
            assertThat(rig.curated()).isEqualTo("Station code");
        }
    }

    @Test
    void doesNotServeAVersionThatOnlyALogNamesAndWhoseDataAreGone() throws Exception {
        try (var rig = new DataFolderRig(scratch.resolve("data"))) {
            rig.load("j1", "d", FIRST);
            rig.load("j2", "d", SECOND);
            Commit second = rig.rooms().datastore().state(DATASET).head().orElseThrow();
            Files.delete(rig.rooms().datastore().file(second).orElseThrow());
            rig.stop();
            lose(rig, "journal.db");
            lose(rig, "catalog.db");

            List<Item> listed = mended(rig, Item.Answer.FORCE);

            assertThat(listed).extracting(Item::words).anyMatch(words -> words.contains("does not know version 2"));
            Commit head = rig.rooms().datastore().state(DATASET).head().orElseThrow();
            assertThat(head.version()).isEqualTo(1);
            assertThat(rig.rooms().datastore().isIntact(head)).isTrue();
        }
    }

    private static void beginInPlace(DataFolderRig rig, String content) throws Exception {
        rig.load("j1", "d", FIRST);
        rig.curate("Station code");
        rig.source.with("second.csv", content.getBytes(StandardCharsets.UTF_8));
        rig.log.send("j2", inPlace("second.csv"));
    }

    /// Killed before `second` is done, the first time after `first` was begun.
    private static boolean diesBetween(FaultPoint first, FaultPoint second, Work work) throws Exception {
        var begun = new AtomicBoolean();
        try (var _ = Faults.onEveryPass((at, side) -> {
            begun.compareAndSet(false, at == first);
            if (begun.get() && at == second && side == FaultPoint.Side.BEFORE) {
                throw new CrashPoints.Crash(side + " " + at);
            }
        })) {
            work.run();
            return false;
        } catch (CrashPoints.Crash killed) {
            return true;
        }
    }

    @Test
    void bringsTheCatalogBackHoweverOftenTheRepairIsKilled() throws Exception {
        assumeTrue(Faults.ON, "skipped: needs -Dbelay.faults=on");
        List<String> before;
        try (var rig = new DataFolderRig(scratch.resolve("data"))) {
            live(rig);
            rig.stop();
            before = catalog(rig);
            Files.writeString(rig.folder.resolve("catalog.db"), "no database at all, and long enough ".repeat(200));
        }
        int killed = 0;
        for (boolean died = true; died; killed++) {
            int point = killed;
            try (var rig = new DataFolderRig(copied(scratch.resolve("data"), "repair-" + killed))) {
                died = dies(point, () -> mended(rig, Item.Answer.ONE));
            }
            try (var rig = new DataFolderRig(copied(scratch.resolve("repair-" + killed), "again-" + killed))) {
                mended(rig, Item.Answer.ONE);
                assertThat(catalog(rig)).as("point %d", point).isEqualTo(before);
                open(rig);
            }
        }
        System.out.printf("repair killed at %d points%n", killed - 1);
        assertThat(killed).isGreaterThan(20);
    }

    @Test
    @FaultRow("B1")
    void completesAFirstStartThatWasKilledAnywhere() throws Exception {
        assumeTrue(Faults.ON, "skipped: needs -Dbelay.faults=on");
        int killed = 0;
        for (boolean died = true; died; killed++) {
            int point = killed;
            try (var rig = new DataFolderRig(scratch.resolve("start-" + killed))) {
                died = dies(point, () -> open(rig));
            }
            try (var rig = new DataFolderRig(copied(scratch.resolve("start-" + killed), "again-" + killed))) {
                open(rig);
                rig.load("j1", "d", FIRST);
                assertThat(rig.rooms().datastore().state(new DatasetId("d")).head())
                        .as("point %d", point)
                        .isPresent();
                rig.stop();
                assertThat(repair(rig).look())
                        .as("point %d", point)
                        .filteredOn(item -> item.answer() != Item.Answer.ONE)
                        .isEmpty();
            }
        }
        System.out.printf("first start killed at %d points%n", killed - 1);
        assertThat(killed).isGreaterThan(20);
    }
}
