package dev.belay.journal;

import static dev.belay.journal.JournalSamples.ALPHA;
import static dev.belay.journal.JournalSamples.BETA;
import static dev.belay.journal.JournalSamples.NOBODY_IS_DEAD;
import static dev.belay.journal.JournalSamples.NOW;
import static dev.belay.journal.JournalSamples.again;
import static dev.belay.journal.JournalSamples.delivery;
import static dev.belay.journal.JournalSamples.events;
import static dev.belay.journal.JournalSamples.failed;
import static dev.belay.journal.JournalSamples.operation;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.Fenced;
import dev.belay.job.JobId;
import dev.belay.job.OperationId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Two workers on one journal: of two decisions about the same thing exactly one is made.
abstract class JournalRaceContract {
    private static final int ROUNDS = 40;

    private final Journal here;
    private final Journal there;
    private final ExecutorService threads = Executors.newFixedThreadPool(2);

    /// @param opener opens the same journal for each of them
    JournalRaceContract(Supplier<Journal> opener) {
        this.here = opener.get();
        this.there = opener.get();
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

    @Test
    void ofTwoRequestsUnderOneIdForTwoDatasetsOneIsAccepted() throws Exception {
        for (int round = 1; round <= ROUNDS; round++) {
            String job = "air-" + round;
            Delivery city = delivery(job, "city-" + round, 7, 0, "of the city");
            Delivery country = delivery(job, "country-" + round, 8, 0, "of the country");

            List<Admission> results = atOnce(() -> here.admit(city, NOW), () -> there.admit(country, NOW));

            assertThat(results).filteredOn(Admission.Run.class::isInstance).hasSize(1);
            assertThat(results).filteredOn(Admission.Conflict.class::isInstance).hasSize(1);
        }
    }

    @Test
    void aRefusalAndAClaimNeverBothDecide() throws Exception {
        for (int round = 1; round <= ROUNDS; round++) {
            String name = "air-" + round;
            here.admit(delivery(name, "city", 0), NOW);
            var job = new JobId(name);
            var operation = operation(round);

            List<Boolean> results = atOnce(() -> refuses(here, job), () -> claims(there, job, operation));

            boolean claimed = results.getLast();
            JobRecord after = here.job(job).orElseThrow();
            assertThat(after.state()).isEqualTo(JobState.FAILED);
            assertThat(here.attempts(job)).hasSize(claimed ? 1 : 0);
            there.seize(operation, BETA, NOW).ifPresent(seized -> ends(there, seized.claim()));
        }
    }

    @Test
    void whatTwoForgetAtOnceIsForgottenOnce() throws Exception {
        for (int round = 1; round <= ROUNDS; round++) {
            here.admit(delivery("air-" + round, "city-" + round, 0), NOW);
            here.refuse(new JobId("air-" + round), 0, failed(), events("failed"), NOW);
            here.announced(List.of(new AnnouncementKey(new JobId("air-" + round), 0)));
        }
        var everything = new Retention(NOW.plusSeconds(1), job -> false);

        List<Pruned> results =
                atOnce(() -> here.prune(everything, 0, ROUNDS), () -> there.prune(everything, 0, ROUNDS));

        assertThat(results.getFirst().receipts() + results.getLast().receipts()).isEqualTo(ROUNDS);
        assertThat(here.jobs(ROUNDS)).isEmpty();
    }

    @Test
    void manyWorkersOnManyDatasetsLoseNothing() throws Exception {
        List<Callable<Boolean>> lives = new ArrayList<>();
        for (int worker = 0; worker < 4; worker++) {
            Journal journal = worker % 2 == 0 ? here : there;
            int first = worker * ROUNDS;
            lives.add(() -> {
                for (int at = 1; at <= ROUNDS; at++) {
                    // Each dataset is everybody's.
                    wholeLife(journal, "air-" + (first + at), "city-" + at % 5, operation(first + at));
                }
                return true;
            });
        }
        try (ExecutorService four = Executors.newFixedThreadPool(4)) {
            for (Future<Boolean> life : four.invokeAll(lives)) {
                assertThat(life.get()).isTrue();
            }
        }

        assertThat(here.openAttempts()).isEmpty();
        assertThat(here.jobs(1000)).hasSize(4 * ROUNDS).allMatch(job -> job.state() == JobState.FAILED);
    }

    /// Whoever finds the dataset busy comes again.
    private static void wholeLife(Journal journal, String name, String dataset, OperationId operation) {
        journal.admit(delivery(name, dataset, 0), NOW);
        var job = new JobId(name);
        while (true) {
            switch (journal.claim(job, operation, ALPHA, NOW, NOBODY_IS_DEAD)) {
                case ClaimResult.Claimed(Claim claim, int number) -> {
                    journal.record(claim, List.of(new Entry.Planned(1, "stage", "{}")));
                    journal.record(claim, List.of(new Entry.RollBack("{}")));
                    journal.end(claim, new Ending(failed(), "rolled-back", true, events("one", "two")), NOW);
                    journal.announced(List.of(new AnnouncementKey(job, 0)));
                    assertThat(journal.announcement(job, 0).orElseThrow().events())
                            .hasSize(2);
                    return;
                }
                case ClaimResult.Open _, ClaimResult.Busy _ -> Thread.onSpinWait();
                case ClaimResult.Exhausted _, ClaimResult.SetAside _ -> throw new AssertionError(name);
            }
        }
    }

    private static boolean refuses(Journal journal, JobId job) {
        journal.refuse(job, 0, failed(), events("refused"), NOW);
        return true;
    }

    private static boolean claims(Journal journal, JobId job, OperationId operation) {
        try {
            journal.claim(job, operation, BETA, NOW, NOBODY_IS_DEAD);
            return true;
        } catch (IllegalStateException notOpen) {
            return false;
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
