package dev.belay.intake;

import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Place;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// The Kafka of the settings: makes clients, and says in our words why it cannot be used. Safe for many threads.
///
/// @param servers  `HOST:PORT,…`
/// @param protocol what the clients speak: `PLAINTEXT`, `SSL`, `SASL_PLAINTEXT` or `SASL_SSL`
record Brokers(String servers, String protocol) {
    private static final int LONGEST_REASON = 300;

    static Brokers of(IntakeSettings settings) {
        return of(settings.kafka());
    }

    static Brokers of(Map<String, String> kafka) {
        return new Brokers(
                kafka.getOrDefault("bootstrap.servers", "?"), kafka.getOrDefault("security.protocol", "PLAINTEXT"));
    }

    /// @throws JobFailure `SETTINGS_INVALID`, `BROKER_TLS_FAILED` or `BROKER_UNREACHABLE`; nothing was asked of the
    /// broker yet
    Admin admin(Map<String, Object> properties) throws JobFailure {
        return made(() -> Admin.create(properties));
    }

    /// @throws JobFailure as [#admin] does
    Consumer<byte[], byte[]> consumer(Map<String, Object> properties) throws JobFailure {
        return made(() -> new KafkaConsumer<>(properties));
    }

    /// @throws JobFailure as [#admin] does
    Producer<byte[], byte[]> producer(Map<String, Object> properties) throws JobFailure {
        return made(() -> new KafkaProducer<>(properties));
    }

    /// Reads properties as a client does, and makes none.
    ///
    /// @throws JobFailure `SETTINGS_INVALID` when one has a value that it may not have
    void check(ConfigDef definition, Map<String, Object> properties) throws JobFailure {
        try {
            var _ = definition.parse(properties);
        } catch (ConfigException wrong) {
            throw settings(wrong);
        }
    }

    private <T> T made(Supplier<T> client) throws JobFailure {
        try {
            return client.get();
        } catch (KafkaException | IllegalArgumentException failed) {
            Optional<String> nowhere = new BrokerProbe(servers, protocol).nowhere();
            throw nowhere.isPresent() ? unreachable(nowhere.get(), failed) : settings(failed);
        }
    }

    private static JobFailure settings(Exception failed) {
        Throwable first = failed;
        while (first.getCause() != null) {
            first = first.getCause();
        }
        return new JobFailure(
                new Failure.Configuration(
                        FailureCode.SETTINGS_INVALID,
                        "no client of Kafka can be made of the settings kafka.*: %s: %s"
                                .formatted(first.getClass().getSimpleName(), reason(first)),
                        Place.NONE),
                failed);
    }

    /// What a client's failure means for whoever runs Belay. When the broker does not answer, it is looked at once more
    /// to find out why, which may take some seconds.
    JobFailure failure(Exception cause) {
        if (KafkaFailures.isA(cause, UnknownTopicOrPartitionException.class)) {
            return JobFailure.configuration(
                    FailureCode.TOPICS_MISSING,
                    "a topic is missing at " + servers + "; `belay topics create` makes the topics");
        }
        Optional<JobFailure> refused = refusal(cause);
        if (refused.isPresent()) {
            return refused.get();
        }
        if (!KafkaFailures.isA(cause, RetriableException.class)) {
            return unreachable(cause.getClass().getSimpleName() + ": " + cause.getMessage(), cause);
        }
        return switch (new BrokerProbe(servers, protocol).look()) {
            case BrokerProbe.Nothing(String words) -> unreachable("no answer in time" + words, cause);
            case BrokerProbe.OtherTls(String words) -> configuration(FailureCode.BROKER_TLS_FAILED, words, cause);
            case BrokerProbe.AsksForUser(String words) -> configuration(FailureCode.BROKER_FORBIDDEN, words, cause);
        };
    }

    /// The failure of a client that the broker has refused for good; empty when it may do better the next time.
    Optional<JobFailure> refusal(Exception cause) {
        if (KafkaFailures.isA(cause, SslAuthenticationException.class)) {
            return Optional.of(configuration(
                    FailureCode.BROKER_TLS_FAILED,
                    "no TLS connection to Kafka at %s: %s".formatted(servers, distrust(cause)),
                    cause));
        }
        if (KafkaFailures.isA(cause, AuthenticationException.class)) {
            return Optional.of(configuration(
                    FailureCode.BROKER_FORBIDDEN,
                    "Kafka at %s refuses the user or the password: %s".formatted(servers, reason(cause)),
                    cause));
        }
        return KafkaFailures.find(cause, AuthorizationException.class)
                .map(denied -> configuration(
                        FailureCode.BROKER_FORBIDDEN,
                        "Kafka at %s refuses %s to the worker's user".formatted(servers, right(denied)),
                        cause));
    }

    private static String right(AuthorizationException denied) {
        return switch (denied) {
            case TopicAuthorizationException topics -> "topics " + topics.unauthorizedTopics();
            case GroupAuthorizationException group -> "the group " + group.groupId();
            case TransactionalIdAuthorizationException _ -> "transactions under its id (worker.group-worker.slot)";
            case ClusterAuthorizationException _ -> "a right on the cluster";
            default -> "a right (" + reason(denied) + ")";
        };
    }

    /// Why a certificate was not believed, by the types of what was thrown.
    private static String distrust(Exception failed) {
        if (KafkaFailures.isA(failed, CertPathBuilderException.class)) {
            return "nobody who is trusted has signed the broker's certificate (kafka.ssl.truststore.location)";
        }
        if (KafkaFailures.isA(failed, CertificateExpiredException.class)
                || KafkaFailures.isA(failed, CertificateNotYetValidException.class)) {
            return "the broker's certificate is not valid at this time";
        }
        Optional<CertificateException> certificate = KafkaFailures.find(failed, CertificateException.class);
        if (certificate.isPresent()) {
            return "the broker's certificate is not for this host: " + reason(certificate.get());
        }
        return KafkaFailures.find(failed, SSLException.class)
                .map(Brokers::reason)
                .orElseGet(() -> reason(failed));
    }

    private JobFailure unreachable(String reason, Exception cause) {
        return new JobFailure(
                new Failure.Transient(
                        FailureCode.BROKER_UNREACHABLE,
                        "Kafka at " + servers + " cannot be used: " + reason,
                        Place.NONE),
                cause);
    }

    private static JobFailure configuration(FailureCode code, String message, Exception cause) {
        return new JobFailure(new Failure.Configuration(code, message, Place.NONE), cause);
    }

    /// A foreign message on one line.
    private static String reason(Throwable failed) {
        String line = String.valueOf(failed.getMessage()).replaceAll("[\\p{C}\\s]+", " ");
        return line.length() > LONGEST_REASON ? line.substring(0, LONGEST_REASON) + "…" : line;
    }
}
