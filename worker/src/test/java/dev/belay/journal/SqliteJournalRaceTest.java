package dev.belay.journal;

import static dev.belay.journal.JournalSamples.ALPHA;
import static dev.belay.journal.JournalSamples.BETA;
import static dev.belay.journal.JournalSamples.NOBODY_IS_DEAD;
import static dev.belay.journal.JournalSamples.NOW;
import static dev.belay.journal.JournalSamples.again;
import static dev.belay.journal.JournalSamples.delivery;
import static dev.belay.journal.JournalSamples.operation;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.Fenced;
import dev.belay.job.IdSource;
import dev.belay.job.JobId;
import dev.belay.journal.sqlite.SqliteJournal;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two workers on one file: of two decisions about the same thing exactly one is made.
final class SqliteJournalRaceTest {
    private static final int ROUNDS = 40;

    private final SqliteJournal here;
    private final SqliteJournal there;
    private final ExecutorService threads = Executors.newFixedThreadPool(2);

    SqliteJournalRaceTest(@TempDir Path folder) {
        here = SqliteJournal.open(folder, IdSource.random(InstantSource.system()));
        there = SqliteJournal.open(folder, IdSource.random(InstantSource.system()));
        here.beat(ALPHA, NOW);
        here.beat(BETA, NOW);
    }

    @AfterEach
    void close() {
        threads.close();
        here.close();
        there.close();
    }

    @Test
    void oneOfTwoClaimsIsMade() throws Exception {
        for (int round = 1; round <= ROUNDS; round++) {
            String dataset = "city-" + round;
            here.admit(delivery("air-" + round, dataset, 0), NOW);
            here.admit(delivery("noise-" + round, dataset, 0), NOW);
            var air = new JobId("air-" + round);
            var noise = new JobId("noise-" + round);
            int first = 2 * round;

            List<ClaimResult> results = atOnce(
                    () -> here.claim(air, operation(first), ALPHA, NOW, NOBODY_IS_DEAD),
                    () -> there.claim(noise, operation(first + 1), BETA, NOW, NOBODY_IS_DEAD));

            assertThat(results)
                    .filteredOn(ClaimResult.Claimed.class::isInstance)
                    .hasSize(1);
            assertThat(results).filteredOn(ClaimResult.Busy.class::isInstance).hasSize(1);
            assertThat(here.openAttempts()).hasSize(round);
        }
    }

    @Test
    void whoSeizesLastDecidesAndOnlyOnce() throws Exception {
        for (int round = 1; round <= ROUNDS; round++) {
            var operation = operation(round);
            Claim old = claimed("air-" + round, round);

            List<Optional<Seized>> seized =
                    atOnce(() -> here.seize(operation, ALPHA, NOW), () -> there.seize(operation, BETA, NOW));
            List<Boolean> ended = atOnce(
                    () -> ends(here, seized.getFirst().orElseThrow().claim()),
                    () -> ends(there, seized.getLast().orElseThrow().claim()));

            assertThat(ended).containsExactlyInAnyOrder(true, false);
            assertThat(ends(here, old)).isFalse();
            assertThat(there.openAttempts()).isEmpty();
        }
    }

    @Test
    void anEndAndASeizureNeverBothDecide() throws Exception {
        for (int round = 1; round <= ROUNDS; round++) {
            var operation = operation(round);
            Claim old = claimed("air-" + round, round);

            List<Boolean> results = atOnce(
                    () -> ends(here, old),
                    () -> there.seize(operation, BETA, NOW).isPresent());

            assertThat(results).containsExactlyInAnyOrder(true, false);
            there.seize(operation, BETA, NOW).ifPresent(seized -> ends(there, seized.claim()));
        }
    }

    @Test
    void aMessageDeliveredTwiceAtOnceIsOneJob() throws Exception {
        for (int round = 1; round <= ROUNDS; round++) {
            Delivery delivery = delivery("air-" + round, "city", 0);

            List<Admission> results = atOnce(() -> here.admit(delivery, NOW), () -> there.admit(delivery, NOW));

            assertThat(results).hasOnlyElementsOfType(Admission.Run.class);
            assertThat(here.jobs(ROUNDS)).hasSize(round);
        }
    }

    private Claim claimed(String job, int operation) {
        here.admit(delivery(job, "city", 0), NOW);
        var claimed =
                (ClaimResult.Claimed) here.claim(new JobId(job), operation(operation), ALPHA, NOW, NOBODY_IS_DEAD);
        return claimed.claim();
    }

    private static boolean ends(Journal journal, Claim claim) {
        try {
            journal.end(claim, again(true), NOW);
            return true;
        } catch (Fenced tooLate) {
            return false;
        }
    }

    private <T> List<T> atOnce(Callable<T> first, Callable<T> second) throws Exception {
        var together = new CyclicBarrier(2);
        List<Callable<T>> racers = Stream.of(first, second)
                .<Callable<T>>map(racer -> () -> {
                    together.await();
                    return racer.call();
                })
                .toList();
        var results = new ArrayList<T>();
        for (Future<T> each : threads.invokeAll(racers)) {
            results.add(each.get());
        }
        return results;
    }
}
