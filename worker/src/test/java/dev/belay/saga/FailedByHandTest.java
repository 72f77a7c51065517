package dev.belay.saga;

import static dev.belay.saga.Rig.DATASET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.datastore.DatasetState;
import dev.belay.dictionary.DataDictionary;
import dev.belay.dictionary.StashReading;
import dev.belay.fault.FaultPoint;
import dev.belay.fault.FaultPoint.Side;
import dev.belay.fault.Faults;
import dev.belay.fault.InjectedFault;
import dev.belay.job.OperationId;
import dev.belay.job.Unavailable;
import dev.belay.job.WorkerId;
import dev.belay.journal.Claim;
import dev.belay.journal.ClaimResult;
import dev.belay.kit.FaultRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The steps that no swept job takes, because people take them or something is damaged: each fails before it
/// and after it, and done again it is done once.
final class FailedByHandTest {
    private static final OperationId OPERATION = new OperationId("01J00000000000000099999999");

    private Copies copies;

    @BeforeEach
    void begin() throws IOException {
        copies = new Copies();
    }

    @AfterEach
    void end() {
        copies.close();
    }

    @Test
    void anEditOfADictionaryIsThereOrNot() throws Exception {
        each(FaultPoint.DICTIONARY_EDIT, (life, side) -> {
            var datastore = life.rooms().datastore();
            DatasetState before = datastore.state(DATASET);
            DataDictionary edited =
                    DataDictionary.parse(before.dictionary().orElseThrow()).withTitle("n", "Number");

            failing(
                    FaultPoint.DICTIONARY_EDIT,
                    side,
                    () -> datastore.editDictionary(DATASET, before.dictionaryRevision(), edited.toDocument()));

            assertThat(datastore.state(DATASET).dictionaryRevision())
                    .isEqualTo(before.dictionaryRevision() + (side == Side.AFTER ? 1 : 0));
            assertThat(datastore.editDictionary(DATASET, before.dictionaryRevision(), edited.toDocument()))
                    .isEqualTo(side == Side.BEFORE);
        });
    }

    @Test
    @FaultRow("S2")
    void aDamagedCopyIsNeverTakenForAbsentUntilItIsResolved() throws Exception {
        each(FaultPoint.STASH_SET_ASIDE, (life, side) -> {
            var stash = life.rooms().stash();
            try (var _ = armed(FaultPoint.STASH_SET_ASIDE, side)) {
                assertThat(stash.read(DATASET)).hasSizeBetween(1, 2).allMatch(StashReading.Corrupt.class::isInstance);
            }
            assertThat(stash.read(DATASET)).hasSize(1).allMatch(StashReading.Corrupt.class::isInstance);
            var corrupt = (StashReading.Corrupt) stash.read(DATASET).getFirst();

            failing(FaultPoint.STASH_RESOLVE, side, () -> stash.resolve(corrupt));

            assertThat(stash.read(DATASET)).hasSize(side == Side.BEFORE ? 1 : 0);
            assertThat(stash.resolve(corrupt)).isEqualTo(side == Side.BEFORE);
            assertThat(stash.read(DATASET)).isEmpty();
        });
    }

    @Test
    @FaultRow("C1")
    void aDatasetIsSetAsideAndLetGoOnOnce() throws Exception {
        each(FaultPoint.JOURNAL_QUARANTINE, (life, side) -> {
            var journal = life.rooms().journal();
            JobLog log = life.log();
            journal.admit(log.waiting.element().delivery(), log.now());
            Claim claim = ((ClaimResult.Claimed) journal.claim(
                            log.waiting.element().delivery().job(),
                            OPERATION,
                            new WorkerId("0", "hand"),
                            log.now(),
                            log.now()))
                    .claim();

            failing(FaultPoint.JOURNAL_QUARANTINE, side, () -> journal.quarantine(claim, "odd", log.now()));
            assertThat(journal.quarantine(DATASET).isPresent()).isEqualTo(side == Side.AFTER);
            journal.quarantine(claim, "odd again", log.now());

            // The job that waits is refused: a lost answer is asked for again, and says it once.
            try (var _ = armed(FaultPoint.JOURNAL_REFUSE, side)) {
                assertThat(log.deliver(life.saga(), journal, StopSignal.NEVER)).isInstanceOf(Handled.Later.class);
            }
            assertThat(log.deliver(life.saga(), journal, StopSignal.NEVER)).isInstanceOf(Handled.Announce.class);
            assertThat(log.terminalTypes()).containsExactly("job.failed");

            failing(FaultPoint.JOURNAL_RELEASE, side, () -> journal.release(DATASET));
            assertThat(journal.release(DATASET)).isEqualTo(side == Side.BEFORE);
            assertThat(life.saga().recover()).isEqualTo(1);
            assertThat(journal.openAttempts()).isEmpty();
        });
    }

    /// What a test does, with one side.
    @FunctionalInterface
    private interface Story {
        void tell(World life, Side side) throws Exception;
    }

    private record World(OnDisk.Life life, JobLog log) {
        Rig.Rooms rooms() {
            return life.rooms();
        }

        Saga saga() {
            return life.saga();
        }
    }

    private void each(FaultPoint first, Story story) throws Exception {
        OnDisk prepared = SweptJob.RELOAD_BY_SWAP.prepared(copies.next());
        for (Side side : Side.values()) {
            OnDisk disk = prepared.copyTo(copies.next());
            if (first == FaultPoint.STASH_SET_ASIDE) {
                Path home = Files.createDirectories(disk.folder.stash().resolve(DATASET.value()));
                Files.writeString(home.resolve(OPERATION + ".json"), "{");
            }
            try (OnDisk.Life life = disk.begin("0")) {
                story.tell(new World(life, disk.log), side);
            }
        }
    }

    private static void failing(FaultPoint point, Side side, Runnable step) {
        try (var _ = armed(point, side)) {
            assertThatThrownBy(step::run).isInstanceOf(Unavailable.class);
        }
    }

    private static Faults.Arm armed(FaultPoint point, Side side) {
        return Faults.arm(point, side, () -> {
            throw new InjectedFault(point, side);
        });
    }
}
