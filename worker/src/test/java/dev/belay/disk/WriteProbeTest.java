package dev.belay.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.fault.FaultPoint;
import dev.belay.fault.FaultPoint.Side;
import dev.belay.fault.Faults;
import dev.belay.fault.InjectedFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A probe says whether a folder can be written and leaves nothing there.
final class WriteProbeTest {
    private Path folder;

    @BeforeEach
    void begin(@TempDir Path made) {
        folder = made;
    }

    @Test
    void removesWhatAKilledOneHasLeftAndNothingElse() throws IOException {
        Files.writeString(folder.resolve(".probe-old.partial"), "");
        Files.writeString(folder.resolve(".probe-older"), "");
        Files.writeString(folder.resolve("probe-mine"), "");

        WriteProbe.of(folder, ".probe-", "new");

        assertThat(folder).isDirectoryNotContaining("glob:**.probe-*").isDirectoryContaining("glob:**probe-mine");
    }

    @Test
    void triesAgainWhenAnotherTakesItsFileAway() throws IOException {
        try (var _ =
                Faults.arm(FaultPoint.DISK_RENAME, Side.BEFORE, () -> WriteProbe.of(folder, ".probe-", "another"))) {
            WriteProbe.of(folder, ".probe-", "mine");
        }

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void saysWhyAFolderCannotBeWrittenAndLeavesNothing() {
        try (var _ = Faults.arm(FaultPoint.DISK_WRITE, Side.AFTER, () -> {
            throw new InjectedFault(FaultPoint.DISK_WRITE, Side.AFTER);
        })) {
            assertThatThrownBy(() -> WriteProbe.of(folder, ".probe-", "mine")).isInstanceOf(InjectedFault.class);
        }

        assertThat(folder).isEmptyDirectory();
        assertThatThrownBy(() -> WriteProbe.of(folder.resolve("nowhere"), ".probe-", "mine"))
                .isInstanceOf(NoSuchFileException.class);
    }
}
