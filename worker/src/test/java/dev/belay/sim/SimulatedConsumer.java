package dev.belay.sim;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/// A consumer in the group: learns in its polls that partitions come and go, reads committed records in small
/// portions.
final class SimulatedConsumer implements InvocationHandler {
    private static final int FIRST_IDLE = 50;
    private static final int LONGEST_IDLE = 3200;

    private final Scene scene;
    private final SimulatedClients clients;
    private final String slot;
    private final Set<TopicPartition> paused = new TreeSet<>(Broker.BY_NAME);
    private final Map<TopicPartition, Long> positions = new TreeMap<>(Broker.BY_NAME);
    // What the listener was told of.
    private final Set<TopicPartition> owned = new TreeSet<>(Broker.BY_NAME);
    private @Nullable ConsumerRebalanceListener listener;
    private String memberId = "";
    private ConsumerGroupMetadata metadata;
    private int idle = FIRST_IDLE;

    private SimulatedConsumer(Scene scene, SimulatedClients clients, String slot) {
        this.scene = scene;
        this.clients = clients;
        this.slot = slot;
        this.metadata = membership(-1);
    }

    @SuppressWarnings("unchecked")
    static Consumer<byte[], byte[]> of(Scene scene, SimulatedClients clients, String slot) {
        return (Consumer<byte[], byte[]>) Proxy.newProxyInstance(
                Consumer.class.getClassLoader(),
                new Class<?>[] {Consumer.class},
                new SimulatedConsumer(scene, clients, slot));
    }

    @Override
    @SuppressWarnings("unchecked")
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) {
        Object[] given = arguments == null ? new Object[0] : arguments;
        switch (method.getName()) {
            case "subscribe" -> listener = (ConsumerRebalanceListener) given[1];
            case "poll" -> {
                return poll();
            }
            case "groupMetadata" -> {
                return metadata;
            }
            case "committed" -> {
                Map<TopicPartition, OffsetAndMetadata> offsets = clients.committed((Set<TopicPartition>) given[0]);
                return offsets;
            }
            case "endOffsets" -> {
                // Nobody sets this group back by hand: no message below the end may have been announced unseen.
                return ((Collection<TopicPartition>) given[0])
                        .stream().collect(Collectors.toMap(one -> one, one -> 0L));
            }
            case "seek" -> positions.put((TopicPartition) given[0], (Long) given[1]);
            case "seekToBeginning" -> ((Collection<TopicPartition>) given[0]).forEach(one -> positions.put(one, 0L));
            case "pause" -> paused.addAll((Collection<TopicPartition>) given[0]);
            case "resume" -> paused.removeAll((Collection<TopicPartition>) given[0]);
            case "paused" -> {
                return Set.copyOf(paused);
            }
            case "assignment" -> {
                return Broker.sorted(owned);
            }
            case "currentLag" -> {
                return OptionalLong.empty();
            }
            case "metrics" -> {
                return Map.of();
            }
            case "close" -> {}
            default -> throw new UnsupportedOperationException(method.toString());
        }
        return null;
    }

    /// A constructor that Kafka wants to keep for itself; there is no other way to a membership of one's own.
    @SuppressWarnings("removal")
    private ConsumerGroupMetadata membership(int generation) {
        return new ConsumerGroupMetadata(SimulatedClients.GROUP, generation, memberId, Optional.of(slot));
    }

    private ConsumerRecords<byte[], byte[]> poll() {
        scene.faults().step("poll");
        settleMembership();
        var records = fetched();
        if (records.isEmpty()) {
            scene.fibers().sleep(idle);
            idle = Math.min(LONGEST_IDLE, idle * 2);
        } else {
            idle = FIRST_IDLE;
        }
        return new ConsumerRecords<>(records, Map.of());
    }

    private void settleMembership() {
        Group group = scene.group();
        Group.Member member = group.member(memberId);
        if (member == null) {
            member = joined(group);
        }
        if (group.isPreparing()) {
            if (!member.rejoined) {
                if (!group.isCooperative()) {
                    giveUp(member, Broker.sorted(owned));
                }
                group.rejoined(member);
            }
        } else if (!member.synced) {
            idle = FIRST_IDLE;
            take(group, member);
        }
    }

    private Group.Member joined(Group group) {
        Group.Member another = group.ofSlot(slot);
        if (another != null && another.life != scene.fibers().life() && !memberId.isEmpty()) {
            throw new FencedInstanceIdException("another worker is " + slot);
        }
        metadata = membership(-1);
        if (!owned.isEmpty()) {
            var lost = Broker.sorted(owned);
            scene.fibers().note(slot, "lost " + lost);
            listener().onPartitionsLost(lost);
            forget(lost);
        }
        idle = FIRST_IDLE;
        Group.Member member = group.join(slot, scene.fibers().life());
        memberId = member.id;
        metadata = membership(-1);
        return member;
    }

    /// Learns what this generation gives; then gives up what it does not.
    private void take(Group group, Group.Member member) {
        Set<TopicPartition> mine = group.sync(member);
        metadata = membership(member.generation);
        scene.fibers().note(slot, "generation " + member.generation + " " + mine);
        var going = Broker.sorted(owned);
        going.removeAll(mine);
        var coming = Broker.sorted(mine);
        coming.removeAll(owned);
        if (!going.isEmpty()) {
            giveUp(member, going);
        }
        owned.addAll(coming);
        member.owned.addAll(coming);
        listener().onPartitionsAssigned(coming);
        if (!going.isEmpty() && group.isCooperative()) {
            group.rejoin();
        }
    }

    private void giveUp(Group.Member member, Set<TopicPartition> going) {
        if (!going.isEmpty()) {
            listener().onPartitionsRevoked(going);
            forget(going);
            member.owned.removeAll(going);
        }
    }

    private void forget(Set<TopicPartition> going) {
        owned.removeAll(going);
        paused.removeAll(going);
        going.forEach(positions::remove);
    }

    private ConsumerRebalanceListener listener() {
        if (listener == null) {
            throw new IllegalStateException("not subscribed");
        }
        return listener;
    }

    private Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> fetched() {
        var records = new LinkedHashMap<TopicPartition, List<ConsumerRecord<byte[], byte[]>>>();
        for (TopicPartition partition : owned) {
            Long position = positions.get(partition);
            if (position == null || paused.contains(partition)) {
                continue;
            }
            var portion = new ArrayList<ConsumerRecord<byte[], byte[]>>();
            int most = 1 + scene.random().nextInt(4);
            for (Broker.Entry entry : scene.broker().read(partition, position)) {
                if (portion.size() < most) {
                    portion.add(record(partition, entry));
                    positions.put(partition, entry.offset() + 1);
                }
            }
            if (!portion.isEmpty()) {
                records.put(partition, portion);
            }
        }
        return records;
    }

    private static ConsumerRecord<byte[], byte[]> record(TopicPartition partition, Broker.Entry entry) {
        byte[] key = entry.key();
        byte[] value = entry.value();
        return new ConsumerRecord<>(
                partition.topic(),
                partition.partition(),
                entry.offset(),
                entry.timestamp(),
                TimestampType.CREATE_TIME,
                key == null ? -1 : key.length,
                value == null ? -1 : value.length,
                key,
                value,
                entry.headers(),
                Optional.empty());
    }
}
