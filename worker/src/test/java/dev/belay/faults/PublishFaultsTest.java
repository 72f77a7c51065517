package dev.belay.faults;

import static dev.belay.kit.Injections.failing;
import static dev.belay.kit.Injections.killed;
import static dev.belay.saga.World.LOAD;
import static dev.belay.saga.World.TITLE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.datastore.Commit;
import dev.belay.datastore.CommitKind;
import dev.belay.datastore.Presence;
import dev.belay.dictionary.Field;
import dev.belay.fault.FaultPoint;
import dev.belay.fault.FaultPoint.Side;
import dev.belay.fault.Faults;
import dev.belay.job.Column;
import dev.belay.kit.FaultRow;
import dev.belay.kit.InMemoryFolder;
import dev.belay.kit.Injections;
import dev.belay.kit.Stalled;
import dev.belay.saga.Handled;
import dev.belay.saga.World;
import dev.belay.schemas.EventData;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.Mode;
import dev.belay.schemas.PublishStrategy;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Rows D and P: the moment in which a new version becomes what is served, and the gap that in-place has before it.
final class PublishFaultsTest {
    private static final JobMessage IN_PLACE = LOAD.withPublish(PublishStrategy.IN_PLACE);

    private World world;

    @BeforeEach
    void begin(@TempDir(factory = InMemoryFolder.class) Path folder) throws Exception {
        world = World.withVersionOne(folder);
        world.file("a.csv", "code,n,colour\n007,1,red\n008,2,red\n009,3,red\n");
    }

    @FaultRow("D0")
    @ParameterizedTest
    @CsvSource({
        "LIVE_DELETE, AFTER",
        "LIVE_REMOVE, BEFORE",
        "LIVE_REMOVE, AFTER",
        "STAGE_CREATE, AFTER",
        "STAGE_COMMIT, AFTER",
        "JOURNAL_CONFIRM, AFTER",
        "PUBLISH_MOVE, AFTER"
    })
    void theRetryOfAJobThatDiedAfterItsDeleteBringsTheDictionaryBackOnAnyWorker(FaultPoint point, Side side)
            throws Exception {
        world.send("job-2", IN_PLACE);
        killed(point, side, world.live("0")::deliver);
        assertThat(world.state().presence()).isEqualTo(Presence.EMPTIED);
        assertThat(world.stores().stash().list()).hasSize(1);

        afterItsOwnerIsLost().drain();

        assertThat(world.rows()).hasSize(3);
        assertThat(world.dictionary().field("code").title()).isEqualTo(TITLE);
        assertThat(world.ends()).containsExactly("job.completed");
        world.assertAtRest();
    }

    @FaultRow("D0")
    @Test
    void aJobThatFailsForGoodAfterItsDeleteLeavesTheDictionaryPublishedWithNoRows() throws Exception {
        world.file("a.csv", "code,n\n007,1\n007,2\n");
        world.send("job-2", IN_PLACE.withMode(Mode.REPLACE, List.of("code")));
        var worker = world.live("0");

        try (var _ = Faults.arm(
                FaultPoint.PUBLISH_COMMIT,
                Side.AFTER,
                () -> assertThat(world.stores().stash().list())
                        .as("the copy is there until it is published")
                        .hasSize(1))) {
            worker.drain();
        }

        assertThat(world.ends()).containsExactly("job.failed");
        assertThat(world.head().kind()).isEqualTo(CommitKind.ROLLBACK);
        assertThat(world.rows()).isEmpty();
        assertThat(world.stores().stash().list()).isEmpty();
        world.assertAtRest();
    }

    @FaultRow("D1")
    @ParameterizedTest
    @CsvSource({
        "PUBLISH_MOVE, BEFORE",
        "PUBLISH_MOVE, AFTER",
        "PUBLISH_COMMIT, BEFORE",
        "PUBLISH_COMMIT, AFTER",
        "PUBLISH_EXPOSE, BEFORE",
        "PUBLISH_EXPOSE, AFTER"
    })
    void dataAndDictionaryComeFromOneCommitWhereverItIsKilled(FaultPoint point, Side side) throws Exception {
        world.send("job-2", LOAD);
        killed(point, side, world.live("0")::deliver);
        assertOneCommit();

        afterItsOwnerIsLost().drain();

        assertOneCommit();
        assertThat(world.head().version()).isEqualTo(2);
        world.assertAtRest();
    }

    private void assertOneCommit() throws Exception {
        assertThat(world.dictionary().fields())
                .extracting(Field::name)
                .containsExactlyElementsOf(
                        world.head().columns().stream().map(Column::name).toList());
        assertThat(world.rows()).hasSize(world.head().version() == 1 ? 2 : 3);
    }

