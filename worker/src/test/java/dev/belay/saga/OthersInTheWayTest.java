package dev.belay.saga;

import static dev.belay.saga.Rig.DATASET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.Place;
import dev.belay.job.Unavailable;
import dev.belay.schemas.EventData;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.JobMessage.Retry;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Others read a dataset without end, or have made something that is in its way: its job waits, others do
/// not.
final class OthersInTheWayTest {
    @ParameterizedTest
    @EnumSource(names = {"READERS_IN_THE_WAY", "OBJECT_IN_THE_WAY"})
    void letTheDatasetWaitAndNobodyElse(FailureCode code, @TempDir Path folder) {
        var rig = new Rig(folder);
        rig.file("a.csv", "code,n\n007,1\n");
        rig.send(
                "job-1",
                JobMessage.replace("d", JobMessage.Source.url("a.csv")).withRetry(new Retry(1, Retry.On.TRANSIENT)));
        Saga worker = rig.worker(CrashPoints.acting("before Datastore.publish", () -> {
            throw new Unavailable(new Failure.Transient(code, "others", Place.NONE), new IOException("others"));
        }));

        Handled handled = rig.log.deliver(worker, rig.journal, StopSignal.NEVER);

        assertThat(handled)
                .isInstanceOfSatisfying(
                        Handled.Later.class,
                        later -> assertThat(later.cause())
                                .as("an outage would stop the whole worker")
                                .isEqualTo(Handled.Later.Cause.BUSY));
        int staged = rig.datastore.stagedObjects().size();
        assertThat(staged).isEqualTo(1);
        assertThat(rig.log.deliver(worker, rig.journal, StopSignal.NEVER)).isNotInstanceOf(Handled.Later.class);
        assertThat(rig.datastore.state(DATASET).head()).isPresent();
        assertThat(rig.log.of(EventData.RolledBack.class)).isEmpty();
        assertThat(rig.datastore.stagedObjects()).isEmpty();
    }
}
