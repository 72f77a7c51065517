package dev.belay.sim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Announcing, small enough to be searched through whole: one partition with two jobs, two workers, crashes,
/// sessions that expire while their worker goes on (a zombie), zombies that poll again, hand-overs, lost
/// answers, transactions that time out. The journal knows which job was decided; whoever runs a decided job
/// announces the stored event.
///
/// Sets of jobs are bits: 1 for the first job, 2 for the second.
final class AnnouncingModel {
    private static final int GENERATIONS = 5;
    private static final int CRASHES = 2;

    /// How announcing is done.
    enum Variant {
        /// One transaction with offsets and bitmap, under the membership captured with the ownership.
        AS_BUILT,
        /// The offset committed is the one behind the last finished job, whatever is open below it.
        NO_LEDGER,
        /// The membership is asked for when the offsets are sent.
        LATE_METADATA,
        /// Offsets are sent without membership.
        NO_METADATA,
        /// Events are sent from the journal and marked there, apart from offsets.
        OUTBOX_RELAY,
        /// Ledger, events by an idempotent producer, offsets after them.
        NO_TRANSACTION,
        /// As built, but readers do not wait for commits.
        READ_UNCOMMITTED
    }

    /// What a worker does with its transaction.
    private enum Doing {
        NOTHING,
        BEGUN,
        ADDED,
        UNKNOWN
    }

    /// @param ownedSince the generation in which its ownership began, as far as it knows; 0 when it owns nothing
    /// @param generation of its membership, as far as it knows
    /// @param taken      jobs it runs; finished ones wait to be announced
    /// @param batch      jobs that are being announced, under the membership of `captured`
    /// @param open       jobs whose events stand in its open transaction at the broker; pending: with their offsets
    private record Worker(
            boolean alive,
            int ownedSince,
            int generation,
            int taken,
            int finished,
            int done,
            Doing doing,
            int batch,
            int captured,
            int open,
            int pending,
            int relaying) {
        static final Worker FRESH = new Worker(true, 0, 0, 0, 0, 0, Doing.NOTHING, 0, 0, 0, 0, 0);

        Worker dead() {
            return new Worker(false, 0, 0, 0, 0, 0, Doing.NOTHING, 0, 0, open, pending, 0);
        }

        Worker polled(int since, int now, int settled) {
            return since == ownedSince
                    ? new Worker(
                            true, since, now, taken, finished, done, doing, batch, captured, open, pending, relaying)
                    : new Worker(true, since, now, 0, 0, settled, doing, batch, captured, open, pending, relaying);
        }

        Worker jobs(int nowTaken, int nowFinished, int nowDone) {
            return new Worker(
                    true,
                    ownedSince,
                    generation,
                    nowTaken,
                    nowFinished,
                    nowDone,
                    doing,
                    batch,
                    captured,
                    open,
                    pending,
                    relaying);
        }

        Worker does(Doing next, int nextBatch, int nextCaptured) {
            return new Worker(
                    true,
                    ownedSince,
                    generation,
                    taken,
                    finished,
                    done,
                    next,
                    nextBatch,
                    nextCaptured,
                    open,
                    pending,
                    relaying);
        }

        Worker atBroker(int nowOpen, int nowPending) {
            return new Worker(
                    alive,
                    ownedSince,
                    generation,
                    taken,
                    finished,
                    done,
                    doing,
                    batch,
                    captured,
                    nowOpen,
                    nowPending,
                    relaying);
        }

        Worker relays(int job) {
            return new Worker(
                    true, ownedSince, generation, taken, finished, done, doing, batch, captured, open, pending, job);
        }
    }

    /// @param members workers the group knows
    /// @param settled jobs whose offsets are committed
    /// @param first   how often the first job's event was seen; second: the second's
    private record State(
            int generation,
            int owner,
            int ownerSince,
            int members,
            int settled,
            int decided,
            int marked,
            int first,
            int second,
            int crashes,
            Worker one,
            Worker two) {
        static final State START = new State(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, Worker.FRESH, Worker.FRESH);

        Worker worker(int number) {
            return number == 1 ? one : two;
        }

        State with(int number, Worker worker) {
            return new State(
                    generation,
                    owner,
                    ownerSince,
                    members,
                    settled,
                    decided,
                    marked,
                    first,
                    second,
                    crashes,
                    number == 1 ? worker : one,
                    number == 2 ? worker : two);
        }

        State group(int nextOwner, int nextMembers) {
            int since = nextOwner == owner ? ownerSince : generation + 1;
            return new State(
                    generation + 1,
                    nextOwner,
                    nextOwner == 0 ? 0 : since,
                    nextMembers,
                    settled,
                    decided,
                    marked,
                    first,
                    second,
                    crashes,
                    one,
                    two);
        }

        State seen(int jobs) {
            return new State(
                    generation,
                    owner,
                    ownerSince,
                    members,
                    settled,
                    decided,
                    marked,
                    first + (jobs & 1),
                    second + (jobs >> 1 & 1),
                    crashes,
                    one,
                    two);
        }

        State settle(int jobs) {
            return new State(
                    generation,
                    owner,
                    ownerSince,
                    members,
                    settled | jobs,
                    decided,
                    marked,
                    first,
                    second,
                    crashes,
                    one,
                    two);
        }

        State decide(int jobs, int nowMarked, int nowCrashes) {
            return new State(
                    generation,
                    owner,
                    ownerSince,
                    members,
                    settled,
                    decided | jobs,
                    marked | nowMarked,
                    first,
                    second,
                    nowCrashes,
                    one,
                    two);
        }

        boolean isMember(int number) {
            return (members & number) != 0;
        }
    }

