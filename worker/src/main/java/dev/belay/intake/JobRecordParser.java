package dev.belay.intake;

import dev.belay.job.DatasetId;
import dev.belay.job.Excerpt;
import dev.belay.job.FailureCode;
import dev.belay.job.JobId;
import dev.belay.job.JobRequest;
import dev.belay.job.SourcePosition;
import dev.belay.journal.Decision;
import dev.belay.journal.Delivery;
import dev.belay.saga.Requests;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.MessageCodec;
import dev.belay.schemas.Origin;
import dev.belay.schemas.Parsed;
import dev.belay.schemas.UuidVersion5;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// Turns records into jobs: CloudEvents in binary or structured mode, or bare JSON, with what the settings say
/// filled in. What is no valid job becomes a refusal with its reason; nothing is thrown for what a producer can
/// do wrong.
final class JobRecordParser {
    /// Namespace of the ids of jobs that came without one.
    private static final UUID POSITIONS = UUID.fromString("5a0b6a52-8f0e-5c7e-9d0c-be1a70b5c0de");

    /// Of key and headers together. With the longest value it leaves room for what a retry adds: a message that
    /// fits into no retry topic would hold up its partition for ever.
    private static final int MOST_BESIDE_THE_VALUE = 64 * 1024;

    private final MessageCodec codec = new MessageCodec();
    private final Requests requests;
    private final IntakeSettings settings;

    JobRecordParser(IntakeSettings settings) {
        this.requests = new Requests(codec, settings.flow().maxAttempts());
        this.settings = settings;
    }

    Delivered parse(Delivered.Taken taken) {
        var record = taken.record();
        if (settings.topics().retryNumber(record.topic()).isEmpty()) {
            var position = new SourcePosition(taken.ownership().topicId(), record.partition(), record.offset());
            return DecisionHeaders.areOn(record)
                    ? decision(taken, position)
                    : job(taken, new Whence(origin(record), position, 0, Optional.empty(), Optional.empty()));
        }
        var headers = RetryHeaders.of(record);
        if (headers.isEmpty()) {
            return refused(
                    taken,
                    origin(record),
                    "the headers of this message in a retry topic are not those of a worker; send jobs to "
                            + settings.topics().jobs());
        }
        var whence = headers.get();
        return job(
                taken,
                new Whence(
                        whence.origin(), whence.position(), whence.hop(), Optional.of(whence.job()), Optional.empty()));
    }

    /// A message that carries a job once more, with the word on its review.
    private Delivered decision(Delivered.Taken taken, SourcePosition place) {
        var headers = DecisionHeaders.read(taken.record());
        if (headers.isEmpty()) {
            return refused(
                    taken,
                    origin(taken.record()),
                    "the headers of this decision are not those of `belay jobs approve` or `reject`");
        }
        RetryHeaders job = headers.get().job();
        return job(
                taken,
                new Whence(
                        job.origin(),
                        job.position(),
                        job.hop(),
                        Optional.of(job.job()),
                        Optional.of(headers.get().decision(place))));
    }

    /// Where a message comes from: its original, how often it went round, the id it had then, and the word it
    /// brings.
    private record Whence(
            Origin origin, SourcePosition position, int hop, Optional<JobId> knownAs, Optional<Decision> decision) {}

    private static Origin origin(ConsumerRecord<byte[], byte[]> record) {
        return new Origin(
                record.topic(),
                record.partition(),
                record.offset(),
                Instant.ofEpochMilli(Math.max(0, record.timestamp())));
    }

    private Delivered job(Delivered.Taken taken, Whence whence) {
        byte[] value = taken.record().value();
        if (value == null) {
            return refused(taken, whence.origin(), "the message has no value");
        }
        // A job that was taken once is brought to its end, whatever the limit is now.
        Optional<String> excess = whence.hop() == 0 ? excess(taken, value) : Optional.empty();
        if (excess.isPresent()) {
            return new Delivered.Refused(
                    taken, whence.origin(), new Refusal(FailureCode.JOB_TOO_LARGE, excess.get(), null, null));
        }
        return switch (codec.readJob(RetryHeaders.text(taken.record().headers()), value)) {
            case Parsed.Invalid<JobMessage> invalid ->
                new Delivered.Refused(
                        taken,
                        whence.origin(),
                        new Refusal(FailureCode.JOB_INVALID, invalid.summary(), invalid.jobId(), invalid.dataset()));
            case Parsed.Valid<JobMessage> valid -> job(taken, whence, valid.message());
        };
    }

    private Optional<String> excess(Delivered.Taken taken, byte[] value) {
        int limit = settings.flow().messageBytes();
        if (value.length > limit) {
            return Optional.of("the message has %,d bytes, more than limits.messageBytes, which is %,d"
                    .formatted(value.length, limit));
        }
        int beside = taken.bytesBesideTheValue();
        return beside > MOST_BESIDE_THE_VALUE
                ? Optional.of("the message's key and headers have %,d bytes, more than %,d"
                        .formatted(beside, MOST_BESIDE_THE_VALUE))
                : Optional.empty();
    }

    private Delivered job(Delivered.Taken taken, Whence whence, JobMessage message) {
        try {
            JobId id = whence.knownAs()
                    .orElseGet(() -> Optional.ofNullable(message.jobId())
                            .map(JobId::new)
                            .orElseGet(() -> idOf(whence.position())));
            var named = message.withJobId(id.value());
            JobRequest request = requests.of(named, id);
            var delivery = new Delivery(
                    id,
                    request.dataset(),
                    new String(codec.writeJob(named), StandardCharsets.UTF_8),
                    request.digest(),
                    request.retry().maxAttempts(),
                    whence.position(),
                    whence.hop(),
                    whence.decision());
            return new Delivered.Job(
                    taken, whence.origin(), named, request, delivery, warnings(taken.record(), request.dataset()));
        } catch (IllegalArgumentException | ArithmeticException beyondTheSchema) {
            return new Delivered.Refused(
                    taken,
                    whence.origin(),
                    new Refusal(
                            FailureCode.JOB_INVALID,
                            String.valueOf(beyondTheSchema.getMessage()),
                            message.jobId(),
                            message.dataset()));
        }
    }

    /// The id of a job that came without one: the same whenever its message is delivered.
    static JobId idOf(SourcePosition position) {
        String name = position.topicId() + "/" + position.partition() + "/" + position.offset();
        return new JobId(UuidVersion5.of(POSITIONS, name).toString());
    }

    /// The message decides which dataset is meant; a key that says otherwise may break the order of the
    /// dataset's jobs.
    private static List<String> warnings(ConsumerRecord<byte[], byte[]> record, DatasetId dataset) {
        if (record.key() == null) {
            return List.of();
        }
        String key = new String(record.key(), StandardCharsets.UTF_8);
        return key.equals(dataset.value())
                ? List.of()
                : List.of("the key \"" + Excerpt.of(key) + "\" is not the dataset \"" + dataset
                        + "\": jobs of one dataset keep their order only under one key");
    }

    /// A message that made the parser fail.
    Delivered unreadable(Delivered.Taken taken, RuntimeException defect) {
        return new Delivered.Refused(
                taken,
                origin(taken.record()),
                new Refusal(FailureCode.INTERNAL, "the message could not be read: " + defect, null, null));
    }

    private static Delivered refused(Delivered.Taken taken, Origin origin, String reason) {
        return new Delivered.Refused(taken, origin, new Refusal(FailureCode.JOB_INVALID, reason, null, null));
    }
}
