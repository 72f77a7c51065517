package dev.belay.pivot;

import static dev.belay.journal.JournalSamples.BETA;
import static dev.belay.journal.JournalSamples.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.datastore.PublishResult;
import dev.belay.job.Fenced;
import org.junit.jupiter.api.Test;

/// What pivots promise besides that end the attempt with the publication: both or neither.
public abstract class OneStepContract extends PivotContract {
    @Test
    void endsTheAttemptToo() throws Exception {
        assertThat(turn(confirmed(1))).isInstanceOf(Pivot.Turn.Ended.class);
    }

    @Test
    void publishesNothingOnceTheAttemptIsAnothersThoughTheFenceIsNotYet() throws Exception {
        Confirmed confirmed = confirmed(1);
        assertThat(journal().seize(confirmed.claim().operation(), BETA, NOW)).isPresent();

        assertThatExceptionOfType(Fenced.class).isThrownBy(() -> turn(confirmed));

        assertNothingOf(confirmed);
    }

    @Test
    void publishesNothingWhenNoEndingCanBeWorded() throws Exception {
        Confirmed confirmed = confirmed(1);
        var speechless = new Pivot.End(
                confirmed.claim(),
                _ -> {
                    throw new IllegalArgumentException("no words");
                },
                () -> NOW);

        assertThatThrownBy(() -> pivot().publish(confirmed.publication(), speechless))
                .hasMessage("no words");

        assertNothingOf(confirmed);
    }

    @Test
    void isDoneOnce() throws Exception {
        Confirmed confirmed = confirmed(1);
        turn(confirmed);
        var before = city().state();

        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> turn(confirmed));

        assertThat(city().state()).isEqualTo(before);
        assertThat(hasEnded(confirmed)).isTrue();
    }

    /// As a worker of an earlier version leaves it, or one whose stores were two databases.
    @Test
    void endsWhatWasPublishedBefore() throws Exception {
        Confirmed confirmed = confirmed(1);
        assertThat(datastore().publish(confirmed.publication())).isInstanceOf(PublishResult.Published.class);
        assertThat(hasEnded(confirmed)).isFalse();

        assertThat(turn(confirmed)).isInstanceOf(Pivot.Turn.Ended.class);

        assertThat(hasEnded(confirmed)).isTrue();
        assertThat(datastore().commits(city().dataset())).hasSize(1);
    }
}
