package dev.belay.saga;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.kit.FaultRow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Kills the worker at every durable step of a whole life (opening the stores, recovery, the job), over the
/// real stores; and its successor, again at any step of its recovery.
///
/// The second kill comes in one of three of the states that the first ones leave, and is one of many there; both are
/// chosen by a seed (`-Dbelay.sweep.seed=N`). `-Dbelay.sweep.pairs=all` tries all of them in every state.
@FaultRow({"V2", "J2", "J3", "L1", "L2", "L3", "D0", "D1", "P1", "P2", "C1", "C2", "C3", "R7", "B1", "G1"})
final class KilledOnDiskTest {
    private static final long SEED = Long.getLong("belay.sweep.seed", System.nanoTime());
    private static final boolean ALL_PAIRS = "all".equals(System.getProperty("belay.sweep.pairs"));

    private static final int ONE_OF = ALL_PAIRS ? 1 : 3;

    private final Random random = new Random(SEED);
    private Copies copies;
    private int killed;
    private int states;
    private int pairs;
    private int pairStates;
    private int pairsTried;

    @BeforeEach
    void begin() throws IOException {
        copies = new Copies();
    }

    @AfterEach
    void end() {
        copies.close();
    }

    @ParameterizedTest
    @EnumSource
    void endsWholeWhereverTheWorkerAndItsSuccessorAreKilled(SweptJob job) throws Exception {
        OnDisk undisturbed = job.prepared(copies.next());
        Moments first = Moments.of(undisturbed, copies, Moments.ALL);
        assertThat(job.violations(undisturbed)).as("not killed").isEmpty();
        killed = first.passings();
        states = first.different();

        var violations = new ArrayList<String>();
        int chosen = random.nextInt(ONE_OF);
        for (int at = 0; at < states; at++) {
            Moments.Moment moment = first.kept().get(at);
            violations.addAll(
                    at % ONE_OF == chosen ? survives(job, moment) : recovers(job, moment.where(), moment.left()));
        }

        System.out.printf(
                "%s: %,d points killed (%d different states), then %,d of %,d killed again (of %,d points): %d violations; seed=%d%n",
                job, killed, states, pairsTried, pairStates, pairs, violations.size(), SEED);
        assertThat(violations).isEmpty();
        assertThat(states).isGreaterThan(15);
        assertThat(pairsTried).isGreaterThan(15 / ONE_OF);
    }

    /// The empty version stands where it will be published, and nothing but the delete is in the attempt's plan.
    @Test
    void publishesTheEmptyVersionThatAKilledRecoveryHasMoved() throws Exception {
        SweptJob job = SweptJob.RELOAD_IN_PLACE;
        Moments first = Moments.of(job.prepared(copies.next()), copies, Moments.ALL);
        OnDisk deleted = first.at("AFTER LIVE_DELETE");
        Moments second = Moments.of(deleted, copies, Moments.ALL);
        OnDisk moved = second.at("BEFORE PUBLISH_COMMIT");

        moved.live();

        assertThat(job.violations(moved)).isEmpty();
    }

    private List<String> survives(SweptJob job, Moments.Moment moment) {
        var found = new ArrayList<String>();
        try {
            Moments second = Moments.of(moment.left(), copies, ALL_PAIRS ? Moments.ALL : Moments.any(random));
            job.violations(moment.left()).forEach(violation -> found.add(moment.where() + ": " + violation));
            pairs += second.passings();
            pairStates += second.different();
            for (Moments.Moment again : second.kept()) {
                pairsTried++;
                found.addAll(recovers(job, moment.where() + ", then " + again.where(), again.left()));
            }
        } catch (RuntimeException | Error broken) {
            found.add(moment.where() + ": " + broken);
        }
        copies.remove(moment.left());
        return found;
    }

    private List<String> recovers(SweptJob job, String where, OnDisk left) {
        var found = new ArrayList<String>();
        try {
            left.live();
            job.violations(left).forEach(violation -> found.add(where + ": " + violation));
        } catch (RuntimeException | Error broken) {
            found.add(where + ": " + broken);
        }
        copies.remove(left);
        return found;
    }
}