    private record Step(@Nullable State from, String what) {}

    /// What a search came to.
    ///
    /// @param counterExample the shortest way to a violation, if there is one
    /// @param reachesTheEnd  whether both jobs can be announced and settled
    record Search(int states, List<String> counterExample, boolean reachesTheEnd) {}

    private final Variant variant;
    private final Map<State, Step> known = new HashMap<>();
    private final ArrayDeque<State> waiting = new ArrayDeque<>();

    private AnnouncingModel(Variant variant) {
        this.variant = variant;
    }

    static Search search(Variant variant) {
        return new AnnouncingModel(variant).search();
    }

    private Search search() {
        boolean ended = false;
        reach(null, "start", State.START);
        while (!waiting.isEmpty()) {
            State state = waiting.remove();
            Optional<String> violation = violation(state);
            if (violation.isPresent()) {
                return new Search(known.size(), way(state, violation.get()), ended);
            }
            ended |= state.settled() == 3 && state.first() == 1 && state.second() == 1;
            for (int number = 1; number <= 2; number++) {
                steps(state, number);
            }
        }
        return new Search(known.size(), List.of(), ended);
    }

    private Optional<String> violation(State state) {
        if (state.first() > 1 || state.second() > 1) {
            return Optional.of("an event is seen twice");
        }
        int told = variant == Variant.OUTBOX_RELAY ? state.decided() : state.first() | state.second() << 1;
        return (state.settled() & ~told) != 0
                ? Optional.of("an event is lost: its offset is passed")
                : Optional.empty();
    }

    private List<String> way(State state, String end) {
        var way = new ArrayList<String>();
        way.add(end);
        for (State at = state; at != null; ) {
            Step step = Objects.requireNonNull(known.get(at));
            way.add(step.what());
            at = step.from();
        }
        Collections.reverse(way);
        return way;
    }

    private void reach(@Nullable State from, String what, State state) {
        if (known.putIfAbsent(state, new Step(from, what)) == null) {
            waiting.add(state);
        }
    }

    private void steps(State state, int number) {
        String who = number == 1 ? "A" : "B";
        Worker me = state.worker(number);
        brokerSteps(state, number, who);
        if (!me.alive()) {
            // A new life fences the old one's transaction.
            reach(state, who + " is started again", state.with(number, Worker.FRESH));
            return;
        }
        if (state.crashes() < CRASHES) {
            reach(state, who + " dies", state.decide(0, 0, state.crashes() + 1).with(number, me.dead()));
        }
        poll(state, number, who);
        work(state, number, who);
        announce(state, number, who);
    }

    private void brokerSteps(State state, int number, String who) {
        Worker me = state.worker(number);
        int other = 3 - number;
        if (state.isMember(number) && state.generation() < GENERATIONS) {
            int heir = state.owner() == number ? (state.isMember(other) ? other : 0) : state.owner();
            reach(state, who + "'s session expires", state.group(heir, state.members() & ~number));
        }
        if (me.open() != 0) {
            reach(state, who + "'s transaction times out", state.with(number, me.atBroker(0, 0)));
        }
    }

    /// Learns what it owns; joins again when it is out. Adopting a partition waits for transactions that
    /// would move its offset.
    private void poll(State state, int number, String who) {
        State now = state;
        if (!state.isMember(number)) {
            if (state.generation() >= GENERATIONS) {
                return;
            }
            now = state.group(state.owner() == 0 ? number : state.owner(), state.members() | number);
        }
        learn(state, now, number, who + " polls");
        int other = 3 - number;
        if (now.owner() == number && now.isMember(other) && now.generation() < GENERATIONS) {
            learn(state, now.group(other, now.members()), number, who + " polls and hands over");
        }
        if (now.generation() < GENERATIONS) {
            learn(state, now.group(now.owner(), now.members()), number, who + " polls in a new generation");
        }
    }

    private void learn(State from, State now, int number, String what) {
        int since = now.owner() == number ? now.ownerSince() : 0;
        Worker me = now.worker(number);
        boolean adopts = since != 0 && since != me.ownedSince();
        boolean undecided = now.one().pending() != 0 || now.two().pending() != 0;
        if (!adopts || !undecided) {
            reach(from, what, now.with(number, me.polled(since, now.generation(), now.settled())));
        }
    }

