package dev.belay.faults;

import static dev.belay.kit.Injections.failing;
import static dev.belay.kit.Injections.failingWithin;
import static dev.belay.kit.Injections.killed;
import static dev.belay.saga.World.DATASET;
import static dev.belay.saga.World.LOAD;
import static dev.belay.saga.World.TITLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.dictionary.DataDictionary;
import dev.belay.dictionary.StashEntry;
import dev.belay.dictionary.StashReading;
import dev.belay.fault.FaultPoint;
import dev.belay.fault.FaultPoint.Side;
import dev.belay.job.FsyncFailed;
import dev.belay.job.Incarnation;
import dev.belay.job.OperationId;
import dev.belay.kit.FaultRow;
import dev.belay.kit.InMemoryFolder;
import dev.belay.saga.Handled;
import dev.belay.saga.World;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.PublishStrategy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Rows S: the copy of a dictionary that is all there is of it while its dataset is emptied.
final class StashFaultsTest {
    private static final JobMessage IN_PLACE = LOAD.withPublish(PublishStrategy.IN_PLACE);
    private static final OperationId STALE = new OperationId("01J00000000000000099999999");

    private World world;

    @BeforeEach
    void begin(@TempDir(factory = InMemoryFolder.class) Path folder) throws Exception {
        world = World.withVersionOne(folder);
        world.file("a.csv", "code,n\n007,1\n008,2\n009,3\n");
        world.send("job-2", IN_PLACE);
    }

    @FaultRow("S1")
    @ParameterizedTest
    @EnumSource(
            value = FaultPoint.class,
            names = {"DISK_WRITE", "DISK_RENAME"})
    void aCopyThatCannotBeWrittenStopsTheJobBeforeTheDeleteAndLeavesNoTemporaryFile(FaultPoint step) throws Exception {
        var worker = world.live("0");
        try (var _ = failingWithin(FaultPoint.STASH_WRITE, step, Side.BEFORE)) {
            assertThat(worker.deliver())
                    .isInstanceOfSatisfying(
                            Handled.Later.class,
                            later -> assertThat(later.cause()).isEqualTo(Handled.Later.Cause.OUTAGE));
        }
        assertNothingWasTouched();
        assertThat(filesOfTheStash()).isEmpty();

        worker.drain();
        assertThat(world.rows()).hasSize(3);
        world.assertAtRest();
    }

    @FaultRow("S1")
    @Test
    void aCopyWhoseFsyncFailsEndsTheProcessBeforeTheDelete() throws Exception {
        try (var _ = failingWithin(FaultPoint.STASH_WRITE, FaultPoint.DISK_FSYNC, Side.BEFORE)) {
            assertThatThrownBy(world.live("0")::deliver).isInstanceOf(FsyncFailed.class);
        }
        assertNothingWasTouched();

        world.live("0").drain();
        assertThat(filesOfTheStash()).as("what was half-written is gone too").isEmpty();
        world.assertAtRest();
    }

    private void assertNothingWasTouched() throws Exception {
        assertThat(world.head().version()).isEqualTo(1);
        assertThat(world.rows()).hasSize(2);
        assertThat(world.dictionary().field("code").title()).isEqualTo(TITLE);
    }

    @FaultRow("S2")
    @ParameterizedTest
    @ValueSource(strings = {"bit", "cut", "empty"})
    void aDamagedCopyThatIsNeededSetsItsDatasetAsideWithEveryByteKeptAndOthersGoOn(String damage) throws Exception {
        killed(FaultPoint.LIVE_DELETE, Side.AFTER, world.live("0")::deliver);
        Path copy = filesOfTheStash().getFirst();
        byte[] whole = Files.readAllBytes(copy);
        byte[] damaged = damaged(whole, damage);
        Files.write(copy, damaged);

        var next = world.live("0");
        assertThat(next.recover()).as("nobody decides over it").isZero();
        world.file("b.csv", "x\n1\n");
        world.send("other", JobMessage.replace("other", JobMessage.Source.url("b.csv")));
        next.drain();

        assertThat(world.ends()).containsExactly("job.failed", "job.completed");
        assertThat(world.stores().journal().quarantine(DATASET)).isPresent();
        assertThat(world.stores().stash().read(DATASET))
                .singleElement()
                .isInstanceOfSatisfying(
                        StashReading.Corrupt.class,
                        corrupt -> assertThat(Path.of(corrupt.where())).hasBinaryContent(damaged));
        assertMended(whole);
    }

