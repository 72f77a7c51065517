package dev.belay.intake;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;

/// A producer whose commits a test watches, holds up or loses; everything else is the real one's.
final class WatchedProducer {
    private WatchedProducer() {}

    /// One whose records are neither written nor given up, as long as it lives.
    @SuppressWarnings("unchecked") // The proxy implements exactly this interface.
    static Producer<byte[], byte[]> thatNeverWrites(Producer<byte[], byte[]> producer) {
        return (Producer<byte[], byte[]>) Proxy.newProxyInstance(
                WatchedProducer.class.getClassLoader(), new Class<?>[] {Producer.class}, (_, method, arguments) -> {
                    if (method.getName().equals("send")) {
                        return new CompletableFuture<RecordMetadata>();
                    }
                    try {
                        return method.invoke(producer, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /// @param onCommit gets each real commit to run it, or not
    @SuppressWarnings("unchecked") // The proxy implements exactly this interface.
    static Producer<byte[], byte[]> around(Producer<byte[], byte[]> producer, Consumer<Runnable> onCommit) {
        return (Producer<byte[], byte[]>) Proxy.newProxyInstance(
                WatchedProducer.class.getClassLoader(), new Class<?>[] {Producer.class}, (_, method, arguments) -> {
                    if (method.getName().equals("commitTransaction")) {
                        onCommit.accept(producer::commitTransaction);
                        return null;
                    }
                    try {
                        return method.invoke(producer, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
