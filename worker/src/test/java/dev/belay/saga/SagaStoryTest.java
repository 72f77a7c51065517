package dev.belay.saga;

import static dev.belay.saga.Rig.DATASET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.datastore.Commit;
import dev.belay.dictionary.DataDictionary;
import dev.belay.dictionary.DictionaryLimits;
import dev.belay.job.ColumnType;
import dev.belay.job.JobId;
import dev.belay.job.Sha256;
import dev.belay.schemas.EventData;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.Mode;
import dev.belay.schemas.Outcome;
import dev.belay.schemas.PublishStrategy;
import dev.belay.schemas.Receipt;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The contract of a load, a sentence each: what is published, and what the receipt says.
final class SagaStoryTest {
    private static final String FIRST = "code,n\n007,1\n008,2\n";
    private static final String SECOND = "code,n\n007,1\n008,2\n009,3\n";
    private static final JobMessage LOAD = JobMessage.replace("d", JobMessage.Source.url("a.csv"));

    private Rig rig;

    @BeforeEach
    void begin(@TempDir Path folder) {
        rig = new Rig(folder);
        rig.file("a.csv", FIRST);
    }

    @Test
    void publishesVersionOneAndSaysSoInItsReceipt() {
        rig.run("j1", LOAD);

        Receipt receipt = rig.log.receipt();
        assertThat(rig.log.types()).containsExactly("dataset.published", "job.completed");
        assertThat(receipt.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(receipt.version()).isEqualTo(1);
        assertThat(receipt.rows()).isEqualTo(2);
        assertThat(receipt.attempts()).isEqualTo(1);
        assertThat(receipt.file()).as("this store keeps no files").isNull();
        assertThat(receipt.columns())
                .containsExactly(new Receipt.Column("code", "text", "code"), new Receipt.Column("n", "integer", "n"));
        assertThat(receipt.stageMillis()).containsOnlyKeys("fetch", "detect", "profile", "stage", "index", "publish");
        assertThat(receipt.source())
                .isEqualTo(new EventData.SourceSummary(
                        "a.csv",
                        null,
                        Sha256.of(FIRST.getBytes(StandardCharsets.UTF_8)).toString(),
                        (long) FIRST.length()));
        assertThat(receipt.stillServed()).isEqualTo(new EventData.StillServed(1, 2));
        assertThat(receipt.warnings()).isEmpty();
        assertThat(rig.rows()).containsExactly(List.of("007", 1L), List.of("008", 2L));
        assertThat(rig.workspace.operations()).isEmpty();
    }

    @Test
    void skipsTheVerySameFile() {
        rig.run("j1", LOAD);
        rig.run("j2", LOAD);

        Receipt receipt = rig.log.receipt();
        assertThat(receipt.outcome()).isEqualTo(Outcome.SKIPPED);
        assertThat(receipt.reason()).isEqualTo("unchanged");
        assertThat(receipt.version()).isEqualTo(1);
        assertThat(rig.version()).isEqualTo(1);
        assertThat(rig.workspace.operations()).isEmpty();
    }

    @Test
    void loadsTheVerySameFileAgainWhenTheDataThatAreServedAreDamaged() {
        rig.run("j1", LOAD);
        rig.datastore.lose(rig.datastore.state(DATASET).head().orElseThrow().id());

        rig.run("j2", LOAD);

        assertThat(rig.log.receipt().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(rig.version()).isEqualTo(2);
        assertThat(rig.rows()).hasSize(2);
    }

    @Test
    void publishesVersionTwoOfAChangedFile() {
        rig.run("j1", LOAD);
        rig.file("a.csv", SECOND);
        rig.run("j2", LOAD);

        assertThat(rig.log.receipt().version()).isEqualTo(2);
        assertThat(rig.log.receipt().rows()).isEqualTo(3);
        assertThat(rig.log.of(EventData.Published.class).getLast().previousVersion())
                .isEqualTo(1);
        assertThat(rig.stash.list()).isEmpty();
    }

    @Test
    void keepsAProfileWithThePlanThatPublishesItAndWithNoOther() {
        rig.run("j1", LOAD);
        rig.file("a.csv", SECOND);
        rig.run("j2", LOAD);

        assertThat(rig.journal.attempts(new JobId("j2")).getFirst().effects())
                .extracting(effect -> effect.stage() + " " + (effect.planJson().split("distinctCount", -1).length - 1))
                .containsExactly("fetch 0", "stash 0", "arm 0", "stage 0", "index 0", "publish 2");
    }

    @Test
    void loadsTheVerySameFileAgainWithTheTypeThatPeopleAskFor() throws Exception {
        rig.run("j1", LOAD);
        rig.curate(live -> live.withTypeOverride("n", ColumnType.TEXT).withTitle("n", "Number"));

        rig.run("j2", LOAD);

        Receipt receipt = rig.log.receipt();
        assertThat(receipt.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(receipt.columns()).contains(new Receipt.Column("n", "text", "n"));
        assertThat(receipt.dictionary())
                .isEqualTo(new Receipt.DictionaryMerge(
                        1, 1, 0, 0, List.of(), "dictionary: 1 title kept; type of \"n\" set to text"));
        assertThat(rig.rows()).containsExactly(List.of("007", "1"), List.of("008", "2"));
        assertThat(rig.dictionary().field("n").title()).isEqualTo("Number");
    }

    @Test
    void remembersTheOrderOfDatesThatPeopleTell() throws Exception {
        rig.file("a.csv", "code,day\n007,1/2/2026\n008,3/4/2026\n");
        rig.run("j1", LOAD);
        assertThat(rig.log.receipt().columns()).contains(new Receipt.Column("day", "text", "day"));
        assertThat(rig.log.receipt().warnings())
                .anySatisfy(warning ->
                        assertThat(warning).contains("column \"day\" stays text", "read.dateOrder", "belay:dateOrder"));
        DataDictionary told = DataDictionary.ofTableSchema(
                "{\"fields\": [{\"name\": \"day\", \"belay:dateOrder\": \"mdy\"}]}", DictionaryLimits.DEFAULT);
        rig.curate(live -> live.withSchema(told));

        rig.run("j2", LOAD);

        assertThat(rig.log.receipt().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(rig.log.receipt().columns()).contains(new Receipt.Column("day", "date", "day"));
        assertThat(rig.rows()).containsExactly(List.of("007", "2026-01-02"), List.of("008", "2026-03-04"));
    }

    @Test
    void readsNumbersWithTheMarksThatPeopleTell() throws Exception {
        rig.file("a.csv", "code,n\n007,1.234\n008,\"2,500\"\n");
        rig.run("j1", LOAD);
        assertThat(rig.log.receipt().columns()).contains(new Receipt.Column("n", "text", "n"));
        rig.file("a.csv", "code,n\n007,1.234\n008,2.500\n");
        rig.run("j2", LOAD);
        assertThat(rig.log.receipt().columns()).contains(new Receipt.Column("n", "decimal", "n"));
        DataDictionary told = DataDictionary.ofTableSchema(
                "{\"fields\": [{\"name\": \"n\", \"decimalChar\": \",\"}]}", DictionaryLimits.DEFAULT);
        rig.curate(live -> live.withSchema(told));

        rig.run("j3", LOAD);
        rig.run("j4", LOAD);

        assertThat(rig.log.terminalTypes())
                .containsExactly("job.completed", "job.completed", "job.completed", "job.skipped");
        assertThat(rig.rows()).containsExactly(List.of("007", 1234L), List.of("008", 2500L));
    }

    @Test
    void saysWhichWordOfTheJobMakesNumbersOfAColumn() throws Exception {
        rig.file("a.csv", "code,n\n007,\"1,5\"\n008,\"1,25\"\n");
        rig.run("j1", LOAD);
        assertThat(rig.log.receipt().warnings())
                .anySatisfy(warning ->
                        assertThat(warning).contains("column \"n\" stays text", "read.decimalMark \",\" of the job"));
        JobMessage.Read read = JobMessage.Read.DEFAULT;

        rig.run(
                "j2",
                LOAD.withRead(new JobMessage.Read(
                        read.format(), null, null, null, null, null, null, null, null, List.of(), ",", null)));

        assertThat(rig.log.receipt().columns()).contains(new Receipt.Column("n", "decimal", "n"));
        assertThat(rig.log.receipt().warnings()).noneMatch(warning -> warning.contains("stays text"));
        assertThat(rig.rows()).containsExactly(List.of("007", "1.5"), List.of("008", "1.25"));
    }

    @Test
    void readsTextsAsNullThatTheDictionaryNames() throws Exception {
        rig.file("a.csv", "code,n\n-,-\n008,2\n");
        rig.run("j1", LOAD);
        assertThat(rig.log.receipt().columns()).contains(new Receipt.Column("n", "text", "n"));
        DataDictionary told = DataDictionary.ofTableSchema(
                "{\"fields\": [{\"name\": \"n\", \"missingValues\": [\"-\"]}]}", DictionaryLimits.DEFAULT);
        rig.curate(live -> live.withSchema(told));

        rig.run("j2", LOAD);
        rig.run("j3", LOAD);

        assertThat(rig.log.terminalTypes()).containsExactly("job.completed", "job.completed", "job.skipped");
        assertThat(rig.rows()).element(0).isEqualTo(Arrays.asList("-", null));
        assertThat(rig.dictionary().field("n").missingValues()).contains(List.of("-"));
    }

    @Test
    void readsTextsAsNullThatTheJobNames() {
        rig.file("a.csv", "code,n\n007,NA\n008,2\n");
        JobMessage.Read read = JobMessage.Read.DEFAULT;
        rig.run(
                "j1",
                LOAD.withRead(new JobMessage.Read(
                        read.format(), null, null, null, null, null, null, null, null, List.of("NA"), null, null)));

        assertThat(rig.log.receipt().columns()).contains(new Receipt.Column("n", "integer", "n"));
        assertThat(rig.log.receipt().warnings()).contains("1 values are read as null, being one of \"NA\"");
        assertThat(rig.rows().getFirst()).element(1).isNull();
    }

    @Test
    void appendsEvenTheVerySameFileAndWidensWhatIsThere() {
        JobMessage append = LOAD.withMode(Mode.APPEND, List.of());
        rig.run("j1", LOAD);
        rig.run("j2", append);
        assertThat(rig.rows()).hasSize(4);

        rig.file("a.csv", "n,colour,code\n1.5,red,010\n");
        rig.run("j3", append);

        assertThat(rig.rows()).hasSize(5);
        assertThat(rig.rows().getLast()).element(0).isEqualTo("010");
        assertThat(rig.rows().getLast()).element(2).isEqualTo("red");
        assertThat(rig.rows().getFirst()).element(2).isNull();
        Commit head = rig.datastore.state(DATASET).head().orElseThrow();
        assertThat(head.columns().get(1).type()).isEqualTo(ColumnType.DECIMAL);
    }

    @Test
    void upsertsByKeyAndBalancesEveryRecord() {
        rig.run("j1", LOAD);
        rig.file("a.csv", "code,n\n007,10\n009,3\n009,4\n010,x,y\n011,5\n012,6\n013,7\n");
        rig.run(
                "j2",
                LOAD.withMode(Mode.UPSERT, List.of("code"))
                        .withRules(JobMessage.Rules.DEFAULT
                                .withMaxRejectedRatio(0.5)
                                .withScreen(JobMessage.Rules.Screen.OFF)));

        Receipt receipt = rig.log.receipt();
        assertThat(receipt.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(receipt.rejected()).isEqualTo(1);
        assertThat(receipt.deduplicated()).isEqualTo(1);
        assertThat(receipt.rejects()).hasSize(1);
        assertThat(receipt.rows()).isEqualTo(6);
        assertThat(rig.rows()).contains(List.of("007", 10L), List.of("008", 2L), List.of("009", 4L));
    }

    @Test
    void skipsTheVerySameUpsert() {
        JobMessage upsert = LOAD.withMode(Mode.UPSERT, List.of("code"));
        rig.run("j1", upsert);
        rig.run("j2", upsert);

        assertThat(rig.log.receipt().reason()).isEqualTo("unchanged");
    }

    @Test
    void rollsBackWhenTwoRowsHaveTheSameKey() {
        rig.run("j1", LOAD);
        rig.file("a.csv", "code,n\n007,1\n007,2\n");
        rig.run("j2", LOAD.withMode(Mode.REPLACE, List.of("code")));

        Receipt receipt = rig.log.receipt();
        assertThat(receipt.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(rig.log.failure()).isEqualTo("KEY_NOT_UNIQUE");
        assertThat(receipt.stillServed()).isEqualTo(new EventData.StillServed(1, 2));
        EventData.RolledBack back = rig.log.of(EventData.RolledBack.class).getLast();
        assertThat(back.nextAttemptAt()).isNull();
        assertThat(back.compensations())
                .extracting(EventData.Compensation::stage)
                .containsExactly("index", "stage", "arm", "stash", "fetch");
        assertThat(rig.datastore.stagedObjects()).isEmpty();
        assertThat(rig.stash.list()).isEmpty();
        assertThat(rig.log.deadLetters).hasSize(1);
    }

    @Test
    void touchesNothingWhenAKeyColumnIsMissing() {
        rig.run("j1", LOAD.withMode(Mode.REPLACE, List.of("id")));

        assertThat(rig.log.failure()).isEqualTo("KEY_COLUMN_MISSING");
        assertThat(rig.log.of(EventData.RolledBack.class).getLast().compensations())
                .extracting(EventData.Compensation::stage)
                .containsExactly("fetch");
    }

    @Test
    void restoresAnEarlierVersionWithTheDictionaryAsItIsNow() throws Exception {
        rig.run("j1", LOAD);
        rig.file("a.csv", SECOND);
        rig.run("j2", LOAD);
        rig.curate(live -> live.withTitle("code", "Station"));

        rig.run("j3", JobMessage.replace("d", JobMessage.Source.version(1)));

        assertThat(rig.log.receipt().version()).isEqualTo(3);
        assertThat(rig.log.receipt().source()).isEqualTo(new EventData.SourceSummary(null, 1L, null, null));
        assertThat(rig.rows()).containsExactly(List.of("007", 1L), List.of("008", 2L));
        assertThat(rig.dictionary().field("code").title()).isEqualTo("Station");

        rig.file("a.csv", FIRST);
        rig.run("j4", LOAD);
        assertThat(rig.log.receipt().reason()).isEqualTo("unchanged");
        assertThat(rig.log.receipt().version()).isEqualTo(3);
    }

    @Test
    void cannotRestoreAVersionThatNeverWas() {
        rig.run("j1", LOAD);
        rig.run("j2", JobMessage.replace("d", JobMessage.Source.version(7)));

        assertThat(rig.log.failure()).isEqualTo("VERSION_NOT_FOUND");
        assertThat(rig.version()).isEqualTo(1);
    }

    @Test
    void deletesNothingInPlaceForAVersionWhoseDataAreNotKept() {
        rig.run("j1", LOAD);
        Commit first = rig.datastore.state(DATASET).head().orElseThrow();
        rig.file("a.csv", SECOND);
        rig.run("j2", LOAD);
        rig.datastore.lose(first.id());

        rig.run("j3", JobMessage.replace("d", JobMessage.Source.version(1)).withPublish(PublishStrategy.IN_PLACE));

        assertThat(rig.log.failure()).isEqualTo("VERSION_NOT_FOUND");
        assertThat(rig.version()).isEqualTo(2);
        assertThat(rig.rows()).hasSize(3);
    }

    @Test
    void doesNothingWhenTheVersionToRestoreIsTheOneThatIsServed() {
        rig.run("j1", LOAD);
        rig.run("j2", JobMessage.replace("d", JobMessage.Source.version(1)).withPublish(PublishStrategy.IN_PLACE));

        assertThat(rig.log.receipt().reason()).isEqualTo("unchanged");
        assertThat(rig.rows()).hasSize(2);
    }

    @Test
    void leavesTheDictionaryAndNoRowsWhenAnInPlaceLoadFailsAfterTheDelete() throws Exception {
        rig.run("j1", LOAD);
        rig.curate(live -> live.withTitle("code", "Station"));
        rig.file("a.csv", "code,n\n007,1\n007,2\n");
        JobMessage inPlace = LOAD.withMode(Mode.REPLACE, List.of("code")).withPublish(PublishStrategy.IN_PLACE);

        rig.run("j2", inPlace);

        assertThat(rig.version()).isEqualTo(2);
        assertThat(rig.rows()).isEmpty();
        assertThat(rig.dictionary().field("code").title()).isEqualTo("Station");
        assertThat(rig.log.receipt().stillServed()).isEqualTo(new EventData.StillServed(2, 0));
        EventData.Published emptied = rig.log.of(EventData.Published.class).getLast();
        assertThat(emptied.kind()).isEqualTo(EventData.Published.Kind.ROLLBACK);
        assertThat(emptied.version()).isEqualTo(2);
        assertThat(emptied.rows()).isZero();
        assertThat(rig.stash.list()).isEmpty();

        rig.file("a.csv", SECOND);
        rig.run("j3", inPlace);
        assertThat(rig.version()).isEqualTo(3);
        assertThat(rig.rows()).hasSize(3);
        assertThat(rig.dictionary().field("code").title()).isEqualTo("Station");
    }

    @Test
    void mergesADictionaryThatWasEditedBetweenPlanAndPublishAgain() throws Exception {
        rig.run("j1", LOAD);
        rig.file("a.csv", SECOND);
        rig.send("j2", LOAD);

        drainEditingAt("before Datastore.publish", live -> live.withTitle("code", "Station"));

        assertThat(rig.version()).isEqualTo(2);
        assertThat(rig.dictionary().field("code").title()).isEqualTo("Station");
    }

    @Test
    void doesNotBringBackWhatWasTakenOutOfTheDictionaryBetweenPlanAndPublish() throws Exception {
        rig.run("j1", LOAD);
        rig.curate(live -> live.withDescription("code", "wrong").withTypeOverride("n", ColumnType.TEXT));
        rig.file("a.csv", SECOND);
        rig.send("j2", LOAD);

        drainEditingAt(
                "before Datastore.publish",
                live -> live.withDescription("code", "").withoutTypeOverride("n"));

        DataDictionary now = rig.dictionary();
        assertThat(now.field("code").description()).isEmpty();
        assertThat(now.field("n").typeOverride()).isEmpty();
    }

    @Test
    void losesNoEditMadeBetweenTheReadingOfTheDictionaryAndTheDelete() throws Exception {
        for (String point : List.of(
                "after Datastore.state",
                "before Source.fetch",
                "after Source.fetch",
                "before Stash.put",
                "after Stash.put",
                "before Datastore.deleteLive")) {
            var other = new Rig(rig.workspace.root().resolve(point.replace(' ', '-')));
            other.file("a.csv", FIRST);
            other.run("j1", LOAD);
            other.file("a.csv", SECOND);
            other.send("j2", LOAD.withPublish(PublishStrategy.IN_PLACE));
            var points = CrashPoints.acting(point, () -> other.curate(live -> live.withTitle("code", "Station")));

            other.drain(other.worker(points), points);

            assertThat(other.dictionary().field("code").title()).as(point).isEqualTo("Station");
            assertThat(other.rows()).as(point).hasSize(3);
            assertThat(other.stash.list()).as(point).isEmpty();
        }
    }

    private void drainEditingAt(String point, Rig.Edit edit) {
        var points = CrashPoints.acting(point, () -> rig.curate(edit));
        rig.drain(rig.worker(points), points);
    }
}
