package dev.belay.saga;

import static dev.belay.saga.Rig.DATASET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.datastore.CommitKind;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.JobMessage.Rules.Dedupe;
import dev.belay.schemas.JobMessage.Rules.Dedupe.By;
import dev.belay.schemas.JobMessage.Rules.Dedupe.Keep;
import dev.belay.schemas.Mode;
import dev.belay.schemas.Outcome;
import dev.belay.schemas.Receipt;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a job with `rules.dedupe` publishes, and what its receipt says.
final class DedupeStoryTest {
    private static final String REPEATED = "code,n\n007,1\n008,2\n007,1\n007,3\n008,2\n";
    private static final JobMessage LOAD = JobMessage.replace("d", JobMessage.Source.url("a.csv"));

    private Rig rig;

    @BeforeEach
    void begin(@TempDir Path folder) {
        rig = new Rig(folder);
        rig.file("a.csv", REPEATED);
    }

    private static JobMessage without(By by, Keep keep, String... columns) {
        return without(LOAD, by, keep, columns);
    }

    private static JobMessage without(JobMessage load, By by, Keep keep, String... columns) {
        return load.withRules(
                JobMessage.Rules.DEFAULT.withMaxRejectedRatio(0.5).withDedupe(new Dedupe(by, List.of(columns), keep)));
    }

    @Test
    void loadsEveryRecordWhereNobodyAsks() {
        rig.run("j1", LOAD);

        assertThat(rig.log.receipt().rows()).isEqualTo(5);
        assertThat(rig.log.receipt().deduplicated()).isZero();
        assertThat(rig.log.receipt().stageMillis()).doesNotContainKey("dedupe");
    }