    // What a person does who has the file in a backup: puts it back, resolves the damaged one, releases the dataset.
    private void assertMended(byte[] whole) throws Exception {
        var stash = world.stores().stash();
        var corrupt = (StashReading.Corrupt) stash.read(DATASET).getFirst();
        String operation =
                world.stores().journal().openAttempts().getFirst().operation().value();
        assertThat(stash.resolve(corrupt)).isTrue();
        Files.write(world.folder().stash().resolve(DATASET.value()).resolve(operation + ".json"), whole);
        assertThat(world.stores().journal().release(DATASET)).isTrue();
        world.live("0").drain();
        assertThat(world.rows()).isEmpty();
        try (Stream<Path> aside = Files.walk(world.folder().stash().resolve("_quarantine"))) {
            for (Path kept : aside.filter(Files::isRegularFile).toList()) {
                assertThat(kept.toString()).endsWith(".resolved");
                Files.delete(kept);
            }
        }
        world.assertAtRest();
    }

    private static byte[] damaged(byte[] whole, String damage) {
        return switch (damage) {
            case "bit" -> {
                byte[] flipped = whole.clone();
                flipped[flipped.length / 2] ^= 1;
                yield flipped;
            }
            case "cut" -> java.util.Arrays.copyOf(whole, whole.length / 2);
            default -> new byte[0];
        };
    }

    @FaultRow("S3")
    @Test
    void aCopyThatCannotBeClearedAfterSuccessIsAWarningIsSweptLaterAndNeverAppliedAgain() throws Exception {
        var worker = world.live("0");
        try (var _ = failing(FaultPoint.STASH_CLEAR, Side.BEFORE)) {
            assertThat(worker.drain()).isEmpty();
        }
        assertThat(world.ends()).containsExactly("job.completed");
        assertThat(world.receipt().warnings())
                .singleElement()
                .satisfies(warning -> assertThat(warning).contains("the copy of the dictionary is left over"));
        assertThat(filesOfTheStash()).hasSize(1);

        // People take the title out. The copy that was left over still has it and must not bring it back.
        var state = world.state();
        assertThat(world.stores()
                        .datastore()
                        .editDictionary(
                                DATASET,
                                state.dictionaryRevision(),
                                world.dictionary().withTitle("code", "Station").toDocument()))
                .isTrue();
        worker.sweep();
        assertThat(filesOfTheStash()).isEmpty();
        world.file("a.csv", "code,n\n1,1\n");
        world.send("job-3", IN_PLACE);
        worker.drain();
        assertThat(world.dictionary().field("code").title()).isEqualTo("Station");

        world.curate();
        world.assertAtRest();
    }

    @FaultRow("S3")
    @Test
    void aCopyThatIsStillThereDoesNotBringBackWhatPeopleHaveTakenOutSince() throws Exception {
        edit(world.dictionary().withDescription("n", "How many"));
        var worker = world.live("0");
        try (var _ = failing(FaultPoint.STASH_CLEAR, Side.BEFORE)) {
            worker.drain();
        }
        assertThat(filesOfTheStash()).hasSize(1);
        edit(world.dictionary().withDescription("n", ""));

        world.file("a.csv", "code,n\n1,1\n");
        world.send("job-3", LOAD);
        worker.drain();

        assertThat(world.dictionary().field("n").description()).isEmpty();
        assertThat(world.dictionary().field("code").title()).isEqualTo(TITLE);
        worker.sweep();
        world.assertAtRest();
    }

    private void edit(DataDictionary edited) {
        var state = world.state();
        assertThat(world.stores().datastore().editDictionary(DATASET, state.dictionaryRevision(), edited.toDocument()))
                .isTrue();
    }

    @FaultRow("S4")
    @Test
    void aCopyOfAnotherDatasetOfTheSameNameIsNeverApplied() throws Exception {
        var base = world.head();
        DataDictionary strange =
                world.dictionary().withTitle("code", "Of another").withDescription("n", "strange");
        killed(FaultPoint.LIVE_DELETE, Side.AFTER, world.live("0")::deliver);
        world.stores()
                .stash()
                .put(new StashEntry(
                        DATASET,
                        new Incarnation("earlier"),
                        STALE,
                        1,
                        base.id(),
                        java.time.Instant.EPOCH,
                        strange.toDocument()));

        var next = world.live("1");
        world.passUntilOwnersAreLost();
        next.beat();
        next.drain();

        assertThat(world.rows()).hasSize(3);
        assertThat(world.dictionary().field("code").title()).isEqualTo(TITLE);
        assertThat(world.dictionary().field("n").description()).isEmpty();
        assertThat(next.sweep()).singleElement().satisfies(finding -> {
            assertThat(finding.removed()).isFalse();
            assertThat(finding.why()).isEqualTo("it belongs to an earlier dataset of this name");
        });
        assertThat(world.stores().stash().clear(DATASET, STALE)).isTrue();
        world.assertAtRest();
    }

    private List<Path> filesOfTheStash() throws IOException {
        Path stash = world.folder().stash();
        if (!Files.exists(stash)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(stash)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
