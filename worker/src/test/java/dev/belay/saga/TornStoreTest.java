package dev.belay.saga;

import static dev.belay.saga.Rig.DATASET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.job.DatasetId;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.IdSource;
import dev.belay.job.JobFailure;
import dev.belay.job.Unavailable;
import dev.belay.journal.Attempt;
import dev.belay.journal.Effect;
import dev.belay.kit.FaultRow;
import dev.belay.runtime.Stores;
import dev.belay.runtime.folder.DataFolder;
import dev.belay.schemas.JobMessage;
import dev.belay.sql.Session;
import dev.belay.sql.SqliteConnections;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Bytes of the stores that are not what was written: found at start, or where they are acted upon; never guessed
/// about.
@FaultRow({"J6", "S2"})
final class TornStoreTest {
    private static final int PAGE = 4096;
    private static final String FIRST = "code,n\n007,1\n008,2\n";
    private static final String SECOND = "code,n\n007,1\n008,2\n009,3\n";
    private static final Set<FailureCode> REFUSALS = Set.of(
            FailureCode.STORE_CORRUPT, FailureCode.CATALOG_LOST, FailureCode.JOURNAL_LOST, FailureCode.STORES_DISAGREE);

    @TempDir(factory = LostCatalogTest.InMemory.class)
    private Path scratch;

    /// Why a worker refuses to start on a folder, if it does.
    private static Optional<Failure> refusal(Path folder) {
        try {
            Stores.open(DataFolder.at(folder), IdSource.random(InstantSource.system()))
                    .close();
            return Optional.empty();
        } catch (JobFailure refused) {
            return Optional.of(refused.failure());
        } catch (Unavailable refused) {
            return Optional.of(refused.failure());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"journal.db", "catalog.db"})
    void refusesToStartOnEveryTornPageOrLosesNothingByIt(String store) throws Exception {
        Path whole = scratch.resolve("whole");
        try (var rig = new DataFolderRig(whole)) {
            rig.load("j1", "d", FIRST);
            rig.load("j2", "other", FIRST);
            rig.load("j3", "d", SECOND);
        }
        byte[] bytes = Files.readAllBytes(whole.resolve(store));
        int refused = 0;
        int pages = bytes.length / PAGE;
        for (int page = 0; page < pages; page++) {
            Path torn = copied(whole, store + "-" + page);
            byte[] damaged = bytes.clone();
            Arrays.fill(damaged, page * PAGE, page * PAGE + PAGE, (byte) (page % 2 == 0 ? 0x5a : 0));
            Files.write(torn.resolve(store), damaged);

            Optional<Failure> failure = refusal(torn);

            if (failure.isEmpty()) {
                // The end of a long text, in which SQLite has no structure to check.
                assertNothingLost(torn, "page %d of %s".formatted(page, store));
                continue;
            }
            assertThat(failure.get().code()).as("page %d of %s", page, store).isIn(REFUSALS);
            assertThat(failure.get().code().advice()).contains("belay repair");
            refused++;
        }
        assertThat(refused).isGreaterThan(pages * 3 / 4);
        System.out.printf("%s: %d pages torn: %d refused at start%n", store, pages, refused);
    }

    @ParameterizedTest
    @ValueSource(strings = {"journal.db-wal", "catalog.db-wal"})
    void refusesToStartOnATornLogOrGoesOnWithoutLoss(String log) throws Exception {
        Path whole = scratch.resolve("whole");
        Path killed;
        try (var rig = new DataFolderRig(whole)) {
            rig.load("j1", "d", FIRST);
            rig.load("j2", "d", SECOND);
            killed = copied(whole, "killed");
            for (String memory : List.of("journal.db-shm", "catalog.db-shm")) {
                Files.deleteIfExists(killed.resolve(memory));
            }
        }
        byte[] bytes = Files.readAllBytes(killed.resolve(log));
        int frame = PAGE + 24;
        int frames = (bytes.length - 32) / frame;
        int refused = 0;
        for (int at = 0; at < frames; at += 2) {
            Path torn = copied(killed, log + "-" + at);
            byte[] damaged = bytes.clone();
            Arrays.fill(damaged, 32 + at * frame + 100, 32 + at * frame + 600, (byte) 0x5a);
            Files.write(torn.resolve(log), damaged);

            Optional<Failure> failure = refusal(torn);

            String where = "frame %d of %d of %s".formatted(at, frames, log);
            if (failure.isPresent()) {
                assertThat(failure.get().code()).as(where).isIn(REFUSALS);
                refused++;
            } else {
                assertNothingLost(torn, where);
            }
        }
        System.out.printf("%s: %d frames torn: %d refused at start%n", log, (frames + 1) / 2, refused);
        assertThat(refused).isPositive();
    }

    private static void assertNothingLost(Path folder, String where) {
        try (var rig = new DataFolderRig(folder)) {
            rig.log.pass(java.time.Duration.ofDays(1));
            rig.worker(CrashPoints.none()).sweep();
            var head = rig.rooms().datastore().state(DATASET).head().orElseThrow();
            assertThat(head.version()).as(where).isEqualTo(2);
            assertThat(rig.rooms().datastore().isIntact(head)).as(where).isTrue();
            // Where the journal has lost the plan of what is published, the dataset waits for people.
            boolean setAside = rig.rooms().journal().quarantine(DATASET).isPresent();
            assertThat(rig.rooms().journal().openAttempts()).as(where).hasSize(setAside ? 1 : 0);
        }
    }

