package dev.belay.sim;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;

/// Ports as a worker sees them: before and after each call another thread may move, the worker may die or
/// stall, the call may fail or its answer be lost.
record Ports(Fibers fibers, Faults faults) {
    // Answered from memory by every implementation.
    private static final Set<String> NO_CALLS = Set.of("id", "close", "file");

    /// @param failing whether calls may fail, too
    <T> T around(Class<T> port, T real, boolean failing) {
        return port.cast(Proxy.newProxyInstance(
                port.getClassLoader(), new Class<?>[] {port}, (proxy, method, arguments) -> {
                    String point = port.getSimpleName() + "." + method.getName();
                    boolean call = !NO_CALLS.contains(method.getName());
                    if (call) {
                        faults.step(point);
                        if (failing) {
                            faults.beforeCall(point);
                        }
                    }
                    try {
                        Object result = method.invoke(real, arguments);
                        if (call) {
                            faults.step("after " + point);
                            if (failing) {
                                faults.afterCall(point);
                            }
                        }
                        return result;
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                }));
    }
}
