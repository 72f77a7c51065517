package dev.belay.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.datastore.CommitKind;
import dev.belay.drill.WorkerProcess;
import dev.belay.job.DatasetId;
import dev.belay.kit.FaultRow;
import dev.belay.kit.TestBroker;
import dev.belay.kit.TestBrokers;
import dev.belay.schemas.EventData;
import dev.belay.schemas.EventType;
import dev.belay.schemas.Outcome;
import dev.belay.schemas.PublishStrategy;
import dev.belay.schemas.Receipt;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// The stash earns its keep: the live table and its dictionary are deleted, then the worker dies.
@FaultRow("D0")
@ExtendWith(TestBrokers.class)
final class InPlaceKilledTest {
    private static final int ROWS = 600_000;

    @TempDir
    Path folder;

    @Test
    void theRetryBringsTheDictionaryBack(TestBroker broker) throws Exception {
        try (var installation = new Installation(broker, folder, Map.of());
                var events = installation.events()) {
            Receipt receipt = killedAfterDelete(installation, events, false);

            assertThat(receipt.outcome()).isEqualTo(Outcome.COMPLETED);
            assertThat(receipt.rows()).isEqualTo(ROWS);
            assertHeld(installation, events, CommitKind.PUBLISH, ROWS);
        }
    }

    @Test
    void aJobThatThenFailsLeavesTheDictionaryWithNoRowsPublished(TestBroker broker) throws Exception {
        try (var installation = new Installation(broker, folder, Map.of());
                var events = installation.events()) {
            Receipt receipt = killedAfterDelete(installation, events, true);

            assertThat(receipt.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(receipt.failure()).isNotNull().satisfies(failure -> {
                assertThat(failure.code()).isEqualTo("KEY_NOT_UNIQUE");
                assertThat(failure.message()).contains("0");
            });
            assertThat(installation.deadLetters()).hasSize(1);
            assertHeld(installation, events, CommitKind.ROLLBACK, 0);
        }
    }

    private static Receipt killedAfterDelete(Installation installation, EventLog events, boolean thenFails)
            throws Exception {
        WorkerProcess worker = installation.start(0);
        LongLoad.prepare(installation, events);
        var load = new LongLoad(installation, "in-place", ROWS);
        installation.submit(load.message(thenFails).withPublish(PublishStrategy.IN_PLACE));
        load.awaitDeletedAndStaging();
        worker.kill();
        assertThat(installation.<Boolean>datastore(datastore ->
                        datastore.state(new DatasetId(LongLoad.DATASET)).head().isEmpty()))
                .isTrue();

        // In another place: it has to find out that the first one is gone.
        installation.start(1);
        return events.receiptOf("in-place");
    }

    private static void assertHeld(Installation installation, EventLog events, CommitKind kind, long rows) {
        installation.places().awaitNothingLeft();
        events.toEnd();
        assertThat(events.terminalOf("in-place")).hasSize(1);
        assertThat(events.of("in-place"))
                .filteredOn(heard -> heard.type() == EventType.JOB_ROLLED_BACK)
                .first()
                .satisfies(heard -> {
                    var data = (EventData.RolledBack) heard.event().data();
                    assertThat(data.failure().code()).isEqualTo("WORKER_CRASHED");
                    assertThat(data.compensations())
                            .filteredOn(one -> one.stage().equals("delete-live"))
                            .singleElement()
                            .extracting(EventData.Compensation::result)
                            .isEqualTo(EventData.Compensation.Result.DONE);
                });
        installation.assertCurated(LongLoad.DATASET, "name", "amount", "code");
        var head = installation.datastore(datastore ->
                datastore.state(new DatasetId(LongLoad.DATASET)).head().orElseThrow());
        assertThat(head.kind()).isEqualTo(kind);
        assertThat(head.rows()).isEqualTo(rows);
        installation.assertNothingIsLeftLying();
    }
}
