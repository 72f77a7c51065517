package dev.belay.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.belay.disk.SmallDisk;
import dev.belay.drill.WorkerProcess;
import dev.belay.kit.TestBroker;
import dev.belay.kit.TestBrokers;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.JobMessage.Source;
import dev.belay.schemas.Outcome;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// What the machine can do wrong: said with a code, and over as soon as it is mended.
@ExtendWith(TestBrokers.class)
final class BadSurroundingsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int UNREACHABLE = 3;
    private static final int NEEDS_DECISION = 4;

    @TempDir
    Path folder;

    @Test
    void aBusyPortIsNamed() throws Exception {
        Path file = Files.writeString(folder.resolve("a.csv"), "id\n1\n");
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var run = belay(
                    "run",
                    file.toString(),
                    "--json",
                    "--data",
                    folder.resolve("data").toString(),
                    "--set",
                    "dev.port=" + taken.getLocalPort());

            assertThat(run.exit(PATIENCE)).isEqualTo(UNREACHABLE);
            assertThat(run.said())
                    .contains("PORT_BUSY")
                    .contains(Integer.toString(taken.getLocalPort()))
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void aJournalOfALaterVersionIsRefusedAndLeftAsItIs(TestBroker broker) throws Exception {
        try (var installation = new Installation(broker, folder, Map.of());
                var events = installation.events()) {
            WorkerProcess worker = installation.start(0);
            submit(installation, "before");
            assertThat(events.receiptOf("before").outcome()).isEqualTo(Outcome.COMPLETED);
            assertThat(worker.terminate(PATIENCE)).isEqualTo(143);
            long known = stamp(installation, 999);

            WorkerProcess refused = installation.start(0);
            assertThat(refused.exit(PATIENCE)).isEqualTo(NEEDS_DECISION);
            assertThat(refused.said())
                    .contains("JOURNAL_TOO_NEW")
                    .contains("999")
                    .contains("journal.db")
                    .doesNotContain("\tat ");

            assertThat(stamp(installation, known)).isEqualTo(999);
            installation.start(0);
            submit(installation, "after");
            assertThat(events.receiptOf("after").outcome()).isEqualTo(Outcome.COMPLETED);
        }
    }

    @Test
    void aReadOnlyDataFolderIsNamed(TestBroker broker) throws Exception {
        try (var disk = SmallDisk.mounted(folder.resolve("disk"), "32m");
                var installation =
                        new Installation(broker, folder, disk.folder().resolve("data"), Map.of());
                var events = installation.events()) {
            WorkerProcess worker = installation.start(0);
            submit(installation, "before");
            assertThat(events.receiptOf("before").outcome()).isEqualTo(Outcome.COMPLETED);
            assertThat(worker.terminate(PATIENCE)).isEqualTo(143);
            disk.makeReadOnly();

            WorkerProcess refused = installation.start(0);

            assertThat(refused.exit(PATIENCE)).isEqualTo(UNREACHABLE);
            assertThat(refused.said())
                    .contains("STORE_READ_ONLY")
                    .contains(disk.folder().toString())
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void aFullDiskHoldsJobsUpUntilThereIsRoom(TestBroker broker) throws Exception {
        try (var disk = SmallDisk.mounted(folder.resolve("disk"), "32m");
                var installation = new Installation(
                        broker, folder, disk.folder().resolve("data"), Map.of("worker.outageProbe", "500ms"));
                var events = installation.events()) {
            WorkerProcess worker = installation.start(0);
            submit(installation, "before");
            assertThat(events.receiptOf("before").outcome()).isEqualTo(Outcome.COMPLETED);
            installation.curate("before", "name", "id", "id");
            Path filler = disk.fill();
            submit(installation, "during");

            await("the worker says so")
                    .atMost(PATIENCE)
                    .until(() -> worker.said().contains("no room"));
            events.toEnd();
            assertThat(events.terminalOf("during")).isEmpty();
            Files.delete(filler);

            assertThat(events.receiptOf("during").outcome()).isEqualTo(Outcome.COMPLETED);
            submit(installation, "after");
            assertThat(events.receiptOf("after").outcome()).isEqualTo(Outcome.COMPLETED);
            installation.assertCurated("before", "name", "id", "id");
            assertThat(installation.deadLetters()).isEmpty();
            installation.places().awaitNothingLeft();
            events.toEnd();
            assertThat(events.terminal()).hasSize(3);
            assertThat(worker.terminate(PATIENCE)).isEqualTo(143);
            installation.assertNothingIsLeftLying();
        }
    }

    private WorkerProcess belay(String... arguments) throws Exception {
        return WorkerProcess.start(Installation.BELAY, List.of(arguments), folder.resolve("belay.log"));
    }

    private static void submit(Installation installation, String name) throws Exception {
        Path file = installation.source(name + ".csv", "id,name\n1," + name + "\n");
        installation.submit(
                JobMessage.replace(name, Source.url(file.toString())).withJobId(name));
    }

    /// Writes another version into the journal.
    ///
    /// @return the one that was there
    private static long stamp(Installation installation, long version) throws Exception {
        try (var connection = DriverManager.getConnection(
                        "jdbc:sqlite:" + installation.data().journal());
                var statement = connection.createStatement()) {
            long before;
            try (var result = statement.executeQuery("PRAGMA user_version")) {
                assertThat(result.next()).isTrue();
                before = result.getLong(1);
            }
            statement.execute("PRAGMA user_version = " + version);
            return before;
        }
    }
}
