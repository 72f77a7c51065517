package dev.belay.intake;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// How intake's own threads let time pass. Real time, or that of a simulation, in which nothing ever waits.
interface Pace {
    /// As the clock on the wall goes by.
    Pace REAL = new Pace() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public void pause(Duration time) throws InterruptedException {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        }
    };

    /// Only differences have a meaning.
    long nanoTime();

    /// Waits a moment.
    void pause(Duration time) throws InterruptedException;
}
