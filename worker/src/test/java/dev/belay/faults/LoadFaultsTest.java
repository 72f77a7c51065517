package dev.belay.faults;

import static dev.belay.kit.Injections.failing;
import static dev.belay.kit.Injections.killed;
import static dev.belay.saga.World.DATASET;
import static dev.belay.saga.World.LOAD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.fault.FaultPoint;
import dev.belay.fault.FaultPoint.Side;
import dev.belay.fault.Faults;
import dev.belay.job.JobId;
import dev.belay.journal.Attempt;
import dev.belay.journal.Phase;
import dev.belay.kit.FaultRow;
import dev.belay.kit.InMemoryFolder;
import dev.belay.kit.Injections;
import dev.belay.saga.Handled;
import dev.belay.saga.World;
import dev.belay.schemas.EventData;
import dev.belay.schemas.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// Rows L and I: what goes wrong while a file is loaded beside what is served.
final class LoadFaultsTest {
    private static final JobId JOB = new JobId("job-2");
    private static final String THREE = "code,n\n007,1\n008,2\n009,3\n";
    /// More rows than are inserted at once, several times.
    private static final String MANY = IntStream.range(0, 1000)
            .mapToObj(row -> "%04d,%d\n".formatted(row, row))
            .collect(Collectors.joining("", "code,n\n", ""));
    /// More bytes than are written at once, several times; with a late value that keeps the table from being written
    /// while it is examined.
    private static final String LARGE = IntStream.range(0, 1000)
            .mapToObj(row -> "%04d%s,%s\n".formatted(row, "x".repeat(10_000), row == 993 ? "n/a" : "17"))
            .collect(Collectors.joining("", "code,n\n", ""));

    /// As many, in a table that is written while it is examined.
    private static final String LARGEST = IntStream.range(0, 1300)
            .mapToObj(row -> "%04d%s,%d\n".formatted(row, "x".repeat(10_000), row))
            .collect(Collectors.joining("", "code,n\n", ""));

    private World world;

    @BeforeEach
    void begin(@TempDir(factory = InMemoryFolder.class) Path folder) throws Exception {
        world = World.withVersionOne(folder);
        world.file("a.csv", THREE);
    }

    @FaultRow("L1")
    @Test
    void anAttemptThatDiedWithItsPlanOnlyIsDiscardedAndTheJobIsDoneAnew() throws Exception {
        world.send("job-2", LOAD);
        killed(FaultPoint.JOURNAL_ARM, Side.AFTER, world.live("0")::deliver);
        assertThat(attempts()).last().extracting(Attempt::phase).isEqualTo(Phase.ARMED);

        var next = world.live("0");
        assertThat(next.recover()).isEqualTo(1);
        assertThat(world.head().version()).isEqualTo(1);
        next.drain();

        assertThat(world.recoveries())
                .singleElement()
                .extracting(EventData.Recovered::finding)
                .isEqualTo("Incomplete");
        assertThat(attempts()).hasSize(2);
        world.assertAtRest();
    }

    @FaultRow("L2")
    @Test
    void theStagedFileOfADeadAttemptIsDroppedAndAForeignOneBesideItIsNot() throws Exception {
        world.send("job-2", LOAD);
        killed(FaultPoint.STAGE_CREATE, Side.AFTER, world.live("0")::deliver);
        Path home = world.folder().staging().resolve(DATASET.value());
        Path foreign = Files.writeString(home.resolve("2-01J00000000000000099999999-c.sqlite.part"), "someone's notes");
        assertThat(names(home)).hasSize(2);

        world.live("0").drain();

        assertThat(world.rows()).hasSize(3);
        assertThat(foreign).hasContent("someone's notes");
        Files.delete(foreign);
        world.assertAtRest();
    }

    @FaultRow("L2")
    @Test
    void aStagedFileWhoseMakingWasNotHeardOfIsMadeAnew() throws Exception {
        world.send("job-2", LOAD);
        var worker = world.live("0");
        try (var _ = failing(FaultPoint.STAGE_CREATE, Side.AFTER)) {
            assertThat(worker.deliver()).isInstanceOf(Handled.Later.class);
        }
        assertThat(worker.drain()).isEmpty();
        assertThat(world.ends()).containsExactly("job.completed");
        world.assertAtRest();
    }

