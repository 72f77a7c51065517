package dev.belay.endtoend;

import java.time.Duration;
import java.util.Random;

/// One worker's place: a worker that is killed again and again and started anew in the same place at once.
final class KilledSlot implements Runnable {
    private static final int LONGEST_MILLIS = 2_500;

    private final Installation installation;
    private final int slot;
    private final int kills;
    private final Random random;
    private final Runnable onLife;

    /// @param random its own, so that what it does depends on the seed alone
    /// @param onLife is run early in each life
    KilledSlot(Installation installation, int slot, int kills, Random random, Runnable onLife) {
        this.installation = installation;
        this.slot = slot;
        this.kills = kills;
        this.random = random;
        this.onLife = onLife;
    }

    /// Ends with a living worker in its place.
    @Override
    public void run() {
        try {
            for (int kill = 0; kill < kills; kill++) {
                WorkerProcess worker = installation.start(slot);
                // One in five dies while it starts and resolves what its earlier life left open.
                if (random.nextInt(5) > 0) {
                    worker.ready();
                }
                onLife.run();
                if (!worker.lives(Duration.ofMillis(random.nextInt(LONGEST_MILLIS)))) {
                    throw new AssertionError("worker " + slot + " ended by itself:\n" + worker.said());
                }
                worker.kill();
            }
            installation.start(slot).ready();
        } catch (java.io.IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
