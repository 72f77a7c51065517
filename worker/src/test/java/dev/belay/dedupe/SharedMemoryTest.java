package dev.belay.dedupe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SharedMemoryTest {
    private static final long ALL = 1 << 20;
    private static final Pulse NONE = () -> {};

    private final SharedMemory memory = new SharedMemory(ALL);
    private final ExecutorService others = Executors.newCachedThreadPool();
    private final ConcurrentLinkedQueue<String> order = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        others.shutdownNow();
    }

    @Test
    void isHeldByManyAsLongAsThereIsEnough() throws Exception {
        try (var first = memory.take(ALL / 2, NONE);
                var second = memory.take(ALL / 2, NONE)) {
            assertThat(List.of(first, second)).doesNotContainNull();
        }
    }

    @Test
    void givesNoMoreThanThereIs() throws Exception {
        Future<?> second;
        try (var _ = memory.take(ALL * 100, NONE)) {
            second = waiting("second", 1);
            assertThat(order).isEmpty();
        }

        second.get(1, TimeUnit.MINUTES);
        assertThat(order).containsExactly("second");
    }

    @Test
    void letsNobodyOvertakeTheOneThatWantsMuch() throws Exception {
        Future<?> much;
        Future<?> little;
        try (var _ = memory.take(ALL / 2, NONE)) {
            much = waiting("much", ALL);
            little = waiting("little", 1);
        }

        much.get(1, TimeUnit.MINUTES);
        little.get(1, TimeUnit.MINUTES);
        assertThat(order).containsExactly("much", "little");
    }

    @Test
    void isAsItWasAfterSomebodyHasGivenUp() throws Exception {
        try (var _ = memory.take(ALL, NONE)) {
            assertThatThrownBy(() -> memory.take(1, () -> {
                        throw new IOException("stopped");
                    }))
                    .hasMessage("stopped");
        }

        Future<?> next = others.submit(() -> {
            memory.take(ALL, NONE).close();
            return true;
        });
        next.get(1, TimeUnit.MINUTES);
    }

    /// @return once it waits
    private Future<?> waiting(String name, long bytes) throws InterruptedException {
        var waits = new CountDownLatch(1);
        Future<?> taken = others.submit(() -> {
            try (var _ = memory.take(bytes, waits::countDown)) {
                order.add(name);
            }
            return true;
        });
        assertThat(waits.await(1, TimeUnit.MINUTES)).isTrue();
        return taken;
    }
}
