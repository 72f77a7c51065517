package dev.belay.saga;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/// Stands before and after every call to a port, counts them, and at the chosen one makes the worker die.
final class CrashPoints {
    /// What a `kill -9` is to the code: nothing catches it, nothing runs after it.
    static final class Crash extends Error {
        Crash(String point) {
            super("killed at " + point);
        }
    }

    private final int deadly;
    private final String meeting;
    private final Runnable meanwhile;
    private final List<String> passed = new ArrayList<>();

    private CrashPoints(int deadly, String meeting, Runnable meanwhile) {
        this.deadly = deadly;
        this.meeting = meeting;
        this.meanwhile = meanwhile;
    }

    static CrashPoints none() {
        return at(-1);
    }

    /// @param point the index of the point to die at, from 0
    static CrashPoints at(int point) {
        return new CrashPoints(point, "", () -> {});
    }

    /// Nobody dies, but something happens when a point is first passed.
    ///
    /// @param point such as `before Datastore.stage`
    static CrashPoints meeting(String point, Runnable meanwhile) {
        return new CrashPoints(-1, point, meanwhile);
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
        boolean first = !passed.contains(name);
        passed.add(name);
        if (first && name.equals(meeting)) {
            meanwhile.run();
        }
        if (index == deadly) {
            throw new Crash(name);
        }
    }
}
