package dev.belay.intake;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// The ids of topics: a topic that was deleted and made again under its name is another one, with other
/// messages.
final class TopicIds {
    private static final long PATIENCE_SECONDS = 10;

    private final Admin admin;

    TopicIds(Admin admin) {
        this.admin = admin;
    }

    /// Asks the broker which topics bear these names now.
    ///
    /// @return the ids by name; a topic that does not exist is left out
    /// @throws KafkaException when the broker does not say
    Map<String, String> of(Collection<String> topics) throws InterruptedException {
        var ids = new HashMap<String, String>();
        for (var asked : admin.describeTopics(topics).topicNameValues().entrySet()) {
            try {
                var topic = asked.getValue().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                ids.put(asked.getKey(), topic.topicId().toString());
            } catch (ExecutionException e) {
                var failure = KafkaFailures.of(e);
                if (!(failure instanceof UnknownTopicOrPartitionException)) {
                    throw failure;
                }
            } catch (TimeoutException e) {
                throw new org.apache.kafka.common.errors.TimeoutException("the id of topic " + asked.getKey(), e);
            }
        }
        return ids;
    }
}
