package dev.belay.faults;

import static dev.belay.kit.Injections.failing;
import static dev.belay.kit.Injections.killed;
import static dev.belay.saga.World.LOAD;
import static dev.belay.saga.World.TITLE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.datastore.CommitKind;
import dev.belay.fault.FaultPoint;
import dev.belay.fault.FaultPoint.Side;
import dev.belay.journal.Phase;
import dev.belay.kit.FaultRow;
import dev.belay.kit.InMemoryFolder;
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
import org.junit.jupiter.params.provider.EnumSource;

/// Rows C: an attempt goes back, and that fails too.
final class CompensationFaultsTest {
    private static final String BAD = "code,n\n007,1\n007,2\n";
    private static final JobMessage KEYED = LOAD.withMode(Mode.REPLACE, List.of("code"));
    private static final JobMessage IN_PLACE = KEYED.withPublish(PublishStrategy.IN_PLACE);

    private World world;

    @BeforeEach
    void begin(@TempDir(factory = InMemoryFolder.class) Path folder) throws Exception {
        world = World.withVersionOne(folder);
        world.file("a.csv", BAD);
    }

    @FaultRow("C1")
    @ParameterizedTest
    @EnumSource(
            value = FaultPoint.class,
            names = {"STAGE_DROP", "STASH_CLEAR", "WORKSPACE_REMOVE"})
    void aCompensationThatFailsKeepsNoOtherFromRunningAndIsDoneAgain(FaultPoint point) throws Exception {
        world.send("job-2", KEYED);
        var worker = world.live("0");
        try (var _ = failing(point, Side.BEFORE)) {
            assertThat(worker.deliver())
                    .isInstanceOfSatisfying(
                            Handled.Later.class,
                            later -> assertThat(later.cause()).isEqualTo(Handled.Later.Cause.OUTAGE));
        }
        assertThat(leftOvers()).as("the others ran").hasSize(1);
        assertThat(world.stores().journal().openAttempts())
                .as("the place is kept")
                .singleElement()
                .satisfies(open -> assertThat(open.phase()).isEqualTo(Phase.ROLLING_BACK));

        world.file("b.csv", "x\n1\n");
        world.send("other", JobMessage.replace("other", JobMessage.Source.url("b.csv")));
        assertThat(worker.drain()).isEmpty();
        assertThat(world.ends()).containsExactly("job.failed", "job.completed");
        world.assertAtRest();
    }

    private List<Object> leftOvers() {
        var found = new java.util.ArrayList<Object>(world.stores().datastore().stagedObjects());
        found.addAll(world.stores().stash().list());
        found.addAll(new dev.belay.stage.Workspace(world.folder().work()).operations());
        return found;
    }

    @FaultRow("C2")
    @ParameterizedTest
    @EnumSource(
            value = FaultPoint.class,
            names = {"STAGE_SEAL", "PUBLISH_MOVE", "PUBLISH_COMMIT"})
    void aRestartKnowsItsOwnCompensationAndVersionsDoNotCreep(FaultPoint point) throws Exception {
        world.send("job-2", IN_PLACE);
        // The first sealing is of the empty version: the load itself fails before it is sealed.
        killed(point, Side.BEFORE, world.live("0")::deliver);
        killed(point, Side.BEFORE, world.live("0")::recover);
        killed(point, Side.BEFORE, world.live("0")::recover);

        world.live("0").drain();

        assertThat(world.commits()).hasSize(2);
        assertThat(world.head().version()).isEqualTo(2);
        assertThat(world.head().kind()).isEqualTo(CommitKind.ROLLBACK);
        assertThat(world.dictionary().field("code").title()).isEqualTo(TITLE);
        assertThat(world.ends()).containsExactly("job.failed");
        world.assertAtRest();
    }

    @FaultRow("C3")
    @Test
    void aCompensatedStateThatIsPublishedNeverFlipsToSuccess() throws Exception {
        world.send("job-2", IN_PLACE);
        killed(FaultPoint.PUBLISH_COMMIT, Side.AFTER, world.live("0")::deliver);
        assertThat(world.head().kind()).isEqualTo(CommitKind.ROLLBACK);
        world.file("a.csv", "code,n\n007,1\n008,2\n");

        world.live("0").drain();

        assertThat(world.ends()).containsExactly("job.failed");
        assertThat(world.recoveries()).singleElement().satisfies(told -> {
            assertThat(told.finding()).isEqualTo("VisibleRollback");
            assertThat(told.action()).isEqualTo(EventData.Recovered.Action.FINALIZED);
        });
        assertThat(world.commits()).hasSize(2);
        world.assertAtRest();
    }
}
