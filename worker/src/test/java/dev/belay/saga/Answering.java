package dev.belay.saga;

import dev.belay.datastore.Datastore;
import dev.belay.datastore.StagedReading;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/// A datastore that gives one answer the test wants, and its own otherwise.
final class Answering {
    private Answering() {}

    /// @param reading what stands under every name
    static Datastore staged(Datastore real, StagedReading reading) {
        return (Datastore) Proxy.newProxyInstance(
                Datastore.class.getClassLoader(), new Class<?>[] {Datastore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("staged")) {
                        return reading;
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }
}
