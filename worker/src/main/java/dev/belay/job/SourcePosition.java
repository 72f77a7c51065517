package dev.belay.job;

/// Where a job's original message stands in the log; retries keep it. Only positions of one partition have an order.
///
/// @param topicId   the topic's id, so that a topic made again under the same name is another topic
/// @param partition the partition's number
/// @param offset    the offset in it
public record SourcePosition(String topicId, int partition, long offset) {
    /// Whether this message was written to the same partition before `other`.
    public boolean isOlderThan(SourcePosition other) {
        return topicId.equals(other.topicId) && partition == other.partition && offset < other.offset;
    }
}
