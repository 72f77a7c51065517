package dev.belay.endtoend;

import dev.belay.schemas.Event;
import dev.belay.schemas.EventCodec;
import dev.belay.schemas.EventType;
import dev.belay.schemas.Receipt;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// All events from the first on, as any `read_committed` consumer hears them. For one thread.
final class EventLog implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(50);

    /// One event where it stands.
    record Heard(int partition, long offset, Event event) {
        boolean isTerminal() {
            return event.type().terminal();
        }

        String job() {
            return String.valueOf(event.subject());
        }

        EventType type() {
            return event.type();
        }
    }

    private final EventCodec codec = new EventCodec();
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final List<Heard> heard = new ArrayList<>();

    EventLog(String servers, String topic) {
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", servers, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        partitions = consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /// Reads on until it is enough.
    ///
    /// @throws AssertionError when that takes too long
    void until(String what, BooleanSupplier enough) {
        long end = System.nanoTime() + Installation.PATIENCE.toNanos();
        while (!enough.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("waited %s in vain for: %s. Ended so far: %s"
                        .formatted(Installation.PATIENCE, what, terminal().size()));
            }
            poll();
        }
    }

    /// Reads all there is now.
    void toEnd() {
        consumer.endOffsets(partitions).forEach((partition, end) -> {
            while (consumer.position(partition) < end) {
                poll();
            }
        });
    }

    /// Waits for the end of a job.
    Receipt receiptOf(String job) {
        until("the end of " + job, () -> !terminalOf(job).isEmpty());
        return (Receipt) terminalOf(job).getFirst().event().data();
    }

    List<Heard> all() {
        return List.copyOf(heard);
    }

    List<Heard> of(String job) {
        return heard.stream().filter(one -> one.job().equals(job)).toList();
    }

    List<Heard> terminal() {
        return heard.stream().filter(Heard::isTerminal).toList();
    }

    List<Heard> terminalOf(String job) {
        return of(job).stream().filter(Heard::isTerminal).toList();
    }

    private void poll() {
        for (var record : consumer.poll(POLL)) {
            codec.read(headers(record), record.value())
                    .ifPresent(event -> heard.add(new Heard(record.partition(), record.offset(), event)));
        }
    }

    private static Map<String, String> headers(ConsumerRecord<byte[], byte[]> record) {
        var headers = new HashMap<String, String>();
        for (var header : record.headers()) {
            headers.put(header.key().toLowerCase(Locale.ROOT), new String(header.value(), StandardCharsets.UTF_8));
        }
        return headers;
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
}
