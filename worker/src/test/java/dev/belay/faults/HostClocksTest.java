package dev.belay.faults;

import static dev.belay.saga.World.LOAD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.fault.FaultPoint;
import dev.belay.fault.FaultPoint.Side;
import dev.belay.kit.FaultRow;
import dev.belay.kit.Stalled;
import dev.belay.kit.TestDatabase;
import dev.belay.kit.TestDatabases;
import dev.belay.saga.Handled;
import dev.belay.saga.World;
import dev.belay.stores.TestPlaces;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Row T1, where workers are on hosts whose clocks differ by an hour: who lives is told by the clock of the server that
/// all of them use, so nobody's jobs are taken over, and counted as crashes, because of a wrong clock.
@ExtendWith(TestDatabases.class)
final class HostClocksTest {
    private final TestDatabase database;

    HostClocksTest(TestDatabase database) {
        this.database = database;
    }

    @FaultRow("T1")
    @ParameterizedTest
    @CsvSource({"0, 60", "-60, 0", "60, 0"})
    void aLivingOwnerIsLeftAloneWhateverTheClocksOfHostsSay(int owners, int others, @TempDir Path folder)
            throws Exception {
        try (World world = World.withVersionOne(folder, TestPlaces.in(database, folder))) {
            world.file("a.csv", "code,n\n007,1\n008,2\n009,3\n");
            world.send("job-2", LOAD);
            World.Life owner = world.liveByTheSharedClock("0", Duration.ofMinutes(owners));
            try (var alive = new Stalled<>(owner::handle, FaultPoint.PUBLISH_COMMIT, Side.BEFORE)) {
                owner.beat();
                World.Life other = world.liveByTheSharedClock("1", Duration.ofMinutes(others));

                assertThat(other.recover()).as("nothing to take over").isZero();

                assertThat(alive.end()).isInstanceOf(Handled.Announce.class);
            }
            owner.drain();
            assertThat(world.rows()).hasSize(3);
            world.assertAtRest();
        }
    }
}
