package dev.belay.intake;

import dev.belay.journal.JobRecord;
import dev.belay.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/// What Kafka can still deliver of the messages of finished jobs, whatever is done to the group's offsets: what
/// its logs still hold. A log only loses its beginning, so what was out of reach once stays so.
///
/// @param jobsTopic id of the jobs topic. What came from another one (it was deleted, or there are other settings) is
/// never called out of reach
/// @param begins    the first offset of each of its partitions
/// @param noHops    whether the retry topics hold nothing from before the time asked for
record LogReach(String jobsTopic, Map<Integer, Long> begins, boolean noHops) implements Predicate<JobRecord> {
    private static final long PATIENCE_SECONDS = 30;
    /// Retry messages bear their worker's time, and workers' clocks differ.
    private static final Duration CLOCKS_DIFFER = Duration.ofHours(1);

    /// Copies the offsets.
    LogReach {
        begins = Map.copyOf(begins);
    }

    /// Whether a message of this job may come again. Its hops' places are not known, but the last of them was written
    /// before the job ended.
    @Override
    public boolean test(JobRecord job) {
        Long begin = begins.get(job.position().partition());
        boolean originalIsGone = job.position().topicId().equals(jobsTopic)
                && begin != null
                && job.position().offset() < begin;
        return !originalIsGone || !(job.hop() == 0 || noHops);
    }

    /// Asks the broker.
    ///
    /// @param endedBefore the jobs that will be asked about have ended before
    /// @throws org.apache.kafka.common.KafkaException when it does not say
    static LogReach ask(Admin admin, Topics topics, int retryTopics, Instant endedBefore) throws InterruptedException {
        List<String> names = new ArrayList<>(List.of(topics.jobs()));
        for (int number = 1; number <= retryTopics; number++) {
            names.add(topics.retry(number));
        }
        Map<String, TopicDescription> there = answer(admin.describeTopics(names).allTopicNames());
        Map<TopicPartition, Long> first = offsets(admin, there, OffsetSpec.earliest());
        var begins = new HashMap<Integer, Long>();
        first.forEach((partition, offset) -> {
            if (partition.topic().equals(topics.jobs())) {
                begins.put(partition.partition(), offset);
            }
        });
        TopicDescription jobs = Objects.requireNonNull(there.remove(topics.jobs()));
        return new LogReach(
                jobs.topicId().toString(),
                begins,
                holdNothingBefore(admin, there, first, endedBefore.minus(CLOCKS_DIFFER)));
    }

    private static boolean holdNothingBefore(
            Admin admin, Map<String, TopicDescription> retries, Map<TopicPartition, Long> first, Instant time)
            throws InterruptedException {
        Map<TopicPartition, Long> since = offsets(admin, retries, OffsetSpec.forTimestamp(time.toEpochMilli()));
        Map<TopicPartition, Long> ends = offsets(admin, retries, OffsetSpec.latest());
        return ends.entrySet().stream().allMatch(end -> {
            Long begin = first.get(end.getKey());
            return end.getValue().equals(begin) || Objects.equals(since.get(end.getKey()), begin);
        });
    }

    private static Map<TopicPartition, Long> offsets(
            Admin admin, Map<String, TopicDescription> topics, OffsetSpec which) throws InterruptedException {
        var asked = new HashMap<TopicPartition, OffsetSpec>();
        topics.forEach((name, topic) -> topic.partitions()
                .forEach(partition -> asked.put(new TopicPartition(name, partition.partition()), which)));
        var offsets = new HashMap<TopicPartition, Long>();
        for (Map.Entry<TopicPartition, ListOffsetsResultInfo> found :
                answer(admin.listOffsets(asked).all()).entrySet()) {
            offsets.put(found.getKey(), found.getValue().offset());
        }
        return offsets;
    }

    private static <T> T answer(KafkaFuture<T> future) throws InterruptedException {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw KafkaFailures.of(e);
        } catch (TimeoutException e) {
            throw new org.apache.kafka.common.errors.TimeoutException("no answer in " + PATIENCE_SECONDS + " s", e);
        }
    }
}
