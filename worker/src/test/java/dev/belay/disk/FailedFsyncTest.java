package dev.belay.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.belay.fault.FaultPoint;
import dev.belay.fault.FaultPoint.Side;
import dev.belay.fault.Faults;
import dev.belay.fault.InjectedFault;
import dev.belay.job.FsyncFailed;
import dev.belay.kit.FaultRow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// After an fsync that failed, nothing can be known of the bytes: asked again, the system would say that all is well.
final class FailedFsyncTest {
    @FaultRow("J8")
    @Test
    void isNeverTriedAgainAndNothingGetsItsName(@TempDir Path folder) throws Exception {
        Path target = folder.resolve("file");
        List<FaultPoint> passed = new ArrayList<>();
        try (var _ = Faults.onEveryPass((point, side) -> {
                    if (side == Side.BEFORE) {
                        passed.add(point);
                    }
                });
                var _ = Faults.arm(FaultPoint.DISK_FSYNC, Side.BEFORE, () -> {
                    throw new InjectedFault(FaultPoint.DISK_FSYNC, Side.BEFORE);
                })) {
            assertThatExceptionOfType(FsyncFailed.class)
                    .isThrownBy(() -> DurableFiles.replace(target, new byte[] {1}, "part"));
        }

        assertThat(passed).containsExactly(FaultPoint.DISK_WRITE, FaultPoint.DISK_FSYNC);
        assertThat(Files.exists(target)).isFalse();
    }
}
