package dev.belay.saga;

import static dev.belay.saga.Rig.DATASET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.datastore.DatasetState;
import dev.belay.job.ColumnType;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.JobMessage.Rules;
import dev.belay.schemas.JobMessage.Source;
import dev.belay.schemas.Mode;
import dev.belay.schemas.Outcome;
import dev.belay.schemas.PublishStrategy;
import dev.belay.schemas.Receipt;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a dry run says, and that it touches nothing but the journal's own rows and a private folder that goes again.
final class DryRunStoryTest {
    private static final JobMessage LOAD = JobMessage.replace("d", Source.url("a.csv"));
    private static final String FIRST = "code,n\n007,1\n008,2\n";
    private static final String OTHER = "code,n,more\n007,1,x\n008,two,y\n009,3\n";

    @TempDir
    private Path folder = Path.of("");

    private Rig rig;

    @BeforeEach
    void begin() {
        rig = begun("rig");
    }

    private Rig begun(String name) {
        var begun = new Rig(folder.resolve(name));
        begun.file("a.csv", FIRST);
        begun.run("j1", LOAD);
        begun.file("b.csv", OTHER);
        return begun;
    }

    private static JobMessage dry() {
        return JobMessage.replace("d", Source.url("b.csv"))
                .withRules(JobMessage.Rules.DEFAULT.withMaxRejectedRatio(0.5))
                .asDryRun();
    }

    @Test
    void endsAsSkippedWithThePlan() {
        rig.run("j2", dry());

        Receipt receipt = rig.log.receipt();
        assertThat(receipt.outcome()).isEqualTo(Outcome.SKIPPED);
        assertThat(receipt.reason()).isEqualTo("dry_run");
        assertThat(receipt.version()).isNull();
        assertThat(receipt.stageMillis()).containsOnlyKeys("fetch", "detect", "profile");
        assertThat(receipt.rejected()).isEqualTo(1);
        assertThat(receipt.rejects()).hasSize(1);
        Receipt.DryRun plan = Objects.requireNonNull(receipt.plan());
        assertThat(plan.records()).isEqualTo(3);
        assertThat(plan.rows()).isEqualTo(2);
        assertThat(plan.readAs()).contains("\",\"", "line 1", "code, n, more");
        assertThat(plan.columns())
                .extracting(Receipt.DryRun.PlannedColumn::name, Receipt.DryRun.PlannedColumn::type)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("code", "text"),
                        org.assertj.core.groups.Tuple.tuple("n", "text"),
                        org.assertj.core.groups.Tuple.tuple("more", "text"));
        assertThat(plan.columns().get(1).reason()).isEqualTo("not integer: record 2, line 3: \"two\"");
        assertThat(plan.changes())
                .containsExactly(
                        "columns that version 1 does not have: more",
                        "column \"n\" is text; in version 1 it is integer");
        assertThat(receipt.dictionary()).isNotNull();
        assertThat(receipt.stillServed()).isNotNull();
    }

    @Test
    void callsNothingThatChangesAStore() throws Exception {
        rig.curate(live -> live.withTitle("n", "Number"));
        DatasetState before = rig.datastore.state(DATASET);
        int number = 0;
        for (JobMessage job : List.of(
                dry(),
                dry().withPublish(PublishStrategy.IN_PLACE),
                dry().withMode(Mode.APPEND, List.of()),
                dry().withMode(Mode.UPSERT, List.of("code")),
                LOAD.withSource(Source.version(1)).asDryRun())) {
            var points = CrashPoints.none();
            number++;
            rig.send("dry-" + number, job);
            rig.drain(rig.worker(points), points);

            assertThat(points.names())
                    .filteredOn(name -> name.startsWith("before Datastore.") || name.startsWith("before Stash."))
                    .allMatch(name -> name.matches(
                            "before (Datastore\\.(state|commit|commits|isIntact|file)|Stash\\.(list|read)).*"));
            assertThat(rig.log.receipt().outcome()).isEqualTo(Outcome.SKIPPED);
        }
        assertThat(rig.datastore.state(DATASET)).isEqualTo(before);
        assertThat(rig.stash.list()).isEmpty();
        assertThat(rig.workspace.operations()).isEmpty();
    }

    @Test
    void leavesNothingAndEndsOnceWhereverItsWorkerIsKilled() {
        var counted = CrashPoints.none();
        rig.send("j2", dry());
        rig.drain(rig.worker(counted), counted);
        int all = counted.names().size();
        assertThat(all).isGreaterThan(10);

        for (int point = 0; point < all; point++) {
            Rig killed = begun("killed-" + point);
            killed.send("j2", dry());
            var points = CrashPoints.at(point);
            try {
                killed.drain(killed.worker(points), points);
            } catch (CrashPoints.Crash crash) {
                // The next life follows.
            }
            killed.drain();
            killed.worker("0", CrashPoints.none()).sweep();

            String where = "killed at " + counted.names().get(point);
            assertThat(killed.log.receipt().reason()).as(where).isEqualTo("dry_run");
            assertThat(killed.version()).as(where).isEqualTo(1);
            assertThat(killed.rows()).as(where).hasSize(2);
            assertThat(killed.workspace.operations()).as(where).isEmpty();
            assertThat(killed.journal.openAttempts()).as(where).isEmpty();
        }
    }

    @Test
    void failsAsTheJobWould() {
        rig.file("b.csv", "code,n\n1\n2\n3,4\n");
        rig.run("j2", LOAD.withSource(Source.url("b.csv")).asDryRun());

        assertThat(rig.log.receipt().outcome()).isEqualTo(Outcome.FAILED);
        assertThat(rig.log.receipt().failure())
                .isNotNull()
                .matches(failed -> failed.code().equals("TOO_MANY_REJECTED"));
        assertThat(rig.version()).isEqualTo(1);
    }

    @Test
    void failsOrWidensAsTheJobWouldWhereValuesAreNotOfTheTypeThatPeopleDemand() throws Exception {
        rig.curate(live -> live.withTypeOverride("n", ColumnType.INTEGER));
        DatasetState before = rig.datastore.state(DATASET);

        rig.run("j2", dry().withRules(Rules.DEFAULT.withOverridePolicy(Rules.OverridePolicy.FAIL)));
        assertThat(rig.log.failure()).isEqualTo("TYPE_OVERRIDE_VIOLATED");

        rig.run("j3", dry().withRules(dry().rules().withOverridePolicy(Rules.OverridePolicy.WIDEN)));
        assertThat(rig.log.receipt().reason()).isEqualTo("dry_run");
        assertThat(Objects.requireNonNull(rig.log.receipt().plan()).columns())
                .extracting(Receipt.DryRun.PlannedColumn::type)
                .containsExactly("text", "text", "text");
        assertThat(rig.log.receipt().warnings()).anyMatch(warning -> warning.contains("overridePolicy is widen"));
        assertThat(rig.datastore.state(DATASET)).isEqualTo(before);
    }

    @Test
    void saysThatNothingWouldChange() {
        rig.run("j2", LOAD.asDryRun());

        assertThat(rig.log.receipt().reason()).isEqualTo("unchanged");
    }

    @Test
    void plansTheFirstVersionOfADatasetWithoutMakingIt() {
        rig.run("j2", JobMessage.replace("new", Source.url("a.csv")).asDryRun());

        assertThat(rig.log.receipt().reason()).isEqualTo("dry_run");
        assertThat(rig.log.receipt().stillServed()).isNull();
        assertThat(rig.datastore.datasets()).hasSize(1);
    }
}
