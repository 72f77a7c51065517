package dev.belay.intake;

import dev.belay.job.JobFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/// How far the group has come in the topics it takes jobs from. Only reads.
public final class Backlog {
    private static final Duration POLL = Duration.ofMillis(50);

    private final IntakeSettings settings;
    private final Duration patience;

    /// @param patience how long the broker has for each answer
    public Backlog(IntakeSettings settings, Duration patience) {
        this.settings = settings;
        this.patience = patience;
    }

    /// Messages at or above the committed offsets, as `topic-partition@offset`. Read, not counted from end offsets:
    /// retry topics also hold the markers of transactions. A bitmap would hide none of them: once everything is
    /// settled it is empty and the offset itself has moved.
    ///
    /// @throws JobFailure `TOPICS_MISSING` or `BROKER_UNREACHABLE`
    public List<String> left() throws JobFailure, InterruptedException {
        var left = new ArrayList<String>();
        var committed = committed();
        for (String topic : topics()) {
            try (var reader = new TopicReader(settings, topic, patience)) {
                reader.toBeginning();
                reader.seek(committed);
                var ends = reader.ends();
                while (!reader.isPast(ends)) {
                    reader.poll(POLL)
                            .forEach(record ->
                                    left.add(record.topic() + "-" + record.partition() + "@" + record.offset()));
                }
            }
        }
        return List.copyOf(left);
    }

    private List<String> topics() {
        var names = new ArrayList<>(List.of(settings.topics().jobs()));
        for (int number = 1; number <= settings.retryTopics(); number++) {
            names.add(settings.topics().retry(number));
        }
        return names;
    }

    private Map<TopicPartition, OffsetAndMetadata> committed() throws JobFailure, InterruptedException {
        Brokers brokers = Brokers.of(settings);
        try (var admin = brokers.admin(new ClientProperties(settings.kafka()).admin())) {
            return admin.listConsumerGroupOffsets(settings.group().id())
                    .partitionsToOffsetAndMetadata()
                    .get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw brokers.failure(KafkaFailures.of(failed));
        } catch (TimeoutException | KafkaException failed) {
            throw brokers.failure(failed);
        }
    }
}
