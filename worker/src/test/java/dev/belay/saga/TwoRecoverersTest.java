package dev.belay.saga;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.datastore.Commit;
import dev.belay.datastore.CommitKind;
import dev.belay.datastore.StagedReading;
import dev.belay.dictionary.DataDictionary;
import dev.belay.job.DatasetId;
import dev.belay.job.JobFailure;
import dev.belay.job.ListRows;
import dev.belay.job.Progress;
import dev.belay.kit.FaultRow;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.PublishStrategy;
import dev.belay.stage.DeleteLive;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A worker died after it had deleted the live table; two others find its attempt at the same time and stage the same
/// empty version under the same name.
final class TwoRecoverersTest {
    private static final DatasetId DATASET = new DatasetId("d");

    private final Rig rig;

    TwoRecoverersTest(@TempDir Path folder) {
        rig = new Rig(folder);
    }

    @BeforeEach
    void aWorkerDiedAfterTheDelete() throws Exception {
        rig.source.with("first.csv", "n\n1\n".getBytes(StandardCharsets.UTF_8));
        rig.source.with("second.csv", "n\n1\n2\n".getBytes(StandardCharsets.UTF_8));
        rig.send("job-1", JobMessage.replace("d", JobMessage.Source.url("first.csv")));
        rig.drain(rig.worker(CrashPoints.none()), CrashPoints.none());
        var state = rig.datastore.state(DATASET);
        var curated = DataDictionary.parse(state.dictionary().orElseThrow()).withTitle("n", "Number");
        assertThat(rig.datastore.editDictionary(DATASET, state.dictionaryRevision(), curated.toDocument()))
                .isTrue();
        rig.send(
                "job-2",
                JobMessage.replace("d", JobMessage.Source.url("second.csv")).withPublish(PublishStrategy.IN_PLACE));
        var deadly = CrashPoints.acting("after Datastore.deleteLive", () -> {
            throw new CrashPoints.Crash("after the delete");
        });
        assertThatThrownBy(() -> rig.drain(rig.worker(deadly), deadly)).isInstanceOf(CrashPoints.Crash.class);
        rig.log.pass(Duration.ofHours(1));
    }

    @Test
    @FaultRow("R1")
    void theLaterOneWinsAndTheEarlierOneChangesNothing() throws Exception {
        var later = rig.worker("2", CrashPoints.none());
        var earlier = rig.worker("1", CrashPoints.acting("before Datastore.stage", () -> {
            rig.log.pass(Duration.ofHours(1));
            assertThat(later.recover()).isEqualTo(1);
        }));

        assertThat(earlier.recover()).isZero();

        rig.drain(earlier, CrashPoints.none());
        assertRestored();
    }

    @Test
    void whatTheEarlierOneStagesMeanwhileHoldsTheLaterOneUpButSetsNothingAside() throws Exception {
        var later = rig.worker("2", CrashPoints.acting("before Datastore.stage", this::stageTheSame));

        assertThat(later.recover()).isZero();
        assertThat(rig.journal.quarantine(DATASET)).isEmpty();

        rig.drain(later, CrashPoints.none());
        assertRestored();
    }

    private void assertRestored() throws Exception {
        var now = rig.datastore.state(DATASET);
        assertThat(rig.journal.quarantine(DATASET)).isEmpty();
        assertThat(rig.journal.openAttempts()).isEmpty();
        assertThat(rig.datastore.commits(DATASET).reversed())
                .extracting(Commit::kind)
                .containsExactly(CommitKind.PUBLISH, CommitKind.ROLLBACK, CommitKind.PUBLISH);
        assertThat(DataDictionary.parse(now.dictionary().orElseThrow())
                        .field("n")
                        .title())
                .isEqualTo("Number");
    }

    /// As a recoverer does that has not noticed yet that it was taken over.
    private void stageTheSame() {
        try {
            var attempt = rig.journal.openAttempts().getFirst();
            DeleteLive.Plan plan = Journaled.effects(attempt).stream()
                    .map(PlannedEffect::plan)
                    .filter(DeleteLive.Plan.class::isInstance)
                    .map(DeleteLive.Plan.class::cast)
                    .findFirst()
                    .orElseThrow();
            assertThat(rig.datastore.staged(plan.empty())).isInstanceOf(StagedReading.Absent.class);
            rig.datastore.stage(plan.empty(), new ListRows(List.of()), Progress.SILENT);
        } catch (Journaled.Unreadable | JobFailure | IOException failed) {
            throw new AssertionError(failed);
        }
    }
}
