package dev.belay.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.belay.journal.JobState;
import dev.belay.journal.Verdict;
import dev.belay.kit.FaultRow;
import dev.belay.kit.TestBroker;
import dev.belay.kit.TestBrokers;
import dev.belay.schemas.Event;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A consumer group that a person has set back to the beginning: every message comes again, and every one is a
/// duplicate.
@ExtendWith(TestBrokers.class)
@FaultRow("P5")
final class GroupSetBackTest {
    private static final int JOBS = 12;

    @Test
    void runsNothingAndSaysNothingAgain(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 2)) {
            runAll(bench);
            var before = said(bench);
            setBack(bench);
            bench.start("a");

            bench.job("job-last", "set-a");
            bench.awaitTerminal(JOBS + 1);
            bench.awaitCommitted(JOBS + 1);
            assertNothingWasSaidAgain(bench, before);
        }
    }

    /// The kill fell between the commit of the Kafka transaction and the journal's note of it.
    @Test
    @FaultRow("E3")
    void saysNothingAgainThatTheJournalDoesNotKnowToBeOut(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 2)) {
            bench.saga.forgetful = true;
            runAll(bench);
            var before = said(bench);
            setBack(bench);
            bench.saga.forgetful = false;
            bench.start("a");

            bench.job("job-last", "set-a");
            bench.awaitTerminal(JOBS + 1);
            bench.awaitCommitted(JOBS + 1);
            assertNothingWasSaidAgain(bench, before);
            // One of them in two hops.
            await().atMost(Bench.PATIENCE).until(() -> bench.saga.noted.get() == JOBS + 2);
        }
    }

    /// The kill fell before the transaction: what the journal knows was never said.
    @Test
    @FaultRow("E3")
    void saysWhatWasNeverSaid(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 1)) {
            runAll(bench);
            var before = said(bench);
            try (var _ = bench.start(
                    bench.settings("a"),
                    new Intake.Hooks(
                            () -> {},
                            producer -> WatchedProducer.around(producer, _ -> {
                                throw new OutOfMemoryError("killed before the commit");
                            })))) {
                bench.job("job-unsaid", "set-a");
                await().atMost(Bench.PATIENCE).until(() -> bench.saga.ran.contains("job-unsaid#0"));
            }
            setBack(bench);
            bench.start("a");

            bench.awaitTerminal(JOBS + 1);
            bench.awaitCommitted(JOBS + 1);
            assertNothingWasSaidAgain(bench, before);
        }
    }

    /// Good jobs, one that fails, one that succeeds in its second hop.
    private static void runAll(Bench bench) throws Exception {
        bench.saga.on("job-0", (_, delivery, _, _) -> ScriptedSaga.over(delivery, JobState.FAILED));
        bench.saga.on(
                "job-1",
                (_, delivery, _, _) -> delivery.hop() == 0
                        ? new Verdict.Retry(Instant.EPOCH)
                        : ScriptedSaga.over(delivery, JobState.COMPLETED));
        for (int n = 0; n < JOBS; n++) {
            bench.job("job-" + n, "set-" + n % 5);
        }
        try (var _ = bench.start("a")) {
            bench.awaitTerminal(JOBS);
            bench.awaitCommitted(JOBS);
        }
    }

    private static Map<String, Event> said(Bench bench) throws Exception {
        return bench.events().stream()
                .filter(event -> event.type().terminal())
                .collect(Collectors.toMap(event -> String.valueOf(event.subject()), Function.identity()));
    }

    /// As `kafka-consumer-groups.sh --reset-offsets --to-earliest --all-topics --execute` does.
    private static void setBack(Bench bench) throws Exception {
        bench.setOffsets(bench.committed().keySet().stream()
                .collect(Collectors.toMap(Function.identity(), _ -> new OffsetAndMetadata(0))));
    }

    private static void assertNothingWasSaidAgain(Bench bench, Map<String, Event> before) throws Exception {
        bench.assertExactlyOnce(JOBS + 1);
        assertThat(said(bench)).containsAllEntriesOf(before);
        assertThat(bench.saga.ran).doesNotHaveDuplicates();
        assertThat(bench.deadLetters()).extracting(letter -> letter.jobId()).isEqualTo(List.of("job-0"));
        assertThat(bench.typesOf("job-1").stream().filter(dev.belay.schemas.EventType.JOB_ROLLED_BACK::equals))
                .hasSize(1);
    }
}
