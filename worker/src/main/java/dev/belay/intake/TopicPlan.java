package dev.belay.intake;

import java.time.Duration;
import java.util.OptionalInt;

/// How the topics are to be made.
///
/// @param partitions        of each topic
/// @param replicationFactor three where the cluster has three brokers, else as many as it has, unless set
/// @param jobsKept          how long messages stay in the jobs, retry and control topics
/// @param outcomesKept      how long they stay in the events and dead-letter topics
public record TopicPlan(int partitions, OptionalInt replicationFactor, Duration jobsKept, Duration outcomesKept) {
    /// 6 partitions, 7 and 30 days.
    public static final TopicPlan DEFAULT =
            new TopicPlan(6, OptionalInt.empty(), Duration.ofDays(7), Duration.ofDays(30));
}
