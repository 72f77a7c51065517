package dev.belay.faults;

import static dev.belay.kit.Injections.failing;
import static dev.belay.kit.Injections.killed;
import static dev.belay.saga.World.LOAD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.fault.FaultPoint;
import dev.belay.fault.FaultPoint.Side;
import dev.belay.fault.Faults;
import dev.belay.fault.InjectedFault;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.kit.FaultRow;
import dev.belay.kit.InMemoryFolder;
import dev.belay.saga.Handled;
import dev.belay.saga.World;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.JobMessage.Rules.Dedupe;
import dev.belay.schemas.JobMessage.Rules.Dedupe.By;
import dev.belay.schemas.JobMessage.Rules.Dedupe.Keep;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Rows F and V: what goes wrong before anything is loaded.
final class FetchFaultsTest {
    private static final JobMessage DISTINCT =
            LOAD.withRules(JobMessage.Rules.DEFAULT.withDedupe(new Dedupe(By.RECORD, List.of(), Keep.FIRST)));
    private static final int RECORDS = 400;

    private World world;

    @BeforeEach
    void begin(@TempDir(factory = InMemoryFolder.class) Path folder) throws Exception {
        world = World.withVersionOne(folder);
        world.file("a.csv", "code,n\n007,1\n008,2\n009,3\n");
    }

    @FaultRow("F1")
    @Test
    void aSourceThatFailsHasItsNameArmsNothingAndLeavesNoFile() throws Exception {
        world.send("job-2", LOAD);
        world.failingNext("a.csv", JobFailure.transientFailure(FailureCode.HTTP_UNAVAILABLE, "503"));
        var worker = world.live("0");
        var armed = new java.util.concurrent.atomic.AtomicInteger();
        try (var _ = Faults.onEveryPass((point, _) -> {
            if (point == FaultPoint.JOURNAL_ARM || point == FaultPoint.STASH_WRITE) {
                armed.incrementAndGet();
            }
        })) {
            worker.deliver();
        }
        assertThat(armed).hasValue(0);
        assertThat(world.told()).containsExactly("job.rolled-back");
        assertThat(Files.exists(world.folder().work())
                        && Objects.requireNonNull(world.folder().work().toFile().list()).length > 0)
                .isFalse();

        worker.drain();
        assertThat(world.rows()).hasSize(3);
        world.assertAtRest();
    }

    @FaultRow("F1")
    @ParameterizedTest
    @EnumSource
    void aFetchThatTheDiskEndsWaitsAndLeavesNoFile(Side side) throws Exception {
        world.send("job-2", LOAD);
        var worker = world.live("0");
        try (var _ = failing(FaultPoint.SOURCE_FETCH, side)) {
            assertThat(worker.deliver()).isInstanceOf(Handled.Later.class);
        }
        assertThat(worker.drain()).isEmpty();
        assertThat(world.ends()).containsExactly("job.completed");
        world.assertAtRest();
    }

    @FaultRow("F2")
    @ParameterizedTest
    @EnumSource(
            value = FaultPoint.class,
            names = {"JOURNAL_ARM", "STAGE_COMMIT", "STAGE_SEAL"})
    void aSourceThatChangedBetweenAttemptsIsANewPlanAndNothingOfTheOldOneIsLoaded(FaultPoint point) throws Exception {
        world.send("job-2", LOAD);
        killed(point, Side.AFTER, world.live("0")::deliver);
        world.file("a.csv", "code,n,colour\n1,1,red\n");

        world.live("0").drain();

        assertThat(world.rows()).containsExactly(List.of(1L, 1L, "red"));
        assertThat(world.head().version()).isEqualTo(2);
        world.assertAtRest();
    }

    /// More records than their marks stand in memory for, so that both files are written.
    @FaultRow("V2")
    @ParameterizedTest
    @MethodSource("stepsOfDedupe")
    void aKillWhileDuplicatesAreSearchedCostsNothingAndLeavesNoFile(FaultPoint point, Side side, int nth)
            throws Exception {
        world.file("a.csv", repeated());
        world.send("job-2", DISTINCT);
        killed(point, side, nth, world.live("0")::deliver);
        assertThat(world.state().head().orElseThrow().version()).isEqualTo(1);

        world.live("0").drain();

        holdsEachRecordOnce();
    }

    @FaultRow("V2")
    @ParameterizedTest
    @MethodSource("stepsOfDedupe")
    void aDiskThatEndsTheSearchForDuplicatesIsWaitedForAndLeavesNoFile(FaultPoint point, Side side, int nth)
            throws Exception {
        world.file("a.csv", repeated());
        world.send("job-2", DISTINCT);
        var worker = world.live("0");
        try (var _ = Faults.arm(point, side, nth, () -> {
            throw new InjectedFault(point, side);
        })) {
            assertThat(worker.deliver()).isInstanceOf(Handled.Later.class);
        }

        assertThat(worker.drain()).isEmpty();

        holdsEachRecordOnce();
    }

    static Stream<Arguments> stepsOfDedupe() {
        return Stream.of(
                Arguments.of(FaultPoint.DEDUPE_SPILL, Side.BEFORE, 1),
                Arguments.of(FaultPoint.DEDUPE_SPILL, Side.AFTER, 7),
                Arguments.of(FaultPoint.DEDUPE_MARK, Side.BEFORE, 1),
                Arguments.of(FaultPoint.DEDUPE_MARK, Side.AFTER, 1));
    }

    private static String repeated() {
        return IntStream.range(0, 3 * RECORDS)
                .mapToObj(row -> "%03d,%d\n".formatted(row % RECORDS, row % RECORDS))
                .collect(Collectors.joining("", "code,n\n", ""));
    }

    private void holdsEachRecordOnce() throws Exception {
        assertThat(world.ends()).containsExactly("job.completed");
        assertThat(world.rows())
                .isEqualTo(IntStream.range(0, RECORDS)
                        .mapToObj(row -> List.<Object>of("%03d".formatted(row), (long) row))
                        .toList());
        assertThat(world.receipt().deduplicated()).isEqualTo(2L * RECORDS);
        world.assertAtRest();
    }

    @FaultRow("V1")
    @Test
    void aBadRecordIsToldWithItsPlaceTriedOnceAndChangesNothing() throws Exception {
        world.file("a.csv", "code,n\n007,1\n008,2\n\"009,3\n");
        world.send("job-2", LOAD);

        world.live("0").drain();

        assertThat(world.told()).containsExactly("job.rolled-back", "job.failed");
        assertThat(world.receipt().attempts()).isEqualTo(1);
        var failure = Objects.requireNonNull(world.receipt().failure());
        assertThat(failure.code()).isEqualTo("CSV_UNCLOSED_QUOTE");
        assertThat(failure.place()).satisfies(place -> {
            assertThat(place.row()).isEqualTo(3);
            assertThat(place.line()).isEqualTo(4);
        });
        assertThat(world.head().version()).isEqualTo(1);
        world.assertAtRest();
    }
}
