package dev.belay.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CoresTest {
    private final Cores cores = new Cores(3);

    @AfterEach
    void close() {
        cores.close();
    }

    @Test
    void givesResultsInOrderHoweverLongEachTakes() throws Exception {
        var laterDone = new CountDownLatch(1);
        List<Integer> taken = new ArrayList<>();

        cores.inOrder(
                100,
                part -> {
                    if (part == 0) {
                        await(laterDone);
                    } else {
                        laterDone.countDown();
                    }
                    return part;
                },
                (part, result) -> taken.add(result));

        assertThat(taken).isEqualTo(IntStream.range(0, 100).boxed().toList());
    }

    @Test
    void neverRunsFarAheadOfTheTaker() throws Exception {
        var begun = new AtomicInteger();
        List<Integer> ahead = new ArrayList<>();

        cores.inOrder(200, part -> begun.incrementAndGet(), (part, result) -> ahead.add(begun.get() - part));

        assertThat(ahead).allSatisfy(count -> assertThat(count).isLessThanOrEqualTo(5));
    }

    @Test
    void holdsNoMorePartsOfManyTablesThanOfOne() throws Exception {
        var held = new AtomicInteger();
        var most = new AtomicInteger();
        List<Thread> tables = new ArrayList<>();
        var taken = new AtomicInteger();

        for (int table = 0; table < 8; table++) {
            tables.add(Thread.ofPlatform().start(() -> {
                try {
                    cores.inOrder(
                            100, part -> most.accumulateAndGet(held.incrementAndGet(), Math::max), (part, result) -> {
                                held.decrementAndGet();
                                taken.incrementAndGet();
                            });
                } catch (JobFailure | IOException failed) {
                    throw new AssertionError(failed);
                }
            }));
        }
        for (Thread table : tables) {
            table.join(TimeUnit.SECONDS.toMillis(60));
        }

        assertThat(taken).hasValue(800);
        assertThat(most.get()).isLessThanOrEqualTo(5);
    }

    /// The large one is not over before the small ones are.
    @Test
    void smallTablesAreWorkedOnBesideALargeOne() throws Exception {
        var smallDone = new CountDownLatch(5);
        var largeBegun = new CountDownLatch(1);
        var large = new AtomicInteger();
        Thread table = Thread.ofPlatform().start(() -> {
            try {
                cores.inOrder(100, part -> part, (part, result) -> {
                    largeBegun.countDown();
                    await(smallDone);
                    large.incrementAndGet();
                });
            } catch (JobFailure | IOException failed) {
                throw new AssertionError(failed);
            }
        });
        await(largeBegun);

        for (int small = 1; small <= 5; small++) {
            var taken = new AtomicInteger();
            int parts = 1 + small % 2;
            cores.inOrder(parts, part -> part, (part, result) -> taken.incrementAndGet());
            assertThat(taken).hasValue(parts);
            smallDone.countDown();
        }

        table.join(TimeUnit.SECONDS.toMillis(60));
        assertThat(large).hasValue(100);
    }

    @Test
    void holdsFewPartsOfManySmallTables() throws Exception {
        var held = new AtomicInteger();
        var most = new AtomicInteger();
        var taken = new AtomicInteger();
        List<Thread> tables = new ArrayList<>();

        for (int table = 0; table < 24; table++) {
            int parts = 1 + table % 2;
            tables.add(Thread.ofPlatform().start(() -> {
                try {
                    cores.inOrder(
                            parts, part -> most.accumulateAndGet(held.incrementAndGet(), Math::max), (part, result) -> {
                                held.decrementAndGet();
                                taken.incrementAndGet();
                            });
                } catch (JobFailure | IOException failed) {
                    throw new AssertionError(failed);
                }
            }));
        }
        for (Thread table : tables) {
            table.join(TimeUnit.SECONDS.toMillis(60));
        }

        assertThat(taken).hasValue(36);
        assertThat(most.get()).isLessThanOrEqualTo(2);
    }

    @Test
    void givesBackTheRoomOfATableThatFails() throws Exception {
        for (int table = 0; table < 20; table++) {
            assertThatThrownBy(() -> cores.inOrder(
                            100,
                            part -> {
                                if (part == 7) {
                                    throw new IOException("the eighth");
                                }
                                return part;
                            },
                            (part, result) -> {}))
                    .hasMessage("the eighth");
        }

        List<Integer> taken = new ArrayList<>();
        cores.inOrder(100, part -> part, (part, result) -> taken.add(result));

        assertThat(taken).hasSize(100);
    }

    @Test
    void throwsTheFirstFailureInOrderAndLeavesNothingRunning() {
        var failedFirst = new CountDownLatch(1);
        var running = new AtomicInteger();

        assertThatThrownBy(() -> cores.inOrder(
                        100,
                        part -> {
                            running.incrementAndGet();
                            try {
                                if (part == 2) {
                                    failedFirst.countDown();
                                    throw new IOException("the third");
                                }
                                if (part == 1) {
                                    await(failedFirst);
                                    throw JobFailure.permanent(FailureCode.EMPTY_FILE, "the second");
                                }
                                return part;
                            } finally {
                                running.decrementAndGet();
                            }
                        },
                        (part, result) -> {}))
                .isInstanceOf(JobFailure.class)
                .hasMessageContaining("the second");

        assertThat(running).hasValue(0);
    }

    @Test
    void beginsNothingMoreWhenTheTakerFails() {
        var begun = new AtomicInteger();

        assertThatThrownBy(() -> cores.inOrder(1000, part -> begun.incrementAndGet(), (part, result) -> {
                    throw new IOException("full");
                }))
                .hasMessage("full");

        assertThat(begun.get()).isLessThanOrEqualTo(5);
    }

    @Test
    void worksOnASinglePartInTheCallersThread() throws Exception {
        List<Thread> threads = new ArrayList<>();

        cores.inOrder(1, part -> threads.add(Thread.currentThread()), (part, result) -> {});
        cores.inOrder(0, part -> threads.add(Thread.currentThread()), (part, result) -> {});

        assertThat(threads).containsExactly(Thread.currentThread());
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException stopped) {
            throw new AssertionError(stopped);
        }
    }
}
