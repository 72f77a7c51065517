package dev.belay.intake;

import dev.belay.job.JobFailure;
import dev.belay.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// Makes Belay's topics and compares those that are there with what they should be. Safe for many threads.
///
/// Each method throws [JobFailure] with `BROKER_UNREACHABLE` when the broker does not answer within the
/// patience.
public final class TopicAdmin implements AutoCloseable {
    /// The longest record in any topic: a dead letter with the longest message in it.
    public static final int MAX_MESSAGE_BYTES = 2 * 1024 * 1024;

    private static final int REPLICAS = 3;
    private static final String ONE_MEBIBYTE = "1048576";
    private static final Duration VISIBLE_WITHIN = Duration.ofSeconds(20);

    private final Topics topics;
    private final int retryTopics;
    private final Brokers brokers;
    private final Duration patience;
    private final Admin admin;

    /// @throws JobFailure `SETTINGS_INVALID` when no client can be made of the settings
    public TopicAdmin(IntakeSettings settings, Duration patience) throws JobFailure {
        topics = settings.topics();
        retryTopics = settings.retryTopics();
        this.patience = patience;
        brokers = Brokers.of(settings);
        admin = brokers.admin(new ClientProperties(settings.kafka()).admin());
    }

    /// One thing about a topic that is not as it should be.
    ///
    /// @param what in words
    /// @param mend the command that mends it
    public record Difference(String topic, String what, String mend) {
        @Override
        public String toString() {
            return "%s: %s. Mend: %s".formatted(topic, what, mend);
        }
    }

    /// Makes the topics that are missing, and leaves the others as they are.
    ///
    /// Killed half-way, some exist; the next call makes the rest.
    ///
    /// @return the names of those it made
    public List<String> create(TopicPlan plan) throws JobFailure, InterruptedException {
        int replicas = replicas(plan);
        var made = new ArrayList<String>();
        var missing = missing();
        var requests = settings(plan, replicas).entrySet().stream()
                .filter(topic -> missing.contains(topic.getKey()))
                .map(topic ->
                        new NewTopic(topic.getKey(), plan.partitions(), (short) replicas).configs(topic.getValue()))
                .toList();
        for (var request : admin.createTopics(requests).values().entrySet()) {
            try {
                answer(request.getValue());
                made.add(request.getKey());
            } catch (TopicExistsException _) {
                // Another process made it meanwhile: as good.
            }
        }
        awaitVisible();
        return List.copyOf(made);
    }

    private void awaitVisible() throws JobFailure, InterruptedException {
        long end = System.nanoTime() + VISIBLE_WITHIN.toNanos();
        while (!missing().isEmpty() && System.nanoTime() - end < 0) {
            Pace.REAL.pause(Duration.ofMillis(20));
        }
    }

    /// The topics that do not exist.
    public Set<String> missing() throws JobFailure, InterruptedException {
        var missing = new TreeSet<>(names());
        missing.removeAll(descriptions().keySet());
        return missing;
    }

    /// What is not as it should be; empty when all is well. The number of partitions is the operator's choice.
    public List<Difference> check(TopicPlan plan) throws JobFailure, InterruptedException {
        int replicas = replicas(plan);
        var there = descriptions();
        var wanted = settings(plan, replicas);
        var resources = there.keySet().stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        Map<ConfigResource, Config> configs =
                answer(admin.describeConfigs(resources).all());
        var differences = new ArrayList<Difference>();
        wanted.forEach((name, settings) -> {
            var topic = there.get(name);
            if (topic == null) {
                differences.add(new Difference(name, "it does not exist", "belay topics create"));
            } else {
                compareReplicas(topic, replicas, differences);
                var config = configs.get(new ConfigResource(ConfigResource.Type.TOPIC, name));
                compare(name, settings, config == null ? new Config(List.of()) : config, differences);
            }
        });
        return List.copyOf(differences);
    }

    /// The broker's level of the feature `transaction.version`; 2 fences transactions of earlier lives by itself.
    public OptionalInt transactionVersion() throws JobFailure, InterruptedException {
        var level = answer(admin.describeFeatures().featureMetadata())
                .finalizedFeatures()
                .get("transaction.version");
        return level == null ? OptionalInt.empty() : OptionalInt.of(level.maxVersionLevel());
    }

    private static void compareReplicas(TopicDescription topic, int replicas, List<Difference> differences) {
        int actual = topic.partitions().getFirst().replicas().size();
        if (actual < replicas) {
            differences.add(new Difference(
                    topic.name(),
                    "it has " + actual + " replica(s) where " + replicas + " are possible",
                    "kafka-reassign-partitions.sh, see docs/operations.md"));
        }
    }

    private void compare(String name, Map<String, String> settings, Config config, List<Difference> differences) {
        settings.forEach((setting, wanted) -> {
            var entry = config.get(setting);
            String actual = entry == null ? "not set" : entry.value();
            if (!wanted.equals(actual)) {
                differences.add(new Difference(
                        name,
                        "%s is %s and should be %s".formatted(setting, actual, wanted),
                        "kafka-configs.sh --bootstrap-server %s --alter --topic %s --add-config %s=%s"
                                .formatted(brokers.servers(), name, setting, wanted)));
            }
        });
    }

    private List<String> names() {
        var names = new ArrayList<>(List.of(topics.jobs(), topics.deadLetters(), topics.events(), topics.control()));
        for (int number = 1; number <= retryTopics; number++) {
            names.add(topics.retry(number));
        }
        return names;
    }

    private Map<String, Map<String, String>> settings(TopicPlan plan, int replicas) {
        var settings = new LinkedHashMap<String, Map<String, String>>();
        for (String name : names()) {
            boolean outcome = name.equals(topics.events()) || name.equals(topics.deadLetters());
            var kept = outcome ? plan.outcomesKept() : plan.jobsKept();
            var topic = new HashMap<String, String>();
            topic.put("cleanup.policy", "delete");
            topic.put("retention.ms", Long.toString(kept.toMillis()));
            topic.put(
                    "max.message.bytes",
                    name.equals(topics.deadLetters()) ? Integer.toString(MAX_MESSAGE_BYTES) : ONE_MEBIBYTE);
            if (replicas == 1) {
                // One broker has acknowledged what a power cut takes away, unless it is flushed at once.
                topic.put("flush.messages", "1");
            }
            topic.put("min.insync.replicas", replicas >= REPLICAS ? "2" : "1");
            settings.put(name, topic);
        }
        return settings;
    }

    private int replicas(TopicPlan plan) throws JobFailure, InterruptedException {
        int brokers = answer(admin.describeCluster().nodes()).size();
        return plan.replicationFactor().orElse(Math.clamp(brokers, 1, REPLICAS));
    }

    private Map<String, TopicDescription> descriptions() throws JobFailure, InterruptedException {
        var descriptions = new HashMap<String, TopicDescription>();
        for (var asked : admin.describeTopics(names()).topicNameValues().entrySet()) {
            try {
                descriptions.put(asked.getKey(), answer(asked.getValue()));
            } catch (UnknownTopicOrPartitionException _) {
                // Not there, and so not in the answer.
            }
        }
        return descriptions;
    }

    private <T> T answer(KafkaFuture<T> future) throws JobFailure, InterruptedException {
        try {
            return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            KafkaException cause = KafkaFailures.of(e);
            if (cause instanceof TopicExistsException || cause instanceof UnknownTopicOrPartitionException) {
                throw cause;
            }
            throw brokers.failure(cause);
        } catch (TimeoutException e) {
            throw brokers.failure(new org.apache.kafka.common.errors.TimeoutException(e));
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}