    @Test
    void setsADatasetAsideWhosePlanWasDamagedAndLetsOthersGoOn() throws Exception {
        try (var rig = new DataFolderRig(scratch.resolve("data"))) {
            rig.load("j1", "d", FIRST);
            leaveOpen(rig);
            Attempt open = rig.rooms().journal().openAttempts().getFirst();
            rig.stop();
            damagePlan(rig.folder, "publish");

            Saga worker = rig.worker(CrashPoints.none());
            rig.drain(worker);
            rig.load("j3", "other", FIRST);

            assertThat(rig.rooms().journal().quarantine(DATASET))
                    .isPresent()
                    .get()
                    .satisfies(aside -> {
                        assertThat(aside.operation()).isEqualTo(open.operation());
                        assertThat(aside.reason()).contains("digest");
                    });
            assertThat(rig.log.terminalTypes()).containsExactly("job.completed", "job.failed", "job.completed");
            assertThat(rig.rooms().datastore().stagedObjects())
                    .as("every byte is kept")
                    .hasSize(1);
            assertThat(rig.rooms()
                            .datastore()
                            .state(DATASET)
                            .head()
                            .orElseThrow()
                            .version())
                    .isEqualTo(1);
        }
    }

    @Test
    void noticesEveryFlippedByteOfAPlan() throws Exception {
        try (var rig = new DataFolderRig(scratch.resolve("data"))) {
            rig.load("j1", "d", FIRST);
            leaveOpen(rig);
            Attempt open = rig.rooms().journal().openAttempts().getFirst();
            Effect publish = open.effects().getLast();
            byte[] plan = publish.planJson().getBytes(StandardCharsets.UTF_8);
            for (int at = 0; at < plan.length; at++) {
                byte[] flipped = plan.clone();
                flipped[at] ^= 1;
                var damaged = new ArrayList<>(open.effects());
                damaged.set(
                        damaged.size() - 1,
                        new Effect(
                                publish.ordinal(),
                                publish.stage(),
                                new String(flipped, StandardCharsets.UTF_8),
                                Optional.empty(),
                                Optional.empty()));
                assertThatThrownBy(() -> Journaled.effects(withEffects(open, damaged)))
                        .as("byte %d", at)
                        .isInstanceOf(Journaled.Unreadable.class);
            }
        }
    }

    @Test
    void waitsWithADatasetWhoseStashHasAFlippedBitUntilItIsResolvedAndLetsOthersGoOn() throws Exception {
        try (var rig = new DataFolderRig(scratch.resolve("data"))) {
            rig.load("j1", "d", FIRST);
            leaveOpen(rig);
            Path copy;
            try (var copies = Files.list(rig.folder.resolve("stash/d"))) {
                copy = copies.findFirst().orElseThrow();
            }
            rig.log.waiting.clear();
            byte[] bytes = Files.readAllBytes(copy);
            rig.worker(CrashPoints.none());
            rig.log.events.clear();
            for (int at = 0; at < bytes.length; at += 40) {
                byte[] flipped = bytes.clone();
                flipped[at] ^= 4;
                Files.createDirectories(copy.getParent());
                Files.write(copy, flipped);

                rig.load("bad-" + at, "d", SECOND);
                rig.load("good-" + at, "other", FIRST + "%03d,1\n".formatted(at));

                assertThat(rig.log.terminalTypes()).as("byte %d", at).containsExactly("job.failed", "job.completed");
                var corrupt = (dev.belay.dictionary.StashReading.Corrupt)
                        rig.rooms().stash().read(DATASET).getFirst();
                assertThat(corrupt.where()).contains("_quarantine");
                assertThat(Path.of(corrupt.where())).hasBinaryContent(flipped);
                assertThat(rig.rooms().stash().resolve(corrupt)).isTrue();
                rig.log.events.clear();
            }
            rig.load("last", "d", FIRST + "011,1\n");
            assertThat(rig.log.terminalTypes()).containsExactly("job.completed");
            assertThat(rig.rooms().datastore().state(new DatasetId("other")).head())
                    .isPresent();
        }
    }

    private static Attempt withEffects(Attempt attempt, List<Effect> effects) {
        return new Attempt(
                attempt.operation(),
                attempt.job(),
                attempt.dataset(),
                attempt.number(),
                attempt.hop(),
                attempt.epoch(),
                attempt.owner(),
                attempt.phase(),
                attempt.counted(),
                attempt.failureJson(),
                effects,
                attempt.startedAt(),
                attempt.endedAt());
    }

    /// A second load of the dataset, killed when it is confirmed.
    private static void leaveOpen(DataFolderRig rig) {
        rig.source.with("second.csv", SECOND.getBytes(StandardCharsets.UTF_8));
        rig.log.send("j2", JobMessage.replace("d", JobMessage.Source.url("second.csv")));
        Saga worker = rig.worker(CrashPoints.at("before Datastore.publish"));
        assertThatThrownBy(() -> rig.drain(worker)).isInstanceOf(CrashPoints.Crash.class);
        assertThat(rig.rooms().journal().openAttempts()).hasSize(1);
    }

    /// One digit of the newest plan of a stage becomes another: it is JSON as before.
    private static void damagePlan(Path folder, String stage) throws Exception {
        try (var connection = SqliteConnections.building(folder.resolve("journal.db"))) {
            new Session(connection).updateOne("""
                            UPDATE effect SET plan_json = replace(plan_json, '"rows":3', '"rows":2')
                            WHERE rowid = (SELECT max(rowid) FROM effect WHERE stage = ?)
                            """, stage);
        }
    }

    private Path copied(Path folder, String name) throws IOException {
        Path copy = scratch.resolve(name);
        Files.createDirectories(copy);
        try (var all = Files.walk(folder)) {
            for (Path from : (Iterable<Path>) all.skip(1)::iterator) {
                Files.copy(from, copy.resolve(folder.relativize(from).toString()), LinkOption.NOFOLLOW_LINKS);
            }
        }
        return copy;
    }
}
