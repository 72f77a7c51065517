package dev.belay.intake;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// One partition, owned without a break: from its assignment until it is revoked or lost. When it comes back it is
/// another ownership. Compared by identity.
///
/// HELD → ENDING → OVER, or HELD → OVER. Only the poll thread moves it.
final class Ownership {
    private enum State {
        HELD,
        ENDING,
        OVER
    }

    private final TopicPartition partition;
    private final String topicId;
    private final OffsetLedger ledger;
    private final long unsureBelow;
    private final long adoptedAt = System.nanoTime();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger toAnnounce = new AtomicInteger();
    private volatile State state = State.HELD;
    private volatile @Nullable String stalled;
    // Used by the poll thread only.
    private @Nullable Hold hold;

    /// Why the partition is set back to a message: it is not due before a time, or there is no room.
    record Hold(
            ConsumerRecord<byte[], byte[]> record, @Nullable Instant dueAt) {}

    Ownership(TopicPartition partition, String topicId, OffsetLedger ledger, long unsureBelow) {
        this.partition = partition;
        this.topicId = topicId;
        this.ledger = ledger;
        this.unsureBelow = unsureBelow;
    }

    TopicPartition partition() {
        return partition;
    }

    /// The id of the topic it is a partition of: one made anew under the name has another.
    String topicId() {
        return topicId;
    }

    /// Messages below this offset may have been announced though the committed offset does not say so: a person, or
    /// nobody, has said where the partition begins.
    long unsureBelow() {
        return unsureBelow;
    }

    /// Whether it began later than a moment of [System#nanoTime()].
    boolean isAdoptedAfter(long nanoTime) {
        return adoptedAt - nanoTime > 0;
    }

    OffsetLedger ledger() {
        return ledger;
    }

    /// Takes note that a message is being dealt with.
    void take(Delivered.Taken taken) {
        ledger.open(taken.offset());
        bytes.addAndGet(taken.bytes());
    }

    /// A message's end is on its way to the broker.
    void finished() {
        toAnnounce.incrementAndGet();
    }

    /// A message's end is committed, or let go.
    void settled(Delivered.Taken taken) {
        bytes.addAndGet(-taken.bytes());
        toAnnounce.decrementAndGet();
    }

    /// The bytes of all messages that are being dealt with.
    long bytes() {
        return bytes.get();
    }

    /// Whether every end that was reached is committed.
    boolean isAnnounced() {
        return toAnnounce.get() == 0;
    }

    /// Another worker gets the partition: nothing is started any more, what runs stops, what has ended is
    /// announced.
    void beginEnding() {
        if (state == State.HELD) {
            state = State.ENDING;
        }
    }

    /// The partition is gone: nothing is announced any more.
    void end() {
        state = State.OVER;
    }

    /// Whether jobs may begin and go on.
    boolean isHeld() {
        return state == State.HELD;
    }

    /// Whether announcements may go out.
    boolean isOver() {
        return state == State.OVER;
    }

    /// Takes note that the poll thread waits at a message, or (null) goes on.
    void holdAt(@Nullable Hold at) {
        hold = at;
    }

    @Nullable Hold hold() {
        return hold;
    }

    /// Takes note that an outcome of this partition cannot be written, or (null) that all can again.
    void stall(@Nullable String reason) {
        stalled = reason;
    }

    /// Why no more messages are taken from the partition, if so.
    Optional<String> stalled() {
        return Optional.ofNullable(stalled);
    }

    @Override
    public String toString() {
        return partition + " (" + state + ")";
    }
}
