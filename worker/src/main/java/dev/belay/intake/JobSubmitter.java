package dev.belay.intake;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.JobId;
import dev.belay.journal.Decision;
import dev.belay.journal.JobRecord;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.MessageCodec;
import dev.belay.schemas.MessageHeaders;
import dev.belay.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeaders;

/// Writes job messages: key = dataset, acknowledged by all replicas. Safe for many threads.
public final class JobSubmitter implements AutoCloseable {
    private static final int MAX_BLOCK_MILLIS = 15_000;

    private final MessageCodec codec = new MessageCodec();
    private final Topics topics;
    private final Brokers brokers;
    private final Producer<byte[], byte[]> producer;

    /// @throws JobFailure `SETTINGS_INVALID` when no client can be made of the settings
    public JobSubmitter(IntakeSettings settings) throws JobFailure {
        topics = settings.topics();
        brokers = Brokers.of(settings);
        producer =
                brokers.producer(new ClientProperties(settings.kafka()).producer("belay-submitter", MAX_BLOCK_MILLIS));
    }

    /// Where a message was written.
    public record Submitted(JobId job, String topic, int partition, long offset) {}

    /// Writes the message and waits until it is acknowledged.
    ///
    /// Killed half-way, it is written or not; a second time under the same id is a duplicate, which does
    /// nothing.
    ///
    /// @param message with an id
    /// @throws JobFailure `TOPICS_MISSING` or `BROKER_UNREACHABLE`
    public Submitted submit(JobMessage message, Duration patience) throws JobFailure, InterruptedException {
        String id = message.jobId();
        if (id == null) {
            throw new IllegalArgumentException("a submitted job has an id");
        }
        var job = new JobId(id);
        var headers = new RecordHeaders();
        headers.add(MessageHeaders.CONTENT_TYPE, MessageHeaders.JSON.getBytes(StandardCharsets.UTF_8));
        byte[] key = message.dataset().getBytes(StandardCharsets.UTF_8);
        var record = new ProducerRecord<>(topics.jobs(), null, null, key, codec.writeJob(message), headers);
        return send(job, record, patience);
    }

    /// Writes the word on the review that a job waits for, as the job's next message, and waits until it is
    /// acknowledged.
    ///
    /// Killed half-way, it is written or not; a second one changes nothing.
    ///
    /// @param by   who says so, 1 to 200 characters
    /// @param note why
    /// @throws JobFailure `TOPICS_MISSING` or `BROKER_UNREACHABLE`, or `REVIEW_NOT_OPEN` when it cannot be said
    public Submitted decide(JobRecord job, Decision.Word word, String by, Optional<String> note, Patience patience)
            throws JobFailure, InterruptedException {
        DecisionHeaders headers;
        try {
            headers =
                    DecisionHeaders.of(job, word, by, note, new DecisionHeaders.Source(topics.jobs(), patience.now()));
        } catch (IllegalArgumentException refused) {
            throw JobFailure.permanent(FailureCode.REVIEW_NOT_OPEN, String.valueOf(refused.getMessage()));
        }
        byte[] key = job.dataset().value().getBytes(StandardCharsets.UTF_8);
        byte[] value = job.requestJson().getBytes(StandardCharsets.UTF_8);
        return send(
                job.job(),
                new ProducerRecord<>(topics.jobs(), null, null, key, value, headers.headers()),
                patience.within());
    }

    /// @param within how long the broker has
    /// @param now    the time of the message
    public record Patience(Duration within, Instant now) {}

    private Submitted send(JobId job, ProducerRecord<byte[], byte[]> record, Duration patience)
            throws JobFailure, InterruptedException {
        try {
            var written = producer.send(record).get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return new Submitted(job, written.topic(), written.partition(), written.offset());
        } catch (ExecutionException e) {
            throw brokers.failure(KafkaFailures.of(e));
        } catch (TimeoutException | KafkaException e) {
            throw brokers.failure(e);
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(2));
    }
}
