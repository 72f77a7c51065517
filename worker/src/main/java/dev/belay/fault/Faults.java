package dev.belay.fault;

import dev.belay.fault.FaultPoint.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// What happens at the points of this process: nothing, unless the JVM was started with the system property
/// `belay.faults`.
///
/// - `-Dbelay.faults=on` lets code arm points, see [#arm] and [#onEveryPass].
/// - `-Dbelay.faults=halt:PUBLISH_COMMIT:AFTER:1` arms them from outside, for a process that is to be its victim:
///   `ACTION:POINT:SIDE:NTH`, several with commas between; `ACTION` is `halt` (the process ends at once, as by
///   `kill -9`), `stall` (the passing thread stops for good) or `throw` (an [InjectedFault]).
///
/// Static, against the house's rule, and on purpose: a point costs nothing when off only if [#ON] is a constant of the
/// class, and a fault is one of the process, not of an object. Tests that arm points do not run side by side.
public final class Faults {
    static final String PROPERTY = "belay.faults";
    private static final String SETTING = System.getProperty(PROPERTY, "");

    /// Whether points can do anything in this process. A constant for the compiler.
    public static final boolean ON = !SETTING.isEmpty();

    // Rules and watchers may be armed by one thread while others pass points.
    private static final List<Arm> ARMS = new CopyOnWriteArrayList<>();
    private static final List<Watcher> WATCHERS = new CopyOnWriteArrayList<>();
    private static final Map<String, Integer> ARMED_EVER = new ConcurrentHashMap<>();

    static {
        if (ON && !SETTING.equals("on")) {
            fromSetting(SETTING);
        }
    }

    private Faults() {}

    /// What is to happen at a point.
    @FunctionalInterface
    public interface Action {
        /// Run by the thread that passes the point; what it throws, the passing code meets.
        void run() throws Exception;
    }

    /// Sees every passing of every point, before what is armed there happens.
    @FunctionalInterface
    public interface Watcher {
        void passed(FaultPoint point, Side side);
    }

    /// Makes `action` happen at the nth passing of a point from now on, once.
    ///
    /// @param nth from 1
    /// @return to be closed; closing it fails when the point never fired
    /// @throws IllegalStateException when points are off in this process
    public static Arm arm(FaultPoint point, Side side, int nth, Action action) {
        requireOn();
        var arm = new Arm(point, side, nth, action);
        ARMED_EVER.merge(point + ":" + side, 1, Integer::sum);
        ARMS.add(arm);
        return arm;
    }

    /// Makes `action` happen at the first passing from now on.
    public static Arm arm(FaultPoint point, Side side, Action action) {
        return arm(point, side, 1, action);
    }

    /// Shows every passing to `watcher` until the result is closed: this is how sweeps count points and choose the
    /// k-th.
    public static Watch onEveryPass(Watcher watcher) {
        requireOn();
        WATCHERS.add(watcher);
        return () -> WATCHERS.remove(watcher);
    }

    /// Ends the watching.
    @FunctionalInterface
    public interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /// The points that were armed by name in this process so far, as `POINT:SIDE`: for the guard over the tests.
    public static List<String> armedEver() {
        return ARMED_EVER.keySet().stream().sorted().toList();
    }

    /// Ends the process as `kill -9` does: no handler runs, no stream is flushed.
    public static void halt() {
        Runtime.getRuntime().halt(137);
    }

    /// Stops the passing thread for good.
    static void stall() throws InterruptedException {
        new java.util.concurrent.CountDownLatch(1).await();
    }

    static void pass(FaultPoint point, Side side) {
        for (Watcher watcher : WATCHERS) {
            watcher.passed(point, side);
        }
        for (Arm arm : ARMS) {
            arm.pass(point, side);
        }
    }

    static <E extends Throwable> void pass(FaultPoint point, Side side, Function<? super InjectedFault, E> as)
            throws E {
        try {
            pass(point, side);
        } catch (Exception thrown) {
            if (thrown instanceof InjectedFault injected) {
                throw as.apply(injected);
            }
            throw thrown;
        }
    }

    private static void requireOn() {
        if (!ON) {
            throw new IllegalStateException("fault points are off: start the JVM with -D" + PROPERTY + "=on");
        }
    }

    private static void fromSetting(String setting) {
        for (String rule : setting.split(",", -1)) {
            String[] parts = rule.strip().split(":", -1);
            if (parts.length != 4) {
                throw new IllegalArgumentException("%s: \"%s\" is not ACTION:POINT:SIDE:NTH".formatted(PROPERTY, rule));
            }
            FaultPoint point = FaultPoint.valueOf(parts[1]);
            Side side = Side.valueOf(parts[2]);
            Action action = switch (parts[0]) {
                case "halt" -> Faults::halt;
                case "stall" -> Faults::stall;
                case "throw" ->
                    () -> {
                        throw new InjectedFault(point, side);
                    };
                default -> throw new IllegalArgumentException(PROPERTY + ": no action \"" + parts[0] + "\"");
            };
            ARMS.add(new Arm(point, side, Integer.parseInt(parts[3]), action));
        }
    }

    /// One armed point. It fires once; close it to disarm.
    public static final class Arm implements AutoCloseable {
        private final FaultPoint point;
        private final Side side;
        private final int nth;
        private final Action action;
        private final AtomicInteger passings = new AtomicInteger();

        private Arm(FaultPoint point, Side side, int nth, Action action) {
            this.point = point;
            this.side = side;
            this.nth = nth;
            this.action = action;
        }

        /// Whether its passing has come.
        public boolean hasFired() {
            return passings.get() >= nth;
        }

        private void pass(FaultPoint passed, Side passedSide) {
            if (passed == point && passedSide == side && passings.incrementAndGet() == nth) {
                try {
                    action.run();
                } catch (Exception thrown) {
                    throw sneaky(thrown);
                }
            }
        }

        /// Disarms the point.
        ///
        /// @throws IllegalStateException when it never fired: a test that arms what nothing passes
        /// proves nothing
        @Override
        public void close() {
            ARMS.remove(this);
            if (!hasFired()) {
                throw new IllegalStateException("%s %s was armed and never fired (passed %d times, %d wanted)"
                        .formatted(side, point, passings.get(), nth));
            }
        }
    }

    // Checked exceptions (IOException, SQLException) are what real steps throw; points stand where those are declared.
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Exception> RuntimeException sneaky(Exception thrown) throws E {
        throw (E) thrown;
    }

    static List<Arm> armed() {
        return new ArrayList<>(ARMS);
    }
}
