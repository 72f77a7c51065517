package dev.belay.intake;

import dev.belay.job.JobRequest;
import dev.belay.journal.Delivery;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.Origin;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// A message that was taken from a partition, and what it says.
sealed interface Delivered {
    Taken taken();

    /// A record and the ownership it was taken under.
    record Taken(ConsumerRecord<byte[], byte[]> record, Ownership ownership) {
        long offset() {
            return record.offset();
        }

        int bytes() {
            return bytesBesideTheValue() + Math.max(0, record.serializedValueSize());
        }

        /// Those of the key and the headers.
        int bytesBesideTheValue() {
            int bytes = Math.max(0, record.serializedKeySize());
            for (var header : record.headers()) {
                bytes += header.key().length() + (header.value() == null ? 0 : header.value().length);
            }
            return bytes;
        }

        @Override
        public String toString() {
            return record.topic() + "-" + record.partition() + " offset " + record.offset();
        }
    }

    /// A job.
    ///
    /// @param origin where the original message stands
    record Job(
            Taken taken,
            Origin origin,
            JobMessage message,
            JobRequest request,
            Delivery delivery,
            List<String> warnings)
            implements Delivered {
        public Job {
            warnings = List.copyOf(warnings);
        }
    }

    /// No job: a dead letter.
    record Refused(Taken taken, Origin origin, Refusal refusal) implements Delivered {}
}
