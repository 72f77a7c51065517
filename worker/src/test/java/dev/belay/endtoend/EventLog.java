package dev.belay.endtoend;

import dev.belay.drill.Site;
import dev.belay.intake.EventHistory;
import dev.belay.intake.EventHistory.Heard;
import dev.belay.job.JobFailure;
import dev.belay.schemas.Receipt;
import java.util.List;
import java.util.function.BooleanSupplier;

/// All events from the first on, with what tests ask of them. For one thread.
final class EventLog implements AutoCloseable {
    private final EventHistory history;

    EventLog(Site site) throws JobFailure {
        history = site.events(event -> true);
    }

    /// Reads on until it is enough.
    ///
    /// @throws AssertionError when that takes too long
    void until(String what, BooleanSupplier enough) {
        long end = System.nanoTime() + Site.PATIENCE.toNanos();
        while (!enough.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("waited %s in vain for: %s. Ended so far: %s"
                        .formatted(Site.PATIENCE, what, terminal().size()));
            }
            try {
                history.poll();
            } catch (JobFailure failed) {
                throw new AssertionError(failed);
            }
        }
    }

    /// Reads all there is now.
    void toEnd() {
        try {
            history.toEnd();
        } catch (JobFailure failed) {
            throw new AssertionError(failed);
        }
    }

    /// Waits for the end of a job.
    Receipt receiptOf(String job) {
        until("the end of " + job, () -> !terminalOf(job).isEmpty());
        return (Receipt) terminalOf(job).getFirst().event().data();
    }

    List<Heard> all() {
        return history.all();
    }

    List<Heard> of(String job) {
        return all().stream().filter(one -> one.job().equals(job)).toList();
    }

    List<Heard> terminal() {
        return all().stream().filter(Heard::isTerminal).toList();
    }

    List<Heard> terminalOf(String job) {
        return history.ends().getOrDefault(job, List.of());
    }

    @Override
    public void close() {
        history.close();
    }
}
