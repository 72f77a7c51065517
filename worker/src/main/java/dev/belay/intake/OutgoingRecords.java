package dev.belay.intake;

import dev.belay.job.FailureCode;
import dev.belay.journal.Announcement;
import dev.belay.journal.JobRecord;
import dev.belay.journal.JobState;
import dev.belay.journal.Verdict;
import dev.belay.schemas.DeadLetter;
import dev.belay.schemas.Failure;
import dev.belay.schemas.MessageCodec;
import dev.belay.schemas.MessageHeaders;
import dev.belay.schemas.Origin;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Makes the records that say how a message's hop has ended.
final class OutgoingRecords {
    private final JsonMapper mapper = JsonMapper.shared();
    private final MessageCodec codec = new MessageCodec();
    private final IntakeSettings settings;
    private final InstantSource clock;
    private final EventRecords events;

    OutgoingRecords(IntakeSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        events = new EventRecords(settings);
    }

    /// The stored events byte for byte, and what follows for the job.
    Finished announced(Delivered.Job job, Announcement announcement) {
        var records = new ArrayList<Outgoing>();
        announcement
                .events()
                .forEach(event -> records.add(
                        events.of(announcement.dataset().value(), event.json().getBytes(StandardCharsets.UTF_8))));
        switch (announcement.verdict()) {
            case Verdict.Retry retry -> records.add(retry(job, announcement, retry));
            case Verdict.Ask _ -> {}
            case Verdict.Over over when over.state() == JobState.FAILED -> records.add(failed(job, over));
            case Verdict.Over _ -> {}
            case Verdict.Again _ ->
                throw new IllegalArgumentException(
                        "job " + job.request().jobId() + " goes on at once: there is nothing to announce");
        }
        return new Finished(job.taken(), records, Optional.of(announcement.key()));
    }

    /// Only the offset moves.
    Finished dropped(Delivered.Job job) {
        return new Finished(job.taken(), List.of(), Optional.empty());
    }

    /// The offset moves, and the journal hears that this is out.
    Finished said(Delivered.Job job, Announcement announcement) {
        return new Finished(job.taken(), List.of(), Optional.of(announcement.key()));
    }

    /// Another job under the id of an earlier one.
    Finished conflicting(Delivered.Job job, JobRecord first) {
        String message = "job id \"%s\" was used before for another request on dataset \"%s\" (accepted %s)"
                .formatted(first.job(), first.dataset(), first.acceptedAt());
        var reason = new DeadLetter.Reason(Failure.Kind.CONFLICT, FailureCode.JOB_ID_CONFLICT.name(), message);
        var known = new DeadLetter.Known(
                job.request().jobId().value(), job.request().dataset().value(), 0);
        return new Finished(
                job.taken(), List.of(deadLetter(job.taken().record(), job.origin(), reason, known)), Optional.empty());
    }

    /// A decision that nobody waits for.
    Finished unasked(Delivered.Job job, String message) {
        var reason = new DeadLetter.Reason(Failure.Kind.CONFLICT, FailureCode.REVIEW_NOT_OPEN.name(), message);
        var known = new DeadLetter.Known(
                job.request().jobId().value(), job.request().dataset().value(), 0);
        return new Finished(
                job.taken(), List.of(deadLetter(job.taken().record(), job.origin(), reason, known)), Optional.empty());
    }

    /// A message that is no job.
    Finished refused(Delivered.Refused refused) {
        var refusal = refused.refusal();
        var reason =
                new DeadLetter.Reason(Failure.Kind.PERMANENT, refusal.code().name(), refusal.message());
        var known = new DeadLetter.Known(refusal.jobId(), refusal.dataset(), 0);
        return new Finished(
                refused.taken(),
                List.of(deadLetter(refused.taken().record(), refused.origin(), reason, known)),
                Optional.empty());
    }

    private Outgoing retry(Delivered.Job job, Announcement announcement, Verdict.Retry retry) {
        int hop = announcement.key().hop() + 1;
        var headers = new RetryHeaders(
                job.request().jobId(),
                hop,
                job.origin(),
                job.delivery().position().topicId(),
                retry.dueAt());
        var original = job.taken().record();
        String topic = settings.topics().retry(settings.retryTopic(hop));
        byte[] key = job.request().dataset().value().getBytes(StandardCharsets.UTF_8);
        return new Outgoing(
                new ProducerRecord<>(topic, null, null, key, original.value(), headers.on(original.headers())),
                Optional.empty());
    }

    /// The reason is that of the terminal event.
    private Outgoing failed(Delivered.Job job, Verdict.Over over) {
        JsonNode receipt = mapper.readTree(over.receiptJson());
        JsonNode failure = receipt.path("failure");
        var reason = new DeadLetter.Reason(
                kind(failure.path("kind").asString("")),
                failure.path("code").asString(FailureCode.INTERNAL.name()),
                failure.path("message").asString("the receipt says no more"));
        var known = new DeadLetter.Known(
                job.request().jobId().value(),
                job.request().dataset().value(),
                receipt.path("attempts").asInt(0));
        return deadLetter(job.taken().record(), job.origin(), reason, known);
    }

    private static Failure.Kind kind(String wire) {
        return Arrays.stream(Failure.Kind.values())
                .filter(kind -> kind.wire().equalsIgnoreCase(wire))
                .findFirst()
                .orElse(Failure.Kind.UNKNOWN);
    }

    private Outgoing deadLetter(
            ConsumerRecord<byte[], byte[]> record, Origin origin, DeadLetter.Reason reason, DeadLetter.Known known) {
        var headers = new ArrayList<DeadLetter.Header>();
        record.headers().forEach(header -> headers.add(DeadLetter.Header.of(header.key(), header.value())));
        var original = DeadLetter.Original.of(record.key(), record.value(), headers);
        var letter = DeadLetter.of(reason, known, origin, original, clock.instant());
        return new Outgoing(deadLetter(letter, record.key()), Optional.of(deadLetter(withoutValue(letter), null)));
    }

    private ProducerRecord<byte[], byte[]> deadLetter(DeadLetter letter, byte @Nullable [] originalKey) {
        String dataset = letter.dataset();
        byte[] key = dataset == null ? originalKey : dataset.getBytes(StandardCharsets.UTF_8);
        var headers = new RecordHeaders();
        headers.add(MessageHeaders.CONTENT_TYPE, MessageHeaders.JSON.getBytes(StandardCharsets.UTF_8));
        return new ProducerRecord<>(
                settings.topics().deadLetters(), null, null, key, codec.writeDeadLetter(letter), headers);
    }

    /// A pointer to the original message: where it lies, how long it is, its digest.
    private static DeadLetter withoutValue(DeadLetter letter) {
        return new DeadLetter(
                letter.schemaVersion(),
                letter.reason(),
                letter.jobId(),
                letter.dataset(),
                letter.origin(),
                letter.attempts(),
                null,
                null,
                letter.valueBytes(),
                letter.valueSha256(),
                List.of(),
                letter.failedAt());
    }
}
