package dev.belay.intake;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// The properties of each Kafka client: a default where it matters, then what the settings pass through, then what the
/// protocol stands on and nobody may change.
final class ClientProperties {
    private static final String ONE_MINUTE = "60000";

    private final Map<String, String> passedThrough;

    ClientProperties(Map<String, String> passedThrough) {
        this.passedThrough = Map.copyOf(passedThrough);
    }

    /// The consumer of jobs and retries.
    Map<String, Object> jobConsumer(IntakeSettings settings) {
        var properties = new HashMap<String, Object>();
        var group = settings.group();
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "belay-" + settings.slot());
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "100");
        if (group.protocol() == GroupProtocol.CLASSIC) {
            properties.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, settings.slot());
            properties.put(
                    ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
            properties.put(
                    ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                    Long.toString(group.session().toMillis()));
            properties.put(
                    ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                    Long.toString(group.session().toMillis() / 4));
        }
        passThrough("consumer.", ConsumerConfig.configNames(), properties);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, group.id());
        properties.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, group.protocol().name());
        return consumerBasics(properties);
    }

    /// A consumer without a group, for reading what is there.
    Map<String, Object> reader() {
        var properties = new HashMap<String, Object>();
        passThrough("consumer.", ConsumerConfig.configNames(), properties);
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        properties.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        return consumerBasics(properties);
    }

    private static Map<String, Object> consumerBasics(Map<String, Object> properties) {
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        return properties;
    }

    /// The producer of announcements. Its transactions end before the broker ends them.
    Map<String, Object> announcer(IntakeSettings settings) {
        var properties = new HashMap<String, Object>();
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, "belay-announcer-" + settings.slot());
        properties.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, "1");
        properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, "15000");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "10000");
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "8000");
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "12000");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(TopicAdmin.MAX_MESSAGE_BYTES));
        passThrough("producer.", ProducerConfig.configNames(), properties);
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, settings.group().id() + "-" + settings.slot());
        return producerBasics(properties);
    }

    /// How long the producer of announcements tries to write a record.
    Duration givesUpAfter(IntakeSettings settings) {
        Object millis = announcer(settings).get(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG);
        return Duration.ofMillis(Long.parseLong(String.valueOf(millis).strip()));
    }

    /// The producer of notices, which may be late: a broker may fsync every batch, and a short job has a dozen notices.
    Map<String, Object> notices(String clientId, int maxBlockMillis) {
        return producer(clientId, maxBlockMillis, Map.of(ProducerConfig.LINGER_MS_CONFIG, "20"));
    }

    /// An idempotent producer without transactions.
    ///
    /// @param maxBlockMillis how long a send may wait for a broker
    Map<String, Object> producer(String clientId, int maxBlockMillis) {
        return producer(clientId, maxBlockMillis, Map.of());
    }

    private Map<String, Object> producer(String clientId, int maxBlockMillis, Map<String, Object> more) {
        var properties = new HashMap<>(more);
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, clientId);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Integer.toString(maxBlockMillis));
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "15000");
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "30000");
        passThrough("producer.", ProducerConfig.configNames(), properties);
        properties.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        return producerBasics(properties);
    }

    private static Map<String, Object> producerBasics(Map<String, Object> properties) {
        properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        return properties;
    }

    /// The administration client.
    Map<String, Object> admin() {
        var properties = new HashMap<String, Object>();
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ONE_MINUTE);
        passThrough("admin.", AdminClientConfig.configNames(), properties);
        return properties;
    }

    /// Copies what this kind of client knows, and what no kind knows: a plug-in may.
    private void passThrough(String prefix, Set<String> known, Map<String, Object> properties) {
        passedThrough.forEach((name, value) -> {
            boolean narrowed =
                    List.of("consumer.", "producer.", "admin.").stream().anyMatch(name::startsWith);
            boolean someoneElses = !known.contains(name)
                    && (ConsumerConfig.configNames().contains(name)
                            || ProducerConfig.configNames().contains(name)
                            || AdminClientConfig.configNames().contains(name));
            if (!narrowed && !someoneElses) {
                properties.put(name, value);
            }
        });
        passedThrough.forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                properties.put(name.substring(prefix.length()), value);
            }
        });
    }
}
