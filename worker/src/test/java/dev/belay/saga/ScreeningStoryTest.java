package dev.belay.saga;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.ColumnType;
import dev.belay.schemas.EventData;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.JobMessage.Rules;
import dev.belay.schemas.Mode;
import dev.belay.schemas.Outcome;
import dev.belay.schemas.Receipt;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of a load whose values look like personal data.
final class ScreeningStoryTest {
    private static final List<String> CANARIES = List.of("canary.bird@example.org", "4111111111111111");
    private static final String PEOPLE =
            "name,contact,card\nAnna,canary.bird@example.org,4111111111111111\nBert,none,none\n";
    private static final String NOBODY = "name,n\nx,1\n";
    private static final JobMessage LOAD = JobMessage.replace("d", JobMessage.Source.url("a.csv"));

    private Rig rig;
    private Path folder;

    @BeforeEach
    void begin(@TempDir Path folder) {
        this.folder = folder;
        rig = new Rig(folder);
        rig.file("a.csv", PEOPLE);
    }

    @Test
    void reportsWhatItFoundInTheReceiptAndLoadsTheRows() {
        rig.run("j1", screened(Rules.Screen.REPORT));

        Receipt receipt = rig.log.receipt();
        assertThat(receipt.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(receipt.rows()).isEqualTo(2);
        assertThat(receipt.screened())
                .containsExactly(
                        new Receipt.Screened("contact", "email", 1, 1, 2, true, samples("c*****.****@*******.**g")),
                        new Receipt.Screened("card", "card", 1, 1, 2, true, samples("4**************1")));
        assertThat(receipt.warnings())
                .containsExactly(
                        "column \"contact\": email in 1 of 2 values, first in record 1, line 2: c*****.****@*******.**g",
                        "column \"card\": card in 1 of 2 values, first in record 1, line 2: 4**************1");
    }

    @Test
    void blocksBeforeAnythingIsWrittenAndServesWhatItServed() {
        rig.file("a.csv", NOBODY);
        rig.run("j1", LOAD);
        rig.file("a.csv", PEOPLE);
        rig.run("j2", screened(Rules.Screen.BLOCK));

        Receipt receipt = rig.log.receipt();
        assertThat(receipt.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(rig.log.failure()).isEqualTo("SCREENED");
        assertThat(Objects.requireNonNull(receipt.failure()).message())
                .contains("column \"contact\": email in 1 of 2 values")
                .contains("nothing was written");
        assertThat(receipt.screened()).hasSize(2);
        assertThat(receipt.attempts()).isEqualTo(1);
        assertThat(receipt.stillServed()).isEqualTo(new EventData.StillServed(1, 1));
        assertThat(rig.log.of(EventData.RolledBack.class).getLast().nextAttemptAt())
                .isNull();
        assertThat(rig.journal
                        .attempts(new dev.belay.job.JobId("j2"))
                        .getFirst()
                        .effects())
                .extracting(effect -> effect.stage())
                .containsExactly("fetch");
    }

    @Test
    void looksAtNothingUnlessItIsAsked() {
        rig.run("j1", LOAD);

        assertThat(rig.log.receipt().screened()).isEmpty();
        assertThat(rig.log.receipt().warnings()).isEmpty();
    }

    @Test
    void passesAFileThatHoldsNobody() {
        rig.file("a.csv", NOBODY);
        rig.run("j1", screened(Rules.Screen.BLOCK));

        assertThat(rig.log.receipt().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(rig.log.receipt().screened()).isEmpty();
    }

    /// What was served unscreened is not the very same.
    @Test
    void screensAFileThatIsServedUnscreened() {
        rig.run("j1", LOAD);
        rig.run("j2", screened(Rules.Screen.BLOCK));
        rig.run("j3", screened(Rules.Screen.REPORT));
        rig.run("j4", screened(Rules.Screen.REPORT));

        assertThat(rig.log.terminalTypes())
                .containsExactly("job.completed", "job.failed", "job.completed", "job.skipped");
    }

    /// Numbers of which a tenth pass a check hold up nothing.
    @Test
    void doesNotTakeChanceForAFinding() {
        var file = new StringBuilder("number\n");
        for (int row = 0; row < 500; row++) {
            file.append(4_000_000_000_000_000L + row * 7_919L).append('\n');
        }
        rig.file("a.csv", file.toString());
        rig.run("j1", screened(Rules.Screen.BLOCK));

        Receipt receipt = rig.log.receipt();
        assertThat(receipt.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(receipt.screened()).hasSize(1);
        assertThat(receipt.screened().getFirst().likely()).isFalse();
        assertThat(receipt.warnings()).isEmpty();
    }

    /// Nothing unmasked stands in events or the journal, nor is anything left on the disk when the job is
    /// blocked.
    @Test
    void noValueLeavesUnmasked() throws Exception {
        rig.run("j1", screened(Rules.Screen.BLOCK));

        rig.log.events.forEach(event -> CANARIES.forEach(
                canary -> assertThat(event.json()).as(event.type()).doesNotContain(canary)));
        rig.journal
                .jobs(10)
                .forEach(job -> CANARIES.forEach(canary -> assertThat(job.toString() + rig.journal.attempts(job.job()))
                        .doesNotContain(canary)));
        try (var files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                CANARIES.forEach(canary -> assertThat(text).as(file.toString()).doesNotContain(canary));
            }
        }
    }

    /// The examples of rejected records show values elsewhere; not of a job that is screened.
    @Test
    void masksTheExamplesOfRejectedRecords() throws Exception {
        rig.file("a.csv", "name,n\nAnna,1\n");
        rig.run("j1", LOAD);
        rig.curate(live -> live.withTypeOverride("n", ColumnType.INTEGER));
        rig.file("a.csv", "name,n\nAnna,canary.bird@example.org\n" + "Bert,2\n".repeat(40));
        rig.run("j2", screened(Rules.Screen.REPORT));

        assertThat(rig.log.receipt().rejects()).hasSize(1);
        rig.log.events.forEach(event -> assertThat(event.json()).doesNotContain("canary.bird"));
    }

    @Test
    void masksWhatStandsAroundTheHeader() {
        rig.file("a.csv", "Of canary.bird@example.org\nname,n\nAnna,1\nBert,2\nCleo,3\n");
        rig.run("j1", screened(Rules.Screen.REPORT));

        assertThat(rig.log.receipt().warnings()).anyMatch(warning -> warning.contains("the header stands on line 2"));
        rig.log.events.forEach(event -> assertThat(event.json()).doesNotContain("canary.bird"));
    }

    @Test
    void masksTheValuesThatADryRunShows() {
        rig.file("a.csv", "name,n\nAnna,1\nBert,canary.bird@example.org\n");
        rig.run("j1", screened(Rules.Screen.REPORT).asDryRun());

        assertThat(rig.log.receipt().plan()).isNotNull();
        rig.log.events.forEach(event -> assertThat(event.json()).doesNotContain("canary.bird"));
    }

    @Test
    void masksTheKeyThatIsThereTwice() {
        rig.file("a.csv", "name,contact\nAnna,canary.bird@example.org\nBert,canary.bird@example.org\n");
        rig.run("j1", screened(Rules.Screen.REPORT).withMode(Mode.REPLACE, List.of("contact")));

        assertThat(rig.log.failure()).isEqualTo("KEY_NOT_UNIQUE");
        rig.log.events.forEach(event -> assertThat(event.json()).doesNotContain("canary.bird"));
    }

    /// The lines of a text that was written from it would send people astray.
    @Test
    void recordsOfAFileWithoutLinesAreToldByTheirNumbers() {
        rig.file("a.csv", "[{\"name\":\"Anna\"},{\"name\":\"canary.bird@example.org\"}]");
        rig.run("j1", screened(Rules.Screen.REPORT));

        Receipt receipt = rig.log.receipt();
        assertThat(receipt.screened().getFirst().samples())
                .containsExactly(new Receipt.Screened.Sample(2, 0, "c*****.****@*******.**g"));
        assertThat(receipt.warnings())
                .contains("column \"name\": email in 1 of 2 values, first in record 2: c*****.****@*******.**g");
    }

    private static JobMessage screened(Rules.Screen screen) {
        return LOAD.withRules(Rules.DEFAULT.withScreen(screen));
    }

    private static List<Receipt.Screened.Sample> samples(String masked) {
        return List.of(new Receipt.Screened.Sample(1, 2, masked));
    }
}
