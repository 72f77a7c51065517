package dev.belay.runtime;

import dev.belay.job.JobFailure;
import dev.belay.job.JobId;
import dev.belay.journal.JobRecord;
import dev.belay.journal.Journal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends the wait of jobs that nobody has decided about in time: not by itself, but by a message, as a person
/// would. Which message stands first in the topic decides, whatever any clock says. Several workers may say the
/// same; the first one counts. Used by one thread at a time.
final class OverdueReviews {
    private static final Logger LOG = LoggerFactory.getLogger(OverdueReviews.class);
    private static final int MOST = 100;
    /// A message that was written is not written again for so long: it waits for its worker.
    private static final Duration AGAIN = Duration.ofHours(1);

    private final Journal journal;
    private final Messenger messenger;
    private final Map<JobId, Instant> said = new HashMap<>();

    OverdueReviews(Journal journal, Messenger messenger) {
        this.journal = journal;
        this.messenger = messenger;
    }

    /// Writes the message that says so.
    @FunctionalInterface
    interface Messenger {
        void expired(JobRecord job, Instant now) throws JobFailure, InterruptedException;
    }

    /// @throws dev.belay.job.Unavailable when the journal cannot be read
    void turn(Instant now) throws InterruptedException {
        List<JobRecord> overdue = journal.overdueReviews(now, MOST);
        said.values().removeIf(at -> at.plus(AGAIN).isBefore(now));
        for (JobRecord job : overdue) {
            if (said.containsKey(job.job())) {
                continue;
            }
            try {
                messenger.expired(job, now);
                said.put(job.job(), now);
                LOG.info("nobody has decided about job {} in time", job.job());
            } catch (JobFailure notNow) {
                LOG.warn("the end of the review of job {} cannot be said: {}", job.job(), notNow.getMessage());
                return;
            }
        }
    }
}
