package dev.belay.saga;

import static dev.belay.saga.Rig.DATASET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.Place;
import dev.belay.job.Unavailable;
import dev.belay.journal.Effect;
import dev.belay.kit.FaultRow;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.Mode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RollBackTest {
    private static final JobMessage LOAD =
            JobMessage.replace("d", JobMessage.Source.url("a.csv")).withMode(Mode.REPLACE, List.of("code"));

    @FaultRow("C1")
    @Test
    void goesOnWithTheOthersWhenOneCompensationCannotRun(@TempDir Path folder) {
        var rig = new Rig(folder);
        rig.file("a.csv", "code,n\n007,1\n");
        rig.run("first", LOAD);
        rig.file("a.csv", "code,n\n007,1\n007,2\n");
        JobLog.Message sent = rig.send("second", LOAD);
        var outage = CrashPoints.acting("before Datastore.dropStaged", () -> {
            throw new Unavailable(
                    new Failure.Transient(FailureCode.STORE_UNAVAILABLE, "away", Place.NONE), new IOException("away"));
        });

        Handled handled =
                rig.worker(outage).handle(sent.request(), sent.delivery(), JobListener.SILENT, StopSignal.NEVER);

        assertThat(handled).isInstanceOf(Handled.Later.class);
        assertThat(rig.workspace.operations()).as("the fetched file").isEmpty();
        assertThat(rig.stash.read(DATASET)).as("the copy of the dictionary").isEmpty();
        assertThat(rig.journal.openAttempts())
                .singleElement()
                .satisfies(open -> assertThat(open.effects())
                        .filteredOn(effect -> effect.undone().isPresent())
                        .extracting(Effect::stage)
                        .contains("fetch", "stash"));
    }
}
