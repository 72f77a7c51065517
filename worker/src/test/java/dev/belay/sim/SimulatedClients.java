package dev.belay.sim;

import dev.belay.sim.Faults.Kind;
import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.internals.CoordinatorKey;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TimeoutException;

/// Kafka's clients for one life of a worker, over the simulated broker.
final class SimulatedClients {
    static final String GROUP = "belay";
    private static final Duration ASK = Duration.ofSeconds(5);

    private final Fibers fibers;
    private final Faults faults;
    private final Broker broker;
    private final Group group;
    private final Random random;

    SimulatedClients(Scene scene) {
        this.fibers = scene.fibers();
        this.faults = scene.faults();
        this.broker = scene.broker();
        this.group = scene.group();
        this.random = scene.random();
    }

    /// The offsets of partitions once no open transaction would move them.
    Map<TopicPartition, OffsetAndMetadata> committed(Collection<TopicPartition> partitions) {
        faults.step("fetch offsets");
        faults.kafka("fetch offsets");
        long end = fibers.now() + ASK.toMillis();
        while (partitions.stream().anyMatch(broker::isUndecided)) {
            if (fibers.now() > end) {
                throw new TimeoutException("offsets are not stable");
            }
            fibers.sleep(200);
        }
        var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
        partitions.forEach(partition -> offsets.put(partition, broker.committed(partition)));
        faults.step("after fetch offsets");
        return offsets;
    }

    Admin admin() {
        return (Admin) Proxy.newProxyInstance(
                Admin.class.getClassLoader(),
                new Class<?>[] {Admin.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "describeTopics" -> topics((Collection<?>) arguments[0]);
                    case "listConsumerGroupOffsets" -> offsets((Map<?, ?>) arguments[0]);
                    case "close" -> null;
                    default -> throw new UnsupportedOperationException(method.toString());
                });
    }

    private DescribeTopicsResult topics(Collection<?> names) {
        faults.step("describe topics");
        faults.kafka("describe topics");
        var topics = new HashMap<String, KafkaFuture<TopicDescription>>();
        for (Object name : names) {
            var topic = new TopicDescription(
                    (String) name, false, List.of(), java.util.Set.of(), new Uuid(7, name.hashCode()));
            topics.put((String) name, KafkaFuture.completedFuture(topic));
        }
        return new DescribeTopicsResult(null, topics) {};
    }

    /// Kafka keeps the constructor to itself.
    private ListConsumerGroupOffsetsResult offsets(Map<?, ?> asked) throws ReflectiveOperationException {
        var spec = (ListConsumerGroupOffsetsSpec) asked.values().iterator().next();
        var offsets = committed(spec.topicPartitions());
        Constructor<ListConsumerGroupOffsetsResult> made =
                ListConsumerGroupOffsetsResult.class.getDeclaredConstructor(Map.class);
        made.setAccessible(true);
        return made.newInstance(Map.of(CoordinatorKey.byGroupId(GROUP), KafkaFuture.completedFuture(offsets)));
    }

    /// A transactional producer, not initialised.
    @SuppressWarnings("unchecked")
    Producer<byte[], byte[]> producer(String transactionalId) {
        var state = new TransactionalProducer(transactionalId);
        return (Producer<byte[], byte[]>) Proxy.newProxyInstance(
                Producer.class.getClassLoader(), new Class<?>[] {Producer.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "initTransactions" -> state.initialise();
                        case "beginTransaction", "close" -> {}
                        case "send" -> {
                            return state.send((ProducerRecord<byte[], byte[]>) arguments[0]);
                        }
                        case "flush" -> faults.step("flush");
                        case "sendOffsetsToTransaction" ->
                            state.addOffsets(
                                    (Map<TopicPartition, OffsetAndMetadata>) arguments[0],
                                    (ConsumerGroupMetadata) arguments[1]);
                        case "commitTransaction" -> state.commit();
                        case "abortTransaction" -> state.abort();
                        default -> throw new UnsupportedOperationException(method.toString());
                    }
                    return null;
                });
    }

    private final class TransactionalProducer {
        private final String id;
        private int epoch;

        TransactionalProducer(String id) {
            this.id = id;
        }

        void initialise() {
            faults.step("initTransactions");
            faults.kafka("initTransactions");
            epoch = broker.initialise(id);
            faults.step("after initTransactions");
        }

        CompletableFuture<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
            try {
                if (faults.happens(Kind.KAFKA) && random.nextInt(4) == 0) {
                    throw new TimeoutException("send");
                }
                broker.requireEpoch(id, epoch);
                broker.write(id, record, fibers.now());
                return CompletableFuture.completedFuture(
                        new RecordMetadata(new TopicPartition(record.topic(), 0), 0, 0, 0, 0, 0));
            } catch (RuntimeException failed) {
                return CompletableFuture.failedFuture(failed);
            }
        }

        void addOffsets(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata metadata) {
            faults.step("sendOffsets "
                    + offsets.keySet().stream().map(Object::toString).sorted().toList());
            faults.kafka("sendOffsets");
            broker.requireEpoch(id, epoch);
            group.requireMember(metadata);
            broker.addOffsets(id, offsets, fibers.now());
            faults.step("after sendOffsets");
            faults.kafka("after sendOffsets");
        }

        /// Without an answer it may have come to the broker, come later, or never.
        void commit() {
            faults.step("commit");
            broker.requireEpoch(id, epoch);
            var open = broker.open(id);
            if (faults.happens(Kind.KAFKA)) {
                fibers.note("commit", "NO ANSWER");
                int fate = random.nextInt(3);
                if (open != null && fate == 0) {
                    broker.end(id, open, true);
                } else if (open != null && fate == 1) {
                    int mine = epoch;
                    fibers.spawn(new Fibers.Life("network"), "late commit " + id, () -> {
                        fibers.sleep(random.nextInt(4000));
                        try {
                            broker.requireEpoch(id, mine);
                            broker.end(id, open, true);
                        } catch (RuntimeException fenced) {
                            fibers.note("network", "too late");
                        }
                    });
                }
                throw new TimeoutException("commit");
            }
            if (open != null) {
                broker.end(id, open, true);
            }
            faults.step("after commit");
        }

        void abort() {
            faults.step("abort");
            faults.kafka("abort");
            broker.requireEpoch(id, epoch);
            var open = broker.open(id);
            if (open != null) {
                broker.end(id, open, false);
            }
            faults.step("after abort");
        }
    }
}
