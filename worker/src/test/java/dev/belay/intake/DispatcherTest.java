package dev.belay.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.saga.Handled;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.MessageCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/// What the lanes say to the poll loop in an outage. Threads and time are the test's.
final class DispatcherTest {
    private final List<Runnable> waiting = new ArrayList<>();

    @Test
    void takesNothingInAnOutageWhileAJobIsHereToFindOutWhetherItIsOver() {
        var dispatcher = outOfStores();

        dispatcher.submit(job(owned()));
        letAllMove();

        assertThat(dispatcher.mayTake()).isFalse();
    }

    /// Found by the simulation: the partition of the only waiting job went to another worker. When it came
    /// back, the worker took nothing from it for ever, because nobody was there to find out that the outage
    /// was over.
    @Test
    void takesMessagesInAnOutageWhenTheJobThatWaitedForItsEndIsNotOursAnyMore() {
        var dispatcher = outOfStores();
        var ownership = owned();
        dispatcher.submit(job(ownership));
        letAllMove();

        ownership.end();
        letAllMove();

        assertThat(dispatcher.mayTake()).isTrue();
    }

    private Dispatcher outOfStores() {
        var breaker = new OutageBreaker(() -> Instant.EPOCH);
        Dispatcher.Runner runner = _ -> {
            breaker.failed("scripted");
            return Optional.of(new Handled.Later(Handled.Later.Cause.OUTAGE, "scripted"));
        };
        return new Dispatcher(1, runner, breaker, threads());
    }

    private Dispatcher.Threads threads() {
        return new Dispatcher.Threads() {
            @Override
            public void start(String name, Runnable job) {
                waiting.add(job);
            }

            @Override
            public void later(Duration wait, Runnable change) {
                waiting.add(change);
            }

            @Override
            public void close() {
                waiting.clear();
            }
        };
    }

    private void letAllMove() {
        var all = List.copyOf(waiting);
        waiting.clear();
        all.forEach(Runnable::run);
    }

    private static Ownership owned() {
        return new Ownership(new TopicPartition("belay.jobs", 0), "topic-1", new OffsetLedger(8), 0);
    }

    private static Delivered.Job job(Ownership ownership) {
        var message = JobMessage.replace("d", JobMessage.Source.url("file.csv"));
        var record = new ConsumerRecord<>("belay.jobs", 0, 0, new byte[0], new MessageCodec().writeJob(message));
        var parser = new JobRecordParser(IntakeSettings.defaults("a", Map.of()));
        return (Delivered.Job) parser.parse(new Delivered.Taken(record, ownership));
    }
}
