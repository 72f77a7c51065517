package dev.belay.runtime;

import dev.belay.job.JobFailure;
import dev.belay.journal.JobRecord;
import dev.belay.journal.Journal;
import dev.belay.journal.Pruned;
import dev.belay.journal.Retention;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets the journal forget finished jobs, a little at a time: jobs that run wait for one step at most. Used by one
/// thread at a time; several workers of one journal do no harm to one another.
final class JournalPruning {
    private static final Logger LOG = LoggerFactory.getLogger(JournalPruning.class);

    private final Journal journal;
    private final Duration keepFinished;
    private final Kafka kafka;
    private final Pace pace;
    private long place;

    JournalPruning(Journal journal, Duration keepFinished, Kafka kafka, Pace pace) {
        this.journal = journal;
        this.keepFinished = keepFinished;
        this.kafka = kafka;
        this.pace = pace;
    }

    /// @param jobs  looked at in one transaction
    /// @param steps transactions in one turn
    record Pace(int jobs, int steps) {
        /// Tens of milliseconds each, 10,000 jobs a turn.
        static final Pace GENTLE = new Pace(200, 50);
    }

    /// Knows what Kafka's logs still hold.
    @FunctionalInterface
    interface Kafka {
        /// Which of the jobs that ended before could be delivered again.
        Predicate<JobRecord> deliverable(Instant endedBefore) throws JobFailure, InterruptedException;
    }

    /// Goes on from where the last turn came to. Without Kafka's word no receipt is forgotten.
    void turn(Instant now) throws InterruptedException {
        Instant endedBefore = now.minus(keepFinished);
        var retention = new Retention(endedBefore, deliverable(endedBefore));
        int details = 0;
        int receipts = 0;
        for (int step = 0; step < pace.steps(); step++) {
            Pruned pruned = journal.prune(retention, place, pace.jobs());
            details += pruned.details();
            receipts += pruned.receipts();
            OptionalLong next = pruned.next();
            place = next.orElse(0);
            if (next.isEmpty()) {
                break;
            }
        }
        if (details + receipts > 0) {
            LOG.info("pruned the journal: details of {} finished jobs, {} receipts", details, receipts);
        }
    }

    private Predicate<JobRecord> deliverable(Instant endedBefore) throws InterruptedException {
        try {
            return kafka.deliverable(endedBefore);
        } catch (JobFailure unknown) {
            LOG.debug("all receipts stay for now: {}", unknown.getMessage());
            return job -> true;
        }
    }
}
