package dev.belay.runtime;

import static dev.belay.journal.JournalSamples.ALPHA;
import static dev.belay.journal.JournalSamples.NOBODY_IS_DEAD;
import static dev.belay.journal.JournalSamples.NOW;
import static dev.belay.journal.JournalSamples.delivery;
import static dev.belay.journal.JournalSamples.operation;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.JobId;
import dev.belay.journal.ClaimResult;
import dev.belay.journal.InMemoryJournal;
import dev.belay.journal.JournalSamples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class OverdueReviewsTest {
    private static final Duration LATER = Duration.ofHours(2);

    private final InMemoryJournal journal = new InMemoryJournal("journal");
    private final List<JobId> said = new ArrayList<>();

    @BeforeEach
    void aJobWaits() {
        journal.beat(ALPHA, NOW);
        journal.admit(delivery("air", "city", 0), NOW);
        var claimed = (ClaimResult.Claimed) journal.claim(new JobId("air"), operation(1), ALPHA, NOW, NOBODY_IS_DEAD);
        journal.end(claimed.claim(), JournalSamples.asked(), NOW);
    }

    @Test
    void saysNothingBeforeTheTimeIsOver() throws Exception {
        new OverdueReviews(journal, (job, now) -> said.add(job.job())).turn(NOW);

        assertThat(said).isEmpty();
    }

    @Test
    void saysItOnceAndAgainOnlyWhenItSeemsLost() throws Exception {
        var overdue = new OverdueReviews(journal, (job, now) -> said.add(job.job()));

        overdue.turn(NOW.plus(LATER));
        overdue.turn(NOW.plus(LATER).plusSeconds(30));
        assertThat(said).containsExactly(new JobId("air"));
        overdue.turn(NOW.plus(LATER).plus(LATER));
        assertThat(said).hasSize(2);
    }

    @Test
    void triesAgainWhatCouldNotBeSaid() throws Exception {
        var broken = new OverdueReviews(journal, (job, now) -> {
            said.add(job.job());
            throw JobFailure.configuration(FailureCode.TOPICS_MISSING, "no topic");
        });

        broken.turn(NOW.plus(LATER));
        broken.turn(NOW.plus(LATER).plusSeconds(30));

        assertThat(said).hasSize(2);
    }
}
