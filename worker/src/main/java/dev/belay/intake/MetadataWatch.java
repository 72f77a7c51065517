package dev.belay.intake;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.ClusterResource;
import org.apache.kafka.common.ClusterResourceListener;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/// Notices that a consumer has learned anything new about its topics, such as that one was made anew.
///
/// A consumer fetches by topic id, and learns a new id only from an update of its metadata. So as long as there was
/// none, every record is of the topic it was before. The consumer tells of updates whoever deserializes its records:
/// that is why this is a deserializer, which leaves bytes as they are. Told from the consumer's threads.
final class MetadataWatch implements Deserializer<byte[]>, ClusterResourceListener {
    private final AtomicBoolean updated = new AtomicBoolean(true);

    @Override
    public void onUpdate(ClusterResource cluster) {
        updated.set(true);
    }

    /// Whether there was an update, at first or since [#clear()].
    boolean isUpdated() {
        return updated.get();
    }

    /// To be called before the broker is asked, not after: an update that comes meanwhile is another one.
    void clear() {
        updated.set(false);
    }

    /// There may have been an update that was not looked into.
    void set() {
        updated.set(true);
    }

    @Override
    public byte @Nullable [] deserialize(String topic, byte @Nullable [] bytes) {
        return bytes;
    }
}