    @FaultRow("P1")
    @Test
    void aConfirmedVersionIsPublishedByAnotherWorkerUnderTheSameCommitId() throws Exception {
        world.send("job-2", LOAD);
        killed(FaultPoint.JOURNAL_CONFIRM, Side.AFTER, world.live("0")::deliver);
        var operation = world.stores().journal().openAttempts().getFirst().operation();

        var other = afterItsOwnerIsLost();
        assertThat(other.recover()).isEqualTo(1);

        assertThat(world.head().id()).isEqualTo(operation.commitId());
        other.drain();
        assertThat(world.recoveries())
                .singleElement()
                .extracting(EventData.Recovered::action)
                .isEqualTo(EventData.Recovered.Action.ROLLED_FORWARD);
        assertThat(world.receipt().attempts()).isEqualTo(1);
        world.assertAtRest();
    }

    @FaultRow("P2")
    @Test
    void aPublicationWhoseAnswerIsLostIsFoundAndNotMadeAgain() throws Exception {
        world.send("job-2", LOAD);
        var worker = world.live("0");
        try (var _ = failing(FaultPoint.PUBLISH_COMMIT, Side.AFTER)) {
            assertThat(worker.deliver()).isInstanceOf(Handled.Later.class);
        }
        Commit published = world.head();

        worker.drain();

        assertThat(world.head()).isEqualTo(published);
        assertThat(world.commits()).hasSize(2);
        assertThat(world.ends()).containsExactly("job.completed");
        assertThat(world.recoveries())
                .singleElement()
                .extracting(EventData.Recovered::finding)
                .isEqualTo("VisibleForward");
        world.assertAtRest();
    }

    @FaultRow("P4")
    @ParameterizedTest
    @EnumSource(Mode.class)
    void aHeadThatMovedStaysAndTheJobIsPlannedAgainOnIt(Mode mode) throws Exception {
        world.send("job-2", LOAD);
        world.live("0").drain();
        String first = world.commits().getLast().id().value();
        world.file("a.csv", "code,n\n009,9\n");
        world.send("job-3", LOAD.withMode(mode, mode == Mode.UPSERT ? List.of("code") : List.of()));
        killed(FaultPoint.JOURNAL_CONFIRM, Side.AFTER, world.live("0")::deliver);
        Injections.tamper(world.folder().catalog(), "UPDATE dataset SET head = '" + first + "'");

        var next = world.live("0");
        assertThat(next.recover()).isEqualTo(1);
        assertThat(world.head().id().value()).as("the winner stays").isEqualTo(first);
        assertThat(world.stores().datastore().stagedObjects()).isEmpty();
        next.drain();

        assertThat(world.recoveries())
                .singleElement()
                .extracting(EventData.Recovered::finding)
                .isEqualTo("ConfirmedBaseMoved");
        assertThat(world.ends()).containsExactly("job.completed", "job.completed");
        assertThat(world.rows()).hasSize(mode == Mode.REPLACE ? 1 : 3);
        world.assertAtRest();
    }

    @FaultRow("P5")
    @Test
    void aJobThatComesTwiceAndAgainAfterItsEndIsDoneOnce() throws Exception {
        world.send("job-2", LOAD);
        world.redeliver();
        world.send("job-2", LOAD);
        var worker = world.live("0");

        worker.drain();
        world.redeliver();
        world.live("1").drain();

        assertThat(world.commits()).hasSize(2);
        assertThat(world.told()).containsExactly("dataset.published", "job.completed");
        world.assertAtRest();
    }

    @FaultRow("P6")
    @ParameterizedTest
    @CsvSource({
        "STAGE_ADOPT, BEFORE",
        "STAGE_SEAL, BEFORE",
        "PUBLISH_MOVE, BEFORE",
        "PUBLISH_MOVE, AFTER",
        "PUBLISH_COMMIT, BEFORE",
        "JOURNAL_END, BEFORE"
    })
    void anOwnerThatStalledPastItsTakeoverChangesNothingAndDropsOnlyItsOwn(FaultPoint point, Side side)
            throws Exception {
        world.send("job-2", LOAD);
        try (var zombie = new Stalled<>(world.live("0")::handle, point, side)) {
            var heir = afterItsOwnerIsLost();
            heir.drain();
            world.file("a.csv", "code,n\n1,1\n");
            world.send("job-3", LOAD);
            heir.drain();
            var before = List.of(world.state(), world.commits(), world.rows());
            var told = world.told();

            Handled said = zombie.end();

            assertThat(List.of(world.state(), world.commits(), world.rows())).isEqualTo(before);
            assertThat(world.told()).isEqualTo(told);
            assertThat(said)
                    .satisfiesAnyOf(
                            later -> assertThat(later)
                                    .isInstanceOfSatisfying(
                                            Handled.Later.class,
                                            fenced -> assertThat(fenced.cause()).isEqualTo(Handled.Later.Cause.FENCED)),
                            known -> assertThat(known).isInstanceOf(Handled.Drop.class));
        }
        world.live("0").sweep();
        world.assertAtRest();
    }

    private World.Life afterItsOwnerIsLost() throws Exception {
        world.passUntilOwnersAreLost();
        return world.live("1");
    }
}
