package dev.belay.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.kit.FaultRow;
import dev.belay.kit.TestBroker;
import dev.belay.kit.TestBrokers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What a worker makes of offsets that another version of the program, another journal or a person has committed.
@ExtendWith(TestBrokers.class)
final class MixedVersionsTest {
    @Test
    void goesOnFromOffsetsThatAnOlderWorkerCommitted(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 1)) {
            for (int n = 0; n < 4; n++) {
                bench.job("job-" + n, "set-" + n);
            }
            // Settled: 0, and of those above the offset 1 the second, which is 3.
            commit(bench, 1, "belay1 journal-1 Ag");
            bench.start("a");

            bench.awaitTerminal(2);
            bench.awaitCommitted(4);
            assertThat(bench.saga.ran).containsExactlyInAnyOrder("job-1#0", "job-2#0");
        }
    }

    @Test
    void refusesOffsetsThatANewerWorkerCommittedAndSaysUpgrade(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 1)) {
            bench.job("job-0", "set-0");
            commit(bench, 0, "belay3 journal-1 whatever comes later");
            var intake = bench.start("a");

            assertThat(intake.failure())
                    .failsWithin(Duration.ofSeconds(60))
                    .withThrowableOfType(ExecutionException.class)
                    .havingCause()
                    .isInstanceOf(JobFailure.class)
                    .withMessageContaining(FailureCode.JOURNAL_TOO_NEW.name())
                    .withMessageContaining("upgrade");
            assertThat(bench.saga.ran).isEmpty();
            assertThat(bench.committed().values()).allMatch(offset -> offset.offset() == 0);
        }
    }

    @Test
    @FaultRow("K6")
    void refusesAnotherJournalBeforeANewerFormat(TestBroker broker) throws Exception {
        try (var bench = new Bench(broker, 1)) {
            bench.job("job-0", "set-0");
            commit(bench, 0, "belay3 journal-2 whatever comes later");
            var intake = bench.start("a");

            assertThat(intake.failure())
                    .failsWithin(Duration.ofSeconds(60))
                    .withThrowableOfType(ExecutionException.class)
                    .havingCause()
                    .withMessageContaining(FailureCode.FOREIGN_JOURNAL.name())
                    .withMessageContaining("journal-2");
            assertThat(bench.saga.ran).isEmpty();
        }
    }

    private static void commit(Bench bench, long offset, String metadata) throws Exception {
        var jobs = new TopicPartition(bench.topics.jobs(), 0);
        bench.setOffsets(Map.of(jobs, new OffsetAndMetadata(offset, metadata)));
    }
}
