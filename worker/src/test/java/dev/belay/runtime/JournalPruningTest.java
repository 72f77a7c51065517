package dev.belay.runtime;

import static dev.belay.journal.JournalSamples.ALPHA;
import static dev.belay.journal.JournalSamples.NOBODY_IS_DEAD;
import static dev.belay.journal.JournalSamples.NOW;
import static dev.belay.journal.JournalSamples.again;
import static dev.belay.journal.JournalSamples.delivery;
import static dev.belay.journal.JournalSamples.events;
import static dev.belay.journal.JournalSamples.failed;
import static dev.belay.journal.JournalSamples.operation;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.JobId;
import dev.belay.journal.AnnouncementKey;
import dev.belay.journal.ClaimResult;
import dev.belay.journal.InMemoryJournal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class JournalPruningTest {
    private static final Duration MONTH = Duration.ofDays(30);
    private static final Instant LATER = NOW.plus(MONTH).plusSeconds(1);

    private final InMemoryJournal journal = new InMemoryJournal("journal");

    @Test
    void comesThroughAllOfHistoryInTurns() throws Exception {
        finish(11);
        var pruning = pruning(before -> job -> false);

        pruning.turn(LATER);
        assertThat(journal.jobs(20)).hasSize(5);
        pruning.turn(LATER);
        assertThat(journal.jobs(20)).isEmpty();
    }

    @Test
    void forgetsNothingBeforeItsTime() throws Exception {
        finish(3);

        pruning(before -> job -> false).turn(NOW.plus(MONTH));

        assertThat(journal.jobs(9)).hasSize(3);
        assertThat(journal.attempts(new JobId("job-1"))).hasSize(1);
    }

    @Test
    void withoutKafkasWordEveryReceiptStays() throws Exception {
        finish(3);

        pruning(before -> {
                    throw JobFailure.configuration(FailureCode.TOPICS_MISSING, "no topic");
                })
                .turn(LATER);

        assertThat(journal.jobs(9)).hasSize(3);
        assertThat(journal.attempts(new JobId("job-1"))).isEmpty();
    }

    @Test
    void asksKafkaAboutWhatIsOldEnough() throws Exception {
        pruning(before -> {
                    assertThat(before).isEqualTo(NOW.plusSeconds(1));
                    return job -> true;
                })
                .turn(LATER);
    }

    /// Two jobs in a step, three steps in a turn.
    private JournalPruning pruning(JournalPruning.Kafka kafka) {
        return new JournalPruning(journal, MONTH, kafka, new JournalPruning.Pace(2, 3));
    }

    private void finish(int jobs) {
        for (int number = 1; number <= jobs; number++) {
            String job = "job-" + number;
            journal.admit(delivery(job, "set-" + number, 0), NOW);
            var claimed =
                    (ClaimResult.Claimed) journal.claim(new JobId(job), operation(number), ALPHA, NOW, NOBODY_IS_DEAD);
            journal.end(claimed.claim(), again(true), NOW);
            journal.refuse(new JobId(job), 0, failed(), events("failed"), NOW);
            journal.announced(List.of(new AnnouncementKey(new JobId(job), 0)));
        }
    }
}
