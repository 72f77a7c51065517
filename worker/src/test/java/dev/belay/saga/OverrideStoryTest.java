package dev.belay.saga;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.ColumnType;
import dev.belay.job.JobId;
import dev.belay.schemas.EventData;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.JobMessage.Rules;
import dev.belay.schemas.JobMessage.Rules.OverridePolicy;
import dev.belay.schemas.Outcome;
import dev.belay.schemas.Receipt;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of a load whose values are not of the type that people demand for their column.
final class OverrideStoryTest {
    private static final JobMessage LOAD = JobMessage.replace("d", JobMessage.Source.url("a.csv"));

    private Rig rig;

    @BeforeEach
    void begin(@TempDir Path folder) throws Exception {
        rig = new Rig(folder);
        rig.file("a.csv", "code,n\n007,1\n008,2\n");
        rig.run("j1", LOAD);
        rig.curate(live -> live.withTypeOverride("n", ColumnType.INTEGER));
        rig.file("a.csv", "code,n\n007,1\n008,two\n009,3\n");
    }

    @Test
    void failsBeforeAnythingIsTouchedAndServesWhatItServed() throws Exception {
        rig.run("j2", by(OverridePolicy.FAIL));

        Receipt receipt = rig.log.receipt();
        assertThat(receipt.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(rig.log.failure()).isEqualTo("TYPE_OVERRIDE_VIOLATED");
        assertThat(Objects.requireNonNull(receipt.failure()).message())
                .contains(
                        "column \"n\" is to be integer, but 1 value is not",
                        "record 2 (line 3) \"two\"",
                        "belay dictionary set d \"n\" --no-type");
        assertThat(receipt.attempts()).isEqualTo(1);
        assertThat(receipt.stillServed()).isEqualTo(new EventData.StillServed(1, 2));
        assertThat(rig.journal.attempts(new JobId("j2")).getFirst().effects())
                .extracting(effect -> effect.stage())
                .containsExactly("fetch");
        assertThat(rig.dictionary().overrides()).containsEntry("n", ColumnType.INTEGER);
    }

    @Test
    void failsThoughTheSameFileIsServedWithoutItsRejectedRecords() {
        rig.run("j2", by(OverridePolicy.REJECT));
        rig.run("j3", by(OverridePolicy.FAIL));

        assertThat(rig.log.terminalTypes()).containsExactly("job.completed", "job.completed", "job.failed");
    }

    @Test
    void widensTheColumnAndKeepsThePersonsWordForTheNextFile() throws Exception {
        rig.run("j2", by(OverridePolicy.WIDEN));

        Receipt receipt = rig.log.receipt();
        assertThat(receipt.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(receipt.rejected()).isZero();
        assertThat(receipt.columns()).contains(new Receipt.Column("n", "text", "n"));
        assertThat(receipt.warnings())
                .contains(
                        "column \"n\" is text, not integer as the dictionary says (rules.overridePolicy is widen): 1 value is not, the first: record 2 (line 3) \"two\"");
        assertThat(rig.rows()).contains(List.of("008", "two"));
        assertThat(rig.dictionary().overrides()).containsEntry("n", ColumnType.INTEGER);

        rig.file("a.csv", "code,n\n007,1\n");
        rig.run("j3", by(OverridePolicy.WIDEN));

        assertThat(rig.log.receipt().columns()).contains(new Receipt.Column("n", "integer", "n"));
    }

    /// Whoever screens shows no value anywhere.
    @Test
    void masksTheValuesOfAJobThatIsScreened() {
        rig.file("a.csv", "code,n\n007,canary.bird@example.org\n");
        for (OverridePolicy policy : List.of(OverridePolicy.WIDEN, OverridePolicy.FAIL)) {
            rig.run(
                    "j-" + policy,
                    LOAD.withRules(Rules.DEFAULT.withScreen(Rules.Screen.REPORT).withOverridePolicy(policy)));
        }

        assertThat(rig.log.failure()).isEqualTo("TYPE_OVERRIDE_VIOLATED");
        rig.log.events.forEach(event -> assertThat(event.json()).doesNotContain("canary.bird"));
    }

    private static JobMessage by(OverridePolicy policy) {
        return LOAD.withRules(Rules.DEFAULT.withMaxRejectedRatio(0.5).withOverridePolicy(policy));
    }
}
