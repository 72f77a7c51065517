package dev.belay.intake;

import dev.belay.job.Sha256;
import dev.belay.job.SourcePosition;
import dev.belay.journal.Decision;
import dev.belay.journal.JobRecord;
import dev.belay.journal.Review;
import dev.belay.schemas.Origin;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/// What a message in the jobs topic says when it brings the word on a review: the headers of a retry, for the
/// next hop of the job, and the word.
///
/// @param job   where the job's own message stands, and the hop
/// @param word  what is said
/// @param of    the digest of the review
/// @param by    who says so
/// @param note  why
record DecisionHeaders(RetryHeaders job, Decision.Word word, Sha256 of, String by, Optional<String> note) {
    static final String WORD = "belay-decision";

    private static final String OF = "belay-decision-of";
    private static final String BY = "belay-decision-by";
    private static final String NOTE = "belay-decision-note";
    private static final Pattern LABEL = Pattern.compile("[^\\x00-\\x1f\\x7f]{1,200}");

    DecisionHeaders {
        if (!LABEL.matcher(by).matches()
                || note.filter(text -> !LABEL.matcher(text).matches()).isPresent()) {
            throw new IllegalArgumentException(
                    "who decides, and the note, are texts of 1 to 200 characters without control characters");
        }
    }

    /// The word on the review that a job waits for.
    ///
    /// @throws IllegalArgumentException when it waits for none, or `by` or `note` are too long
    static DecisionHeaders of(JobRecord job, Decision.Word word, String by, Optional<String> note, Source source) {
        Review review = job.review()
                .orElseThrow(() -> new IllegalArgumentException("job %s waits for no review".formatted(job.job())));
        SourcePosition place = job.position();
        // The journal keeps no time of the message: that of its acceptance stands for it.
        var origin = new Origin(source.topic(), place.partition(), place.offset(), job.acceptedAt());
        var next = new RetryHeaders(job.job(), job.hop() + 1, origin, place.topicId(), source.now());
        return new DecisionHeaders(next, word, review.digest(), by, note);
    }

    /// Where jobs are written, and when.
    record Source(String topic, Instant now) {}

    Headers headers() {
        Headers headers = job.on(new RecordHeaders());
        add(headers, WORD, word.name().toLowerCase(Locale.ROOT));
        add(headers, OF, of.hex());
        add(headers, BY, by);
        note.ifPresent(text -> add(headers, NOTE, text));
        return headers;
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /// Whether a message wants to bring a decision.
    static boolean areOn(ConsumerRecord<byte[], byte[]> record) {
        return record.headers().lastHeader(WORD) != null;
    }

    /// Reads them.
    ///
    /// @return empty when they are not as Belay writes them
    static Optional<DecisionHeaders> read(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> text = RetryHeaders.text(record.headers());
        Optional<RetryHeaders> job = RetryHeaders.of(record);
        try {
            return job.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new DecisionHeaders(
                            job.get(),
                            Decision.Word.valueOf(text.getOrDefault(WORD, "").toUpperCase(Locale.ROOT)),
                            new Sha256(text.getOrDefault(OF, "")),
                            text.getOrDefault(BY, ""),
                            Optional.ofNullable(text.get(NOTE))));
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    /// @param place where the message that brings it stands
    Decision decision(SourcePosition place) {
        return new Decision(word, of, by, note, place);
    }
}
