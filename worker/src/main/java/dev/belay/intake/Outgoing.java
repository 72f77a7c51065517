package dev.belay.intake;

import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/// A record to be written, and the smaller one that stands for it where it proves too large.
record Outgoing(ProducerRecord<byte[], byte[]> record, Optional<ProducerRecord<byte[], byte[]>> smaller) {
    String topic() {
        return record.topic();
    }

    /// The smaller record alone.
    Optional<Outgoing> shrunk() {
        return smaller.map(less -> new Outgoing(less, Optional.empty()));
    }
}
