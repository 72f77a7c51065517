package dev.belay.saga;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.OperationId;
import dev.belay.job.Place;
import dev.belay.job.Unavailable;
import dev.belay.schemas.JobMessage;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TakenOverTest {
    @Test
    void anOwnerWhoseFilesWereRemovedUnderItIsFencedAndSeesNoOutage(@TempDir Path folder) {
        var rig = new Rig(folder);
        rig.source.with("/a.csv", "id\n1\n".getBytes(StandardCharsets.UTF_8));
        var slow = rig.worker("0", CrashPoints.none());
        var other = rig.worker("1", CrashPoints.none());
        Rig.Message message = rig.send("job-1", JobMessage.replace("d", JobMessage.Source.url("/a.csv")));
        var takenOver = new JobListener() {
            @Override
            public void stageStarted(OperationId operation, String stage) {
                rig.pass(Duration.ofHours(1));
                assertThat(other.recover()).isEqualTo(1);
                var gone = new NoSuchFileException("work/" + operation);
                throw new Unavailable(
                        new Failure.Transient(FailureCode.STORE_UNAVAILABLE, gone.toString(), Place.NONE), gone);
            }
        };

        Handled handled = slow.handle(message.request(), message.delivery(), takenOver, StopSignal.NEVER);

        assertThat(handled)
                .isInstanceOfSatisfying(
                        Handled.Later.class, later -> assertThat(later.cause()).isEqualTo(Handled.Later.Cause.FENCED));
    }
}
