package dev.belay.intake;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;

/// The ids of topics: a topic that was deleted and made again under its name is another one, with other
/// messages.
final class TopicIds {
    private static final long PATIENCE_SECONDS = 10;

    private final Admin admin;
    private final Map<String, String> known = new ConcurrentHashMap<>();

    TopicIds(Admin admin) {
        this.admin = admin;
    }

    /// Asks the broker for the ids of these topics.
    ///
    /// @throws org.apache.kafka.common.KafkaException when it does not say
    void refresh(Collection<String> topics) throws InterruptedException {
        try {
            admin.describeTopics(topics)
                    .allTopicNames()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .forEach((name, topic) -> known.put(name, topic.topicId().toString()));
        } catch (ExecutionException e) {
            throw KafkaFailures.of(e);
        } catch (TimeoutException e) {
            throw new org.apache.kafka.common.errors.TimeoutException("the ids of topics " + topics, e);
        }
    }

    /// The id of a topic that was asked for before.
    String of(String topic) {
        String id = known.get(topic);
        if (id == null) {
            throw new IllegalStateException("the id of topic " + topic + " was not asked for");
        }
        return id;
    }
}
