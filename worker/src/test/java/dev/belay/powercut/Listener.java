package dev.belay.powercut;

import dev.belay.schemas.Event;
import dev.belay.schemas.EventCodec;
import dev.belay.schemas.Receipt;
import dev.belay.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// A `read_committed` consumer outside: hears all events from the first on. For one thread.
final class Listener implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(20);

    private final EventCodec codec = new EventCodec();
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final List<Heard> heard = new ArrayList<>();

    /// The end of a job where it stands in the log.
    record Heard(int partition, long offset, Acknowledged.End end) {}

    Listener(String servers, int partitionCount) {
        consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        servers,
                        "isolation.level",
                        "read_committed",
                        "auto.offset.reset",
                        "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        partitions = IntStream.range(0, partitionCount)
                .mapToObj(partition -> new TopicPartition(new Topics("belay").events(), partition))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /// Listens for a moment.
    void listen() {
        for (var record : consumer.poll(POLL)) {
            end(record).ifPresent(end -> heard.add(new Heard(record.partition(), record.offset(), end)));
        }
    }

    /// The ends of jobs so far.
    List<Heard> heard() {
        return List.copyOf(heard);
    }

    private Optional<Acknowledged.End> end(ConsumerRecord<byte[], byte[]> record) {
        var headers = new HashMap<String, String>();
        for (var header : record.headers()) {
            headers.put(
                    header.key().toLowerCase(Locale.ROOT),
                    new String(header.value(), java.nio.charset.StandardCharsets.UTF_8));
        }
        return codec.read(headers, record.value())
                .filter(event -> event.type().terminal())
                .map(Listener::end);
    }

    private static Acknowledged.End end(Event event) {
        var receipt = (Receipt) event.data();
        return new Acknowledged.End(
                receipt.jobId(),
                receipt.outcome(),
                String.valueOf(receipt.version()),
                event.id().toString());
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
}
