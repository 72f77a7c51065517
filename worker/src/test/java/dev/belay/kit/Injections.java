package dev.belay.kit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.fault.FaultPoint;
import dev.belay.fault.FaultPoint.Side;
import dev.belay.fault.Faults;
import dev.belay.fault.InjectedFault;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What tests do at a point: kill, fail, let two meet.
public final class Injections {
    private static final long PATIENCE_SECONDS = 60;

    private Injections() {}

    /// Work that a fault may end.
    @FunctionalInterface
    public interface Work {
        void run() throws Exception;
    }

    /// What a `kill -9` is to the code: nothing catches it.
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;

        Killed(FaultPoint point, Side side) {
            super("killed %s %s".formatted(side, point));
        }
    }

    /// Does some work and kills it at the nth passing of a point. Whatever the dead thread passes after that kills it
    /// again, so that no clean-up of the code is taken for one that a dead process would have done.
    public static void killed(FaultPoint point, Side side, int nth, Work work) throws Exception {
        var dead = new AtomicReference<@Nullable Thread>();
        try (Faults.Arm _ = Faults.arm(point, side, nth, () -> {
                    dead.set(Thread.currentThread());
                    throw new Killed(point, side);
                });
                Faults.Watch _ = Faults.onEveryPass((passed, passedSide) -> {
                    if (Thread.currentThread().equals(dead.get())) {
                        throw new Killed(passed, passedSide);
                    }
                })) {
            work.run();
            throw new AssertionError("never came %s %s".formatted(side, point));
        } catch (Killed expected) {
            assertThat(dead.get()).isNotNull();
        }
    }

    /// The same at the first passing.
    public static void killed(FaultPoint point, Side side, Work work) throws Exception {
        killed(point, side, 1, work);
    }

    /// Lets the next passing of a point fail as its step fails.
    public static Faults.Arm failing(FaultPoint point, Side side) {
        return Faults.arm(point, side, () -> {
            throw new InjectedFault(point, side);
        });
    }

    /// Lets a step fail that is next made as a part of a larger one.
    public static Faults.Watch failingWithin(FaultPoint larger, FaultPoint point, Side side) {
        var part = new AtomicReference<Faults.@Nullable Arm>();
        Faults.Arm whole = Faults.arm(larger, Side.BEFORE, () -> part.set(failing(point, side)));
        return () -> {
            whole.close();
            Objects.requireNonNull(part.get()).close();
        };
    }

    /// Lets the first two threads that come to a place go on together only. Closing it fails when they never met.
    public static Faults.Watch meetingAt(FaultPoint point, Side side) {
        var both = new CyclicBarrier(2);
        var came = new AtomicInteger();
        var met = new AtomicInteger();
        Faults.Watch watch = Faults.onEveryPass((passed, passedSide) -> {
            if (passed == point && passedSide == side && came.getAndIncrement() < 2) {
                try {
                    both.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
                    met.incrementAndGet();
                } catch (InterruptedException | BrokenBarrierException | TimeoutException alone) {
                    throw new IllegalStateException("nobody else came " + side + " " + point, alone);
                }
            }
        });
        return () -> {
            watch.close();
            assertThat(met).as("who met %s %s", side, point).hasValue(2);
        };
    }

    /// Changes one of the databases as no program of ours does.
    public static void tamper(Path database, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
