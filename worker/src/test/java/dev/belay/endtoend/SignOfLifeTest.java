package dev.belay.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.belay.drill.WorkerProcess;
import dev.belay.kit.TestBroker;
import dev.belay.kit.TestBrokers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// What `belay health` looks at: a worker whose stores do not answer waits for them, and must not be restarted for it.
@ExtendWith(TestBrokers.class)
final class SignOfLifeTest {
    /// The two steps that are asked of the journal now and then, each stopped for good at its next turn.
    private static final String AWAY =
            "-Dbelay.faults=stall:JOURNAL_BEAT:BEFORE:3,stall:JOURNAL_SCAN:BEFORE:6,stall:JOURNAL_SCAN:BEFORE:7";

    @TempDir
    Path folder;

    @Test
    void isGivenWhileTheJournalDoesNotAnswer(TestBroker broker) throws Exception {
        try (var installation =
                new Installation(broker, folder, Map.of("worker.ownerLostAfter", "10s", "worker.recoverEvery", "1s"))) {
            WorkerProcess worker = installation.start(0, List.of(AWAY));
            worker.ready();
            Path workers = installation.data().workers();

            for (int times = 0; times < 6; times++) {
                Optional<Path> sign =
                        await().atMost(Installation.PATIENCE).until(() -> sign(workers), Optional::isPresent);
                Files.delete(sign.orElseThrow());
            }

            assertThat(worker.isAlive()).isTrue();
        }
    }

    private static Optional<Path> sign(Path workers) throws IOException {
        try (Stream<Path> files = Files.list(workers)) {
            return files.filter(file -> file.toString().endsWith(".alive")).findFirst();
        }
    }
}
