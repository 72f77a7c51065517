package dev.belay.saga;

import static dev.belay.saga.Rig.DATASET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.fault.FaultPoint;
import dev.belay.fault.FaultPoint.Side;
import dev.belay.fault.Faults;
import dev.belay.fault.InjectedFault;
import dev.belay.job.Unavailable;
import dev.belay.runtime.Stores;
import dev.belay.runtime.folder.DataFolder;
import dev.belay.upkeep.Item;
import dev.belay.upkeep.Repair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A repair that fails is done again, and ends as if it had not failed.
final class FailedRepairTest {
    @TempDir
    private Path scratch;

    @Test
    void aCatalogMadeAnewIsMadeAgainAfterAFailure() throws Exception {
        for (Side side : Side.values()) {
            failsAndIsDoneAgain(FaultPoint.REPAIR_CATALOG, side, "catalog.db");
        }
    }

    @Test
    void aJournalMadeAnewIsMadeAgainAfterAFailure() throws Exception {
        for (Side side : Side.values()) {
            failsAndIsDoneAgain(FaultPoint.REPAIR_JOURNAL, side, "journal.db");
        }
    }

    private void failsAndIsDoneAgain(FaultPoint point, Side side, String lost) throws Exception {
        try (var rig = new DataFolderRig(scratch.resolve(point + "-" + side))) {
            rig.load("j1", "d", "code,n\n007,1\n");
            rig.curate("Station");
            rig.stop();
            lose(rig.folder.resolve(lost));

            try (var _ = Faults.arm(point, side, () -> {
                throw new InjectedFault(point, side);
            })) {
                assertThatThrownBy(() -> mend(rig)).as("%s %s", side, point).isInstanceOf(Unavailable.class);
            }
            mend(rig);

            assertThat(rig.curated()).as("%s %s", side, point).isEqualTo("Station");
            rig.load("j2", "d", "code,n\n007,1\n008,2\n");
            assertThat(rig.rooms()
                            .datastore()
                            .state(DATASET)
                            .head()
                            .orElseThrow()
                            .version())
                    .as("%s %s", side, point)
                    .isEqualTo(2);
            rig.stop();
            assertThat(repair(rig).look()).as("%s %s", side, point).isEmpty();
        }
    }

    private static void mend(DataFolderRig rig) {
        for (List<Item> items = repair(rig).look();
                !items.isEmpty();
                items = repair(rig).look()) {
            items.forEach(repair(rig)::mend);
        }
    }

    private static Repair repair(DataFolderRig rig) {
        return new Repair(Stores.places(DataFolder.at(rig.folder)), rig.log.ids(), rig.log.clock());
    }

    private static void lose(Path store) throws IOException {
        for (String part : List.of("", "-wal", "-shm")) {
            Files.deleteIfExists(store.resolveSibling(store.getFileName() + part));
        }
    }
}
