package dev.belay.intake;

import dev.belay.journal.AnnouncementKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the journal which announcements are out, many at a time, behind the announcer's back. Only a note: when it is
/// lost, the committed offset still says so.
final class AnnouncedNotes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AnnouncedNotes.class);
    private static final Duration LAST_NOTE_WITHIN = Duration.ofSeconds(3);

    private final BlockingQueue<AnnouncementKey> waiting = new LinkedBlockingQueue<>();
    private final ExecutorService writer = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("belay-announced").factory());
    private final Consumer<List<AnnouncementKey>> journal;
    private final Consumer<Error> broken;

    /// @param broken hears of an error after which nothing may go on, such as a failed fsync of the journal
    AnnouncedNotes(Consumer<List<AnnouncementKey>> journal, Consumer<Error> broken) {
        this.journal = journal;
        this.broken = broken;
    }

    void add(List<AnnouncementKey> keys) {
        waiting.addAll(keys);
        if (!writer.isShutdown()) {
            writer.execute(this::write);
        }
    }

    private void write() {
        var keys = new ArrayList<AnnouncementKey>();
        waiting.drainTo(keys);
        if (keys.isEmpty()) {
            return;
        }
        try {
            journal.accept(List.copyOf(keys));
        } catch (RuntimeException e) {
            LOG.warn("the journal took no note of {} announcements that are out: {}", keys.size(), e.toString());
        } catch (Error fatal) {
            broken.accept(fatal);
        }
    }

    @Override
    public void close() {
        writer.shutdown();
        try {
            if (!writer.awaitTermination(LAST_NOTE_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("the journal was not told in time of the last announcements");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
