package dev.belay.intake;

import dev.belay.job.JobId;
import dev.belay.job.SourcePosition;
import dev.belay.schemas.MessageHeaders;
import dev.belay.schemas.Origin;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/// What a message in a retry topic says about itself in its headers, beside those of the original message.
///
/// @param hop    1 for the job's first message in a retry topic
/// @param origin where the original message stands
/// @param topicId the id of the original message's topic
/// @param dueAt  not to be run before
record RetryHeaders(JobId job, int hop, Origin origin, String topicId, Instant dueAt) {
    static final String HOP = "belay-hop";
    static final String ORIGIN_TOPIC_ID = "belay-origin-topic-id";

    private static final String OURS = "belay-";
    private static final Pattern HOPS = Pattern.compile("[1-9][0-9]{0,5}");

    SourcePosition position() {
        return new SourcePosition(topicId, origin.partition(), origin.offset());
    }

    /// The headers of the message in the retry topic: the original's and these.
    Headers on(Headers original) {
        var headers = new RecordHeaders();
        for (Header header : original) {
            if (!header.key().startsWith(OURS)) {
                headers.add(header);
            }
        }
        add(headers, MessageHeaders.JOB_ID, job.value());
        add(headers, HOP, Integer.toString(hop));
        add(headers, MessageHeaders.NOT_BEFORE, dueAt.toString());
        add(headers, MessageHeaders.ORIGIN_TOPIC, origin.topic());
        add(headers, ORIGIN_TOPIC_ID, topicId);
        add(headers, MessageHeaders.ORIGIN_PARTITION, Integer.toString(origin.partition()));
        add(headers, MessageHeaders.ORIGIN_OFFSET, Long.toString(origin.offset()));
        add(headers, MessageHeaders.ORIGIN_TIMESTAMP, origin.timestamp().toString());
        return headers;
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /// Reads the headers of a message in a retry topic.
    ///
    /// @return empty when it is none that a worker wrote
    static Optional<RetryHeaders> of(ConsumerRecord<byte[], byte[]> record) {
        var text = text(record.headers());
        try {
            var origin = new Origin(
                    required(text, MessageHeaders.ORIGIN_TOPIC),
                    Integer.parseInt(required(text, MessageHeaders.ORIGIN_PARTITION)),
                    Long.parseLong(required(text, MessageHeaders.ORIGIN_OFFSET)),
                    Instant.parse(required(text, MessageHeaders.ORIGIN_TIMESTAMP)));
            String hop = required(text, HOP);
            if (!HOPS.matcher(hop).matches()) {
                return Optional.empty();
            }
            return Optional.of(new RetryHeaders(
                    new JobId(required(text, MessageHeaders.JOB_ID)),
                    Integer.parseInt(hop),
                    origin,
                    required(text, ORIGIN_TOPIC_ID),
                    Instant.parse(required(text, MessageHeaders.NOT_BEFORE))));
        } catch (IllegalArgumentException | DateTimeException notOurs) {
            return Optional.empty();
        }
    }

    /// When a message in a retry topic is due; at once when it does not say.
    static Instant dueAt(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(MessageHeaders.NOT_BEFORE);
        if (header == null || header.value() == null) {
            return Instant.EPOCH;
        }
        try {
            return Instant.parse(new String(header.value(), StandardCharsets.UTF_8));
        } catch (DateTimeException unreadable) {
            return Instant.EPOCH;
        }
    }

    /// Headers as text, names in lower case; of several with a name, the last.
    static Map<String, String> text(Headers headers) {
        var text = new HashMap<String, String>();
        for (Header header : headers) {
            if (header.value() != null) {
                text.put(header.key().toLowerCase(Locale.ROOT), new String(header.value(), StandardCharsets.UTF_8));
            }
        }
        return text;
    }

    private static String required(Map<String, String> text, String name) {
        String value = text.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name);
        }
        return value;
    }
}
