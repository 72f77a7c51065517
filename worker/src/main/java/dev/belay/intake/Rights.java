package dev.belay.intake;

import dev.belay.job.JobFailure;
import dev.belay.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/// What a worker's user may do with topics and group, asked of the broker before anything is taken, so that everything
/// that is missing is told at once. Its right to transactions shows itself when the first one is prepared.
record Rights(IntakeSettings settings, Admin admin, Duration patience) {

    /// The rights that are missing, such as `WRITE on topic belay.events`; empty when all are there, and for topics and
    /// groups that are not.
    ///
    /// @param brokers tells why the broker does not answer
    List<String> missing(Brokers brokers) throws JobFailure, InterruptedException {
        try {
            var missing = new ArrayList<String>();
            var options = new DescribeTopicsOptions().includeAuthorizedOperations(true);
            var needed = needed();
            for (var asked : admin.describeTopics(needed.keySet(), options)
                    .topicNameValues()
                    .entrySet()) {
                Set<AclOperation> wanted = needed.getOrDefault(asked.getKey(), Set.of());
                lacking(wanted, ofTopic(asked.getValue(), wanted))
                        .forEach(right -> missing.add(right + " on topic " + asked.getKey()));
            }
            Set<AclOperation> read = EnumSet.of(AclOperation.READ);
            lacking(read, ofGroup(read))
                    .forEach(right ->
                            missing.add(right + " on group " + settings.group().id()));
            return missing.stream().sorted().toList();
        } catch (ExecutionException failed) {
            throw brokers.failure(KafkaFailures.of(failed));
        } catch (TimeoutException failed) {
            throw brokers.failure(new org.apache.kafka.common.errors.TimeoutException(failed));
        }
    }

    private Map<String, Set<AclOperation>> needed() {
        Topics topics = settings.topics();
        var both = EnumSet.of(AclOperation.READ, AclOperation.WRITE);
        var needed = new TreeMap<String, Set<AclOperation>>();
        // A worker answers for reviews that nobody has ended in time.
        needed.put(topics.jobs(), both);
        needed.put(topics.events(), both);
        needed.put(topics.deadLetters(), EnumSet.of(AclOperation.WRITE));
        for (int number = 1; number <= settings.retryTopics(); number++) {
            needed.put(topics.retry(number), both);
        }
        return needed;
    }

    private Set<AclOperation> ofTopic(KafkaFuture<TopicDescription> asked, Set<AclOperation> ifNotThere)
            throws ExecutionException, TimeoutException, InterruptedException {
        try {
            return known(answer(asked).authorizedOperations(), ifNotThere);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof TopicAuthorizationException) {
                return Set.of();
            }
            if (failed.getCause() instanceof UnknownTopicOrPartitionException) {
                return ifNotThere;
            }
            throw failed;
        }
    }

    private Set<AclOperation> ofGroup(Set<AclOperation> ifNotThere)
            throws ExecutionException, TimeoutException, InterruptedException {
        String group = settings.group().id();
        var options = new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true);
        try {
            var described = admin.describeConsumerGroups(List.of(group), options)
                    .describedGroups()
                    .get(group);
            return described == null ? ifNotThere : known(answer(described).authorizedOperations(), ifNotThere);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof AuthorizationException) {
                return Set.of();
            }
            if (failed.getCause() instanceof GroupIdNotFoundException) {
                return ifNotThere;
            }
            throw failed;
        }
    }

    private static Set<AclOperation> known(@Nullable Set<AclOperation> told, Set<AclOperation> otherwise) {
        return told == null ? otherwise : told;
    }

    private static List<AclOperation> lacking(Set<AclOperation> wanted, Set<AclOperation> there) {
        return wanted.stream().filter(right -> !there.contains(right)).toList();
    }

    private <T> T answer(KafkaFuture<T> future) throws ExecutionException, TimeoutException, InterruptedException {
        return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    }
}
