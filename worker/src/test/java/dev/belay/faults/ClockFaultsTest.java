package dev.belay.faults;

import static dev.belay.kit.Injections.killed;
import static dev.belay.saga.World.LOAD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.fault.FaultPoint;
import dev.belay.fault.FaultPoint.Side;
import dev.belay.kit.FaultRow;
import dev.belay.kit.InMemoryFolder;
import dev.belay.kit.Stalled;
import dev.belay.saga.Handled;
import dev.belay.saga.World;
import dev.belay.schemas.PublishStrategy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Row T1: clocks of two workers differ by an hour.
final class ClockFaultsTest {
    private World world;

    @BeforeEach
    void begin(@TempDir(factory = InMemoryFolder.class) Path folder) throws Exception {
        world = World.withVersionOne(folder);
        world.file("a.csv", "code,n\n007,1\n008,2\n009,3\n");
    }

    @FaultRow("T1")
    @ParameterizedTest
    @CsvSource({
        "0, 60, STAGE_ADOPT",
        "0, 60, PUBLISH_COMMIT",
        "-60, 0, STAGE_ADOPT",
        "-60, 0, PUBLISH_COMMIT",
        "-60, 0, LIVE_DELETE"
    })
    void aLivingOwnerThatIsTakenForDeadByAWrongClockIsFencedByNumber(int owners, int others, FaultPoint at)
            throws Exception {
        world.send("job-2", at == FaultPoint.LIVE_DELETE ? LOAD.withPublish(PublishStrategy.IN_PLACE) : LOAD);
        var owner = world.live("0", Duration.ofMinutes(owners));
        try (var alive = new Stalled<>(owner::handle, at, Side.BEFORE)) {
            owner.beat();
            var other = world.live("1", Duration.ofMinutes(others));
            assertThat(other.recover()).as("it looks dead").isEqualTo(1);
            other.drain();
            var served = List.of(world.state(), world.rows());

            Handled said = alive.end();

            assertThat(said).isNotInstanceOf(Handled.Announce.class);
            assertThat(List.of(world.state(), world.rows())).isEqualTo(served);
        }
        world.live("0").sweep();
        assertThat(world.ends()).containsExactly("job.completed");
        assertThat(world.rows()).hasSize(3);
        world.assertAtRest();
    }

    @FaultRow("T1")
    @ParameterizedTest
    @ValueSource(ints = {-60, 60})
    void aJobWhoseOwnerDiedGoesOnWhateverTheClockOfTheNextOneSays(int minutes) throws Exception {
        world.send("job-2", LOAD);
        killed(FaultPoint.STAGE_COMMIT, Side.AFTER, world.live("0")::deliver);

        var next = world.live("1", Duration.ofMinutes(minutes));
        assertThat(next.drain())
                .as("the message leads to the attempt, no time is asked")
                .isEmpty();

        assertThat(world.ends()).containsExactly("job.completed");
        world.assertAtRest();
    }
}