    private void work(State state, int number, String who) {
        Worker me = state.worker(number);
        for (int job = 1; job <= 2; job++) {
            boolean fresh = ((me.taken() | me.finished() | me.done()) & job) == 0;
            if (me.ownedSince() != 0 && fresh) {
                reach(
                        state,
                        who + " takes job " + job,
                        state.with(number, me.jobs(me.taken() | job, me.finished(), me.done())));
            }
            if ((me.taken() & job) != 0) {
                reach(
                        state,
                        who + " ends job " + job,
                        state.decide(job, 0, state.crashes())
                                .with(number, me.jobs(me.taken() & ~job, me.finished() | job, me.done())));
            }
        }
    }

    private void announce(State state, int number, String who) {
        if (variant == Variant.OUTBOX_RELAY) {
            relay(state, number, who);
        }
        Worker me = state.worker(number);
        switch (me.doing()) {
            case NOTHING -> begin(state, number, who);
            case BEGUN -> addOffsets(state, number, who);
            case ADDED -> commit(state, number, who);
            case UNKNOWN -> renew(state, number, who);
        }
    }

    private boolean isTransactional() {
        return variant != Variant.OUTBOX_RELAY && variant != Variant.NO_TRANSACTION;
    }

    private void begin(State state, int number, String who) {
        Worker me = state.worker(number);
        if (me.ownedSince() == 0 || me.finished() == 0) {
            return;
        }
        Worker begun = me.does(Doing.BEGUN, me.finished(), me.generation());
        boolean seenAtOnce = variant == Variant.NO_TRANSACTION || variant == Variant.READ_UNCOMMITTED;
        State told = seenAtOnce ? state.seen(me.finished()) : state;
        reach(
                state,
                who + " sends the events of " + jobs(me.finished()),
                told.with(number, isTransactional() ? begun.atBroker(me.finished(), 0) : begun));
    }

    private void addOffsets(State state, int number, String who) {
        Worker me = state.worker(number);
        if (isTransactional() && me.open() == 0) {
            reach(
                    state,
                    who + " finds its transaction gone",
                    state.with(number, me.does(Doing.UNKNOWN, me.batch(), 0)));
            return;
        }
        int claimed = variant == Variant.LATE_METADATA ? me.generation() : me.captured();
        boolean accepted = variant == Variant.NO_METADATA || (state.isMember(number) && claimed == state.generation());
        if (!accepted) {
            reach(
                    state,
                    who + " is fenced",
                    state.with(number, me.atBroker(0, 0).does(Doing.NOTHING, 0, 0)));
        } else if (isTransactional()) {
            reach(
                    state,
                    who + " adds the offsets of " + jobs(me.batch()),
                    state.with(number, me.atBroker(me.open(), me.open()).does(Doing.ADDED, me.batch(), 0)));
        } else {
            reach(
                    state,
                    who + " commits the offsets of " + jobs(me.batch()),
                    state.settle(me.batch()).with(number, announced(me, me.batch())));
        }
    }

    /// What is announced is done, as long as it is still the same ownership's.
    private static Worker announced(Worker me, int batch) {
        return me.jobs(me.taken(), me.finished() & ~batch, me.done() | (batch & me.finished()))
                .does(Doing.NOTHING, 0, 0);
    }

    private int passed(int batch) {
        boolean passesAll = variant == Variant.NO_LEDGER && (batch & 2) != 0;
        return passesAll ? 3 : batch;
    }

    private void commit(State state, int number, String who) {
        Worker me = state.worker(number);
        if (me.open() == 0) {
            reach(
                    state,
                    who + " finds its transaction gone",
                    state.with(number, me.does(Doing.UNKNOWN, me.batch(), 0)));
            return;
        }
        State out = variant == Variant.READ_UNCOMMITTED ? state : state.seen(me.open());
        State committed = out.settle(passed(me.open()));
        reach(state, who + " commits", committed.with(number, announced(me.atBroker(0, 0), me.batch())));
        Worker unsure = me.does(Doing.UNKNOWN, me.batch(), 0);
        reach(state, who + " commits without an answer", committed.with(number, unsure.atBroker(0, 0)));
        reach(state, who + "'s commit does not arrive", state.with(number, unsure));
    }

    /// A new producer decides the old one's transaction; then the committed offsets say what is out.
    private void renew(State state, int number, String who) {
        Worker me = state.worker(number);
        Worker fresh = me.atBroker(0, 0);
        int other = 3 - number;
        if (state.worker(other).pending() == 0) {
            reach(state, who + " asks the broker", state.with(number, announced(fresh, me.batch() & state.settled())));
        }
    }

    private void relay(State state, int number, String who) {
        Worker me = state.worker(number);
        if (me.relaying() != 0) {
            reach(
                    state,
                    who + " marks job " + me.relaying() + " as sent",
                    state.decide(0, me.relaying(), state.crashes()).with(number, me.relays(0)));
            return;
        }
        for (int job = 1; job <= 2; job++) {
            if ((state.decided() & ~state.marked() & job) != 0) {
                reach(state, who + " relays job " + job, state.seen(job).with(number, me.relays(job)));
            }
        }
    }

    private static String jobs(int set) {
        return switch (set) {
            case 1 -> "job 1";
            case 2 -> "job 2";
            default -> "both jobs";
        };
    }
}
