package dev.belay.sim;

import dev.belay.sim.Fibers.Life;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.jspecify.annotations.Nullable;

/// The group's coordinator: static members, generations, and who is given what. Eager or cooperative. What a
/// partition's owner knows of it may be old: a member learns at its next poll.
final class Group {
    static final class Member {
        final String id;
        final String slot;
        final Life life;
        final Set<TopicPartition> owned = new TreeSet<>(Broker.BY_NAME);
        boolean rejoined;
        int generation;
        boolean synced;

        Member(String id, String slot, Life life) {
            this.id = id;
            this.slot = slot;
            this.life = life;
        }
    }

    private final Random random;
    private final boolean cooperative;
    private final List<TopicPartition> partitions;
    private final Map<String, Member> members = new LinkedHashMap<>();
    private final Map<TopicPartition, String> target = new TreeMap<>(Broker.BY_NAME);
    private final Map<TopicPartition, String> given = new TreeMap<>(Broker.BY_NAME);
    private int generation;
    private int joins;
    private int rebalances;
    private boolean preparing;

    Group(Random random, List<TopicPartition> partitions) {
        this.random = random;
        this.cooperative = random.nextBoolean();
        this.partitions = List.copyOf(partitions);
    }

    int rebalances() {
        return rebalances;
    }

    boolean isCooperative() {
        return cooperative;
    }

    boolean isPreparing() {
        return preparing;
    }

    @Nullable Member member(String id) {
        return members.get(id);
    }

    /// A restarted worker of a slot takes the place of its earlier life, without a rebalance.
    Member join(String slot, Life life) {
        var fresh = new Member(slot + "-" + ++joins, slot, life);
        Member earlier = ofSlot(slot);
        if (earlier == null) {
            members.put(fresh.id, fresh);
            begin(true);
            return fresh;
        }
        members.remove(earlier.id);
        members.put(fresh.id, fresh);
        given.replaceAll((partition, owner) -> owner.equals(earlier.id) ? fresh.id : owner);
        target.replaceAll((partition, owner) -> owner.equals(earlier.id) ? fresh.id : owner);
        fresh.generation = generation;
        completeIfAllAreHere();
        return fresh;
    }

    @Nullable Member ofSlot(String slot) {
        return members.values().stream()
                .filter(one -> one.slot.equals(slot))
                .findFirst()
                .orElse(null);
    }

    /// Partitions are to be given anew.
    void nudge() {
        begin(true);
    }

    /// A member that gave up partitions says so.
    void rejoin() {
        begin(false);
    }

    private void begin(boolean anew) {
        if (anew) {
            target.replaceAll(
                    (partition, owner) -> members.containsKey(owner) && random.nextInt(3) > 0 ? owner : anyMember());
        }
        if (!preparing) {
            preparing = true;
            members.values().forEach(member -> member.rejoined = false);
        }
    }

    private String anyMember() {
        List<String> ids = List.copyOf(members.keySet());
        return ids.isEmpty() ? "" : ids.get(random.nextInt(ids.size()));
    }

    void rejoined(Member member) {
        member.rejoined = true;
        completeIfAllAreHere();
    }

    /// Members that were not heard of for so long are out.
    void expire(long now, long session) {
        boolean gone = members.values().removeIf(member -> {
            Life life = member.life;
            boolean silent = life.dead || life.stalledUntil > now;
            return silent && now - life.silentSince > session;
        });
        if (gone) {
            begin(true);
            completeIfAllAreHere();
        }
        boolean settled = !preparing && members.values().stream().allMatch(member -> member.synced);
        if (settled && given.size() < partitions.size()) {
            // Who was to give up a partition has died before: nobody else would ask for it.
            begin(false);
        }
    }

    private void completeIfAllAreHere() {
        if (!preparing || members.isEmpty() || !members.values().stream().allMatch(member -> member.rejoined)) {
            return;
        }
        preparing = false;
        generation++;
        rebalances++;
        given.clear();
        for (TopicPartition partition : partitions) {
            String wanted = target.get(partition);
            if (wanted == null || !members.containsKey(wanted)) {
                wanted = anyMember();
                target.put(partition, wanted);
            }
            String chosen = wanted;
            boolean heldByAnother = cooperative
                    && members.values().stream()
                            .anyMatch(member -> !member.id.equals(chosen) && member.owned.contains(partition));
            if (!heldByAnother) {
                given.put(partition, chosen);
            }
        }
        members.values().forEach(member -> member.synced = false);
    }

    /// What a member is given in this generation.
    Set<TopicPartition> sync(Member member) {
        member.synced = true;
        member.generation = generation;
        var mine = new TreeSet<>(Broker.BY_NAME);
        given.forEach((partition, owner) -> {
            if (owner.equals(member.id)) {
                mine.add(partition);
            }
        });
        return mine;
    }

    /// Whether offsets may be added to a transaction under this membership.
    void requireMember(ConsumerGroupMetadata metadata) {
        Member member = members.get(metadata.memberId());
        if (member == null) {
            Member successor = ofSlot(metadata.groupInstanceId().orElse(""));
            if (successor != null && !metadata.memberId().isEmpty()) {
                throw new FencedInstanceIdException("another life of " + successor.slot);
            }
            throw new CommitFailedException("not a member: " + metadata.memberId());
        }
        if (metadata.generationId() != generation) {
            throw new CommitFailedException("generation " + metadata.generationId() + " is not " + generation);
        }
    }
}
