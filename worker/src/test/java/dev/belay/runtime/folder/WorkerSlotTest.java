package dev.belay.runtime.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.job.IdSource;
import dev.belay.job.JobFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerSlotTest {
    @TempDir
    private Path workers;

    @Test
    void isTheFirstFreeOneAndFreeAgainAfterAKill() throws Exception {
        var first = new Holder(workers);
        Holder second = null;
        try {
            assertThat(first.slot()).isEqualTo("0");
            second = new Holder(workers);
            assertThat(second.slot()).isEqualTo("1");
            assertThatThrownBy(() -> WorkerSlot.take(workers, 0))
                    .isInstanceOf(JobFailure.class)
                    .hasMessageContaining("worker.slot 0")
                    .hasMessageContaining("process " + first.pid());

            first.kill();

            try (var slot = WorkerSlot.takeFirstFree(workers)) {
                assertThat(slot.number()).isZero();
                assertThat(slot.name()).isEqualTo("0");
            }
        } finally {
            first.kill();
            if (second != null) {
                second.kill();
            }
        }
    }

    @Test
    void isToldFromThoseOfOtherHostsByTheFoldersOwnNameWhichStays(@TempDir Path otherHost) throws JobFailure {
        IdSource ids = IdSource.random(InstantSource.system());
        String name;
        try (var slot = WorkerSlot.takeFirstFreeAmongHosts(workers, ids);
                var second = WorkerSlot.takeFirstFreeAmongHosts(workers, ids);
                var elsewhere = WorkerSlot.takeFirstFreeAmongHosts(otherHost, ids)) {
            name = slot.name();
            assertThat(name).matches("[0-9a-z]{10}-0");
            assertThat(second.name()).isEqualTo(name.replaceAll("0$", "1"));
            assertThat(elsewhere.name()).matches("[0-9a-z]{10}-0").isNotEqualTo(name);
        }
        try (var again = WorkerSlot.takeFirstFreeAmongHosts(workers, ids)) {
            assertThat(again.name()).isEqualTo(name);
        }
        assertThat(workers.resolve("folder.id")).exists();
    }

    @Test
    void isTheNamedOneAndFreeAgainAfterClose() throws JobFailure {
        for (int time = 0; time < 2; time++) {
            try (var slot = WorkerSlot.take(workers, 63)) {
                assertThat(slot.number()).isEqualTo(63);
            }
        }
    }

    @Test
    void isRefusedWithinOneProcessToo() throws JobFailure {
        try (var slot = WorkerSlot.take(workers, 5)) {
            assertThatThrownBy(() -> WorkerSlot.take(workers, slot.number()))
                    .isInstanceOf(JobFailure.class)
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
        }
    }

    @Test
    void namesTheFolderWhenItIsNotThere() {
        Path absent = workers.resolve("absent");

        assertThatThrownBy(() -> WorkerSlot.takeFirstFree(absent))
                .isInstanceOf(JobFailure.class)
                .hasMessageContaining(absent.toString());
    }

    private static final class Holder {
        private final Process process;
        private final BufferedReader output;

        Holder(Path workers) throws IOException {
            process = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            SlotHolder.class.getName(),
                            workers.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            output = process.inputReader(StandardCharsets.US_ASCII);
        }

        String slot() throws IOException {
            return output.readLine();
        }

        long pid() {
            return process.pid();
        }

        void kill() throws InterruptedException {
            process.destroyForcibly();
            process.waitFor();
        }
    }
}