    @Test
    void leavesOutRecordsThatAreTheSameAsEarlierOnesAndSaysWhich() {
        rig.run("j1", without(By.RECORD, Keep.FIRST));

        Receipt receipt = rig.log.receipt();
        assertThat(receipt.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(rig.rows()).containsExactly(List.of("007", 1L), List.of("008", 2L), List.of("007", 3L));
        assertThat(receipt.rows()).isEqualTo(3);
        assertThat(receipt.deduplicated()).isEqualTo(2);
        assertThat(receipt.duplicates())
                .containsExactly(new Receipt.Duplicate(3, 4, 1, 2), new Receipt.Duplicate(5, 6, 2, 3));
        assertThat(receipt.stageMillis()).containsKey("dedupe");
        assertThat(rig.workspace.operations()).isEmpty();
    }

    @Test
    void keepsTheLastOneWhereTheJobSaysSo() {
        rig.run("j1", without(By.RECORD, Keep.LAST));

        assertThat(rig.rows()).containsExactly(List.of("007", 1L), List.of("007", 3L), List.of("008", 2L));
        assertThat(rig.log.receipt().duplicates())
                .containsExactly(new Receipt.Duplicate(1, 2, 3, 4), new Receipt.Duplicate(2, 3, 5, 6));
    }

    @Test
    void comparesTheJobsKeyAlone() {
        JobMessage keyed = LOAD.withMode(Mode.REPLACE, List.of("code"));
        rig.run("j1", keyed);
        assertThat(rig.log.failure()).isEqualTo("KEY_NOT_UNIQUE");

        rig.run("j2", without(keyed, By.KEY, Keep.FIRST));
        assertThat(rig.rows()).containsExactly(List.of("007", 1L), List.of("008", 2L));

        rig.run("j3", without(keyed, By.KEY, Keep.LAST));
        assertThat(rig.rows()).containsExactly(List.of("007", 3L), List.of("008", 2L));
        assertThat(rig.log.receipt().deduplicated()).isEqualTo(3);
    }

    @Test
    void comparesTheColumnsThatAreNamed() {
        rig.file("a.csv", "code,n,x\n007,1,2\n007,1,3\n007,2,2\n");
        rig.run("j1", without(By.COLUMNS, Keep.FIRST, "n", "code"));

        assertThat(rig.rows()).containsExactly(List.of("007", 1L, 2L), List.of("007", 2L, 2L));
    }

    @Test
    void touchesNothingWhenAColumnIsMissing() {
        rig.run("j1", LOAD);
        rig.run("j2", without(By.COLUMNS, Keep.FIRST, "id"));

        assertThat(rig.log.failure()).isEqualTo("KEY_COLUMN_MISSING");
        assertThat(Objects.requireNonNull(rig.log.receipt().failure()).message())
                .contains("\"id\" is not among the columns [code, n]");
        assertThat(rig.version()).isEqualTo(1);
    }

    @Test
    void aRejectedRecordIsNeverADuplicateAndDisplacesNone() {
        rig.file("a.csv", "code,n\n007,1\n007,1,x\n007,1,x\n\n008,2\n007,1\n");
        rig.run("j1", without(By.RECORD, Keep.FIRST));

        Receipt receipt = rig.log.receipt();
        assertThat(receipt.rejected()).isEqualTo(2);
        assertThat(receipt.deduplicated()).isEqualTo(1);
        assertThat(receipt.rows()).isEqualTo(2);
        assertThat(receipt.duplicates()).containsExactly(new Receipt.Duplicate(5, 7, 1, 2));
    }

    @Test
    void comparesValuesAsTheyAreLoaded() {
        rig.file("a.csv", "day,x\n1/31/2026,1.50\n2026-01-31,1.5\n31.1.2026,1.5\n");
        rig.run("j1", without(By.RECORD, Keep.FIRST));
        assertThat(rig.rows()).as("texts").hasSize(3);

        rig.file("a.csv", "at,x\n2026-01-31 10:00:00Z,1.50\n2026-01-31T10:00:00Z,1.5\n");
        rig.run("j2", without(By.RECORD, Keep.FIRST));
        assertThat(rig.rows()).as("times and decimals").hasSize(1);
    }

    @Test
    void appendsTheFileWithoutItsDuplicatesAndLooksAtNothingElse() {
        rig.run("j1", LOAD);
        rig.run("j2", without(LOAD.withMode(Mode.APPEND, List.of()), By.RECORD, Keep.FIRST));

        assertThat(rig.rows()).hasSize(8);
        assertThat(rig.log.receipt().deduplicated()).isEqualTo(2);
    }

    @Test
    void anUpsertCountsWhatWasLeftOutAndWhatWasReplacedByALaterRow() {
        JobMessage upsert = LOAD.withMode(Mode.UPSERT, List.of("code"));
        rig.run("j1", without(upsert, By.RECORD, Keep.LAST));

        assertThat(rig.rows()).containsExactly(List.of("007", 3L), List.of("008", 2L));
        assertThat(rig.log.receipt().deduplicated()).isEqualTo(3);
        assertThat(rig.log.receipt().duplicates()).as("those left out").hasSize(2);
    }

    @Test
    void anUpsertKeepsTheLastOfAKeyAsEverUnlessTheFirstIsAskedFor() {
        JobMessage upsert = LOAD.withMode(Mode.UPSERT, List.of("code"));
        rig.run("j1", upsert);
        List<List<@Nullable Object>> plain = rig.rows();
        rig.run("j2", without(upsert, By.KEY, Keep.LAST));
        assertThat(rig.rows()).hasSameElementsAs(plain);

        rig.run("j3", without(upsert, By.KEY, Keep.FIRST));
        assertThat(rig.rows()).containsExactly(List.of("007", 1L), List.of("008", 2L));
    }

    @Test
    void aDryRunSaysWhatWouldBeLeftOut() {
        rig.run("j1", without(By.RECORD, Keep.FIRST).asDryRun());

        Receipt receipt = rig.log.receipt();
        assertThat(receipt.reason()).isEqualTo("dry_run");
        assertThat(receipt.deduplicated()).isEqualTo(2);
        assertThat(receipt.duplicates()).hasSize(2);
        assertThat(Objects.requireNonNull(receipt.plan()).records()).isEqualTo(5);
        assertThat(receipt.plan().rows()).isEqualTo(3);
        assertThat(rig.datastore.state(DATASET).head()).isEmpty();
        assertThat(rig.workspace.operations()).isEmpty();
    }

    @Test
    void loadsTheVerySameFileAgainUnderAnotherRuleAndSkipsItUnderTheSame() {
        rig.run("j1", LOAD);
        rig.run("j2", without(By.RECORD, Keep.FIRST));
        assertThat(rig.log.receipt().outcome()).isEqualTo(Outcome.COMPLETED);

        rig.run("j3", without(By.RECORD, Keep.FIRST));
        assertThat(rig.log.receipt().reason()).isEqualTo("unchanged");
        assertThat(rig.version()).isEqualTo(2);
    }

    @Test
    void findsThemHoweverLittleMemoryThereIs() {
        var file = new StringBuilder("code,n\n");
        for (int row = 0; row < 5_000; row++) {
            file.append("%03d,%d\n".formatted(row % 700, row % 7));
        }
        rig.file("a.csv", file.toString());
        rig.run("j1", without(By.RECORD, Keep.FIRST));

        assertThat(rig.rows()).hasSize(700);
        assertThat(rig.log.receipt().deduplicated()).isEqualTo(4_300);
        assertThat(rig.log.receipt().duplicates()).hasSize(20).first().isEqualTo(new Receipt.Duplicate(701, 702, 1, 2));
        assertThat(rig.datastore.state(DATASET).head().orElseThrow().kind()).isEqualTo(CommitKind.PUBLISH);
    }

    @Test
    void recordsOfAFileWithoutLinesAreToldByTheirNumbers() {
        rig.file("a.csv", "[{\"code\":\"007\",\"n\":1},{\"n\":1,\"code\":\"007\"}]");
        rig.run("j1", without(By.RECORD, Keep.FIRST));

        assertThat(rig.log.receipt().duplicates()).containsExactly(new Receipt.Duplicate(2, 0, 1, 0));
    }
}
