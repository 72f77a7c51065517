package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.runtime.folder.SignOfLife;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HealthCommandTest {
    @TempDir
    private Path data;

    @Test
    void saysWhetherAWorkerLives() throws Exception {
        Path workers = Files.createDirectories(data.resolve("workers"));
        assertThat(Transcript.of(data, "health").code()).isEqualTo(ExitCode.UNREACHABLE);

        var sign = new SignOfLife(workers, "3");
        sign.give(Instant.now());
        assertThat(Transcript.of(data, "health").code()).isZero();

        Path file = workers.resolve("3.alive");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofMinutes(2))));
        Transcript silent = Transcript.of(data, "health");
        assertThat(silent.code()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(silent.err()).contains("no worker of " + data, "worker.ownerLostAfter is 60 s");

        sign.withdraw();
        assertThat(file).doesNotExist();
    }

    @Test
    void saysSoWhereThereIsNothingYet() {
        Transcript nothing = Transcript.of(data.resolve("not-there"), "health");

        assertThat(nothing.code()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(nothing.err()).contains("belay doctor");
    }
}
