package dev.belay.saga;

import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Place;
import dev.belay.job.Unavailable;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/// Stands before and after every call to a port, counts them, and at the chosen one makes the worker die, lets a store
/// fail, or does whatever else a test wants to happen just there.
final class CrashPoints {
    /// What a `kill -9` is to the code: nothing catches it, nothing runs after it.
    static final class Crash extends Error {
        Crash(String point) {
            super("killed at " + point);
        }
    }

    private final BiPredicate<Integer, String> chosen;
    private final Consumer<String> action;
    private final List<String> passed = new ArrayList<>();

    private CrashPoints(BiPredicate<Integer, String> chosen, Consumer<String> action) {
        this.chosen = chosen;
        this.action = action;
    }

    static CrashPoints none() {
        return new CrashPoints((index, name) -> false, name -> {});
    }

    /// @param point the index of the point to die at, from 0
    static CrashPoints at(int point) {
        return new CrashPoints((index, name) -> index == point, name -> {
            throw new Crash(name);
        });
    }

    /// @param point  the index of the point to act at, from 0
    /// @param action is given the point's name, once
    static CrashPoints acting(int point, Consumer<String> action) {
        return new CrashPoints((index, name) -> index == point, action);
    }

    /// @param point  a point's name, such as `before Datastore.publish`; the first time it is passed counts
    /// @param action what happens there
    static CrashPoints acting(String point, Action action) {
        var done = new AtomicBoolean();
        return new CrashPoints((index, name) -> name.equals(point) && done.compareAndSet(false, true), name -> {
            try {
                action.run();
            } catch (JobFailure failed) {
                throw new IllegalStateException(failed);
            }
        });
    }

    /// Kills at the first passing of a point.
    static CrashPoints at(String point) {
        return acting(point, () -> {
            throw new Crash(point);
        });
    }

    /// What a test does at a point.
    @FunctionalInterface
    interface Action {
        void run() throws JobFailure;
    }

    /// @param action is given every point's name
    static CrashPoints watching(Consumer<String> action) {
        return new CrashPoints((index, name) -> true, action);
    }

    /// A store that cannot be used for one call: before a point it did nothing, after it nobody knows.
    static CrashPoints outageAt(int point) {
        return new CrashPoints((index, name) -> index == point, name -> {
            throw new Unavailable(
                    new Failure.Transient(FailureCode.STORE_UNAVAILABLE, "out " + name, Place.NONE),
                    new IOException(name));
        });
    }

    /// How many points were passed so far.
    int count() {
        return passed.size();
    }

    /// The names of the points that were passed so far.
    List<String> names() {
        return List.copyOf(passed);
    }

    /// The same port with a point before and after each of its calls.
    <T> T around(Class<T> port, T real) {
        return port.cast(Proxy.newProxyInstance(
                port.getClassLoader(), new Class<?>[] {port}, (proxy, method, arguments) -> {
                    pass("before " + port.getSimpleName() + "." + method.getName());
                    try {
                        Object result = method.invoke(real, arguments);
                        pass("after " + port.getSimpleName() + "." + method.getName());
                        return result;
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                }));
    }

    private void pass(String name) {
        int index = passed.size();
        passed.add(name);
        if (chosen.test(index, name)) {
            action.accept(name);
        }
    }
}
