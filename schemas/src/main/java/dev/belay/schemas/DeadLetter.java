package dev.belay.schemas;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A message that was given up, whole enough to be produced again. The wire form is `dead-letter.schema.json`.
///
/// @param schemaVersion 1
/// @param jobId null where the message could not be read that far
/// @param dataset likewise
/// @param attempts how many were made; 0 if the message was refused before the first
/// @param key the original key in base64; null if it had none
/// @param value the original value in base64; null if it had none or was larger than [#MAX_VALUE_BYTES]
/// @param valueBytes how long the original value was
/// @param valueSha256 of the original value; null if it had none
public record DeadLetter(
        int schemaVersion,
        Reason reason,
        @Nullable String jobId,
        @Nullable String dataset,
        Origin origin,
        int attempts,
        @Nullable String key,
        @Nullable String value,
        long valueBytes,
        @Nullable String valueSha256,
        List<Header> headers,
        Instant failedAt) {
    public static final int SCHEMA_VERSION = 1;

    /// A larger value is left out: in base64 it could make the dead letter too large for a topic with Kafka's
    /// defaults, and then the partition could never move on.
    public static final int MAX_VALUE_BYTES = 512 * 1024;

    public DeadLetter {
        headers = Lists.copy(headers);
    }

    /// Why it was given up.
    ///
    /// @param code stable, such as `JOB_MESSAGE_INVALID`
    public record Reason(Failure.Kind kind, String code, String message) {}

    /// A header of the original message, its value in base64; null if it had none.
    public record Header(String name, @Nullable String value) {
        public static Header of(String name, byte @Nullable [] value) {
            return new Header(name, encoded(value));
        }
    }

    /// The message as it was on Kafka, made ready for a dead letter.
    public record Original(
            @Nullable String key,
            @Nullable String value,
            long valueBytes,
            @Nullable String valueSha256,
            List<Header> headers) {
        public Original {
            headers = Lists.copy(headers);
        }

        public static Original of(byte @Nullable [] key, byte @Nullable [] value, List<Header> headers) {
            return new Original(
                    encoded(key),
                    value == null || value.length > MAX_VALUE_BYTES ? null : encoded(value),
                    value == null ? 0 : value.length,
                    value == null ? null : sha256(value),
                    headers);
        }
    }

    /// A dead letter of an original message.
    public static DeadLetter of(Reason reason, Known known, Origin origin, Original original, Instant failedAt) {
        return new DeadLetter(
                SCHEMA_VERSION,
                reason,
                known.jobId(),
                known.dataset(),
                origin,
                known.attempts(),
                original.key(),
                original.value(),
                original.valueBytes(),
                original.valueSha256(),
                original.headers(),
                failedAt);
    }

    /// What is known of the job.
    public record Known(@Nullable String jobId, @Nullable String dataset, int attempts) {}

    /// The original value, if it is held.
    public Optional<byte[]> originalValue() {
        return Optional.ofNullable(value).map(text -> Base64.getDecoder().decode(text));
    }

    /// The original key, if there was one.
    public Optional<byte[]> originalKey() {
        return Optional.ofNullable(key).map(text -> Base64.getDecoder().decode(text));
    }

    private static @Nullable String encoded(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(Base64.getEncoder().encode(bytes), StandardCharsets.US_ASCII);
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
