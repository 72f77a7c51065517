package dev.belay.powercut;

import dev.belay.schemas.MessageCodec;
import dev.belay.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Sends scripted jobs from outside, with their sources in a folder that no power cut reaches.
final class Sender implements AutoCloseable {
    private final Path sources;
    private final KafkaProducer<byte[], byte[]> producer;

    Sender(String servers, Path sources) {
        this.sources = sources;
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", servers, "acks", "all", "max.block.ms", "30000"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /// Returns when the broker has it.
    void send(ScriptedJob job) throws Exception {
        Path source = sources.resolve(job.id() + ".csv");
        Files.write(source, job.file());
        producer.send(new ProducerRecord<>(
                        new Topics("belay").jobs(),
                        job.dataset().getBytes(StandardCharsets.UTF_8),
                        new MessageCodec().writeJob(job.message(source.toString()))))
                .get();
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