    @FaultRow("L3")
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 6})
    void anAppendKilledInAnyChunkIsAllOrNothing(int chunk) throws Exception {
        world.file("a.csv", MANY);
        world.send("job-2", LOAD.withMode(Mode.APPEND, List.of()));
        killed(FaultPoint.STAGE_CHUNK, Side.AFTER, chunk, world.live("0")::deliver);
        assertThat(world.rows()).hasSize(2);

        world.live("0").drain();
        assertThat(world.rows()).hasSize(1002);
        world.assertAtRest();
    }

    @FaultRow("L3")
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void aLoadKilledBetweenAnyBlocksOfPagesIsAllOrNothing(int block) throws Exception {
        world.file("a.csv", LARGE);
        world.send("job-2", LOAD);
        killed(FaultPoint.STAGE_CHUNK, Side.BEFORE, block, world.live("0")::deliver);
        assertThat(world.rows()).hasSize(2);

        world.live("0").drain();
        assertThat(world.rows()).hasSize(1000);
        world.assertAtRest();
    }

    /// What is written of a table while it is examined is private, and nothing is gained or lost by it but time.
    @FaultRow("L3")
    @ParameterizedTest
    @CsvSource({"STAGE_DRAFT, BEFORE, 1", "STAGE_DRAFT, AFTER, 3", "STAGE_ADOPT, BEFORE, 1", "STAGE_ADOPT, AFTER, 1"})
    void aTableThatIsKilledWhileItIsDraftedLeavesNothing(FaultPoint point, Side side, int pass) throws Exception {
        world.file("a.csv", LARGEST);
        world.send("job-2", LOAD);
        killed(point, side, pass, world.live("0")::deliver);
        assertThat(world.rows()).hasSize(2);

        world.live("0").drain();
        assertThat(world.rows()).hasSize(1300);
        world.assertAtRest();
    }

    @FaultRow("L3")
    @ParameterizedTest
    @CsvSource({
        "STAGE_DRAFT, BEFORE, No space left on device",
        "STAGE_DRAFT, AFTER, Input/output error",
        "STAGE_ADOPT, BEFORE, Invalid cross-device link",
    })
    void aTableThatCannotBeDraftedIsWrittenWhenItIsStaged(FaultPoint point, Side side, String reason) throws Exception {
        world.file("a.csv", LARGEST);
        world.send("job-2", LOAD);
        var worker = world.live("0");
        try (var _ = Faults.arm(point, side, 1, () -> {
            throw new IOException(reason);
        })) {
            assertThat(worker.drain()).isEmpty();
        }

        assertThat(world.rows()).hasSize(1300);
        assertThat(world.receipt().attempts()).isEqualTo(1);
        world.assertAtRest();
    }

    @FaultRow("L3")
    @ParameterizedTest
    @ValueSource(strings = {"No space left on device", "Input/output error"})
    void aLoadWhosePagesCannotBeWrittenIsTakenBackAndDoneLater(String reason) throws Exception {
        world.file("a.csv", LARGE);
        world.send("job-2", LOAD);
        var worker = world.live("0");
        try (var _ = Faults.arm(FaultPoint.STAGE_CHUNK, Side.BEFORE, 2, () -> {
            throw new IOException(reason);
        })) {
            assertThat(worker.deliver()).isInstanceOf(Handled.Later.class);
        }
        assertThat(world.rows()).hasSize(2);

        assertThat(worker.drain()).isEmpty();
        assertThat(world.rows()).hasSize(1000);
        assertThat(world.receipt().attempts()).isEqualTo(1);
        world.assertAtRest();
    }

    @FaultRow("L3")
    @ParameterizedTest
    @EnumSource(
            value = SQLiteErrorCode.class,
            names = {"SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_BUSY"})
    void anAppendThatTheDiskStopsInTheMiddleIsTakenBackAndDoneLater(SQLiteErrorCode code) throws Exception {
        world.file("a.csv", MANY);
        world.send("job-2", LOAD.withMode(Mode.APPEND, List.of()));
        var worker = world.live("0");
        try (var _ = Faults.arm(FaultPoint.STAGE_CHUNK, Side.BEFORE, 4, () -> {
            throw new SQLiteException("injected", code);
        })) {
            assertThat(worker.deliver()).isInstanceOf(Handled.Later.class);
        }
        assertThat(world.rows()).hasSize(2);

        assertThat(worker.drain()).isEmpty();
        assertThat(world.rows()).hasSize(1002);
        assertThat(world.receipt().attempts()).isEqualTo(1);
        world.assertAtRest();
    }

    @FaultRow("L3")
    @Test
    void aLoadThatBreaksAConstraintIsTakenBackWhole() throws Exception {
        world.file("a.csv", MANY + "0001,again\n");
        world.send("job-2", LOAD.withMode(Mode.REPLACE, List.of("code")));

        world.live("0").drain();

        assertThat(world.failure()).isEqualTo("KEY_NOT_UNIQUE");
        assertThat(world.rows()).hasSize(2);
        world.assertAtRest();
    }

    @FaultRow("L4")
    @Test
    void aForeignFileUnderTheNameOfAnAttemptIsNeverAdoptedNorDropped() throws Exception {
        world.send("job-2", LOAD);
        Path home = Files.createDirectories(world.folder().staging().resolve(DATASET.value()));
        try (var _ = Faults.arm(
                FaultPoint.JOURNAL_ARM,
                Side.AFTER,
                () -> Files.writeString(
                        home.resolve("2-%s-c.sqlite".formatted(open().operation())), "someone's notes"))) {
            assertThatThrownBy(world.live("0")::deliver).hasMessageContaining("never adopted");
        }

        var next = world.live("0");
        assertThat(next.recover()).isZero();
        next.drain();

        assertThat(world.failure()).isEqualTo("DATASET_QUARANTINED");
        assertThat(world.head().version()).isEqualTo(1);
        Path foreign = home.resolve("2-%s-c.sqlite".formatted(open().operation()));
        assertThat(foreign).hasContent("someone's notes");

        // A person takes it away and lets the dataset go on.
        Files.delete(foreign);
        assertThat(world.stores().journal().release(DATASET)).isTrue();
        world.send("job-3", LOAD);
        world.live("0").drain();
        assertThat(world.rows()).hasSize(3);
        world.assertAtRest();
    }

    @FaultRow("L5")
    @Test
    void aStagedTableThatIsNotWhatWasConfirmedIsNeverPublished() throws Exception {
        world.send("job-2", LOAD);
        killed(FaultPoint.JOURNAL_CONFIRM, Side.AFTER, world.live("0")::deliver);
        Path home = world.folder().staging().resolve(DATASET.value());
        Path sealed = home.resolve(names(home).getFirst());
        byte[] whole = Files.readAllBytes(sealed);
        Injections.tamper(sealed, "DELETE FROM d WHERE n = 3");

        var next = world.live("0");
        assertThat(next.recover()).isZero();
        next.drain();

        assertThat(world.failure()).isEqualTo("DATASET_QUARANTINED");
        assertThat(world.head().version()).isEqualTo(1);
        assertThat(sealed).as("every byte is kept").exists();

        // A person brings the bytes back and lets the dataset go on: the job has been told as failed and stays so.
        Files.write(sealed, whole);
        assertThat(world.stores().journal().release(DATASET)).isTrue();
        var last = world.live("0");
        assertThat(last.recover()).isEqualTo(1);
        assertThat(world.head().version()).isEqualTo(1);
        world.send("job-3", LOAD);
        last.drain();
        assertThat(world.head().provenance().job()).isEqualTo(new JobId("job-3"));
        world.assertAtRest();
    }

    @FaultRow("I1")
    @Test
    void aKeyIndexThatTheDiskRefusesIsNoFaultOfTheFileAndMadeBeforeAnythingIsPublished() throws Exception {
        world.send("job-2", LOAD.withMode(Mode.REPLACE, List.of("code")));
        var worker = world.live("0");
        try (var _ = failing(FaultPoint.STAGE_INDEX, Side.BEFORE)) {
            assertThat(worker.deliver()).isInstanceOf(Handled.Later.class);
        }
        assertThat(world.head().version()).isEqualTo(1);

        assertThat(worker.drain()).isEmpty();
        assertThat(world.ends()).containsExactly("job.completed");
        assertThat(world.head().version()).isEqualTo(2);
        world.assertAtRest();
    }

    private Attempt open() {
        return world.stores().journal().openAttempts().getFirst();
    }

    private List<Attempt> attempts() {
        return world.stores().journal().attempts(JOB);
    }

    private static List<String> names(Path folder) {
        return List.of(Objects.requireNonNull(folder.toFile().list()));
    }
}
