package dev.belay.powercut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.belay.kit.FaultRow;
import dev.belay.powercut.PowerCutDisk.Kind;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The power goes under journal, datastore and stash, again and again: see [StoresUnderCuts].
///
/// `-Dbelay.cuts=N` makes a long series of it, see [Cuts].
final class StoresPowerCutTest {
    /// Without fsync nearly every cut loses something; so many are enough by far.
    private static final int CUTS_UNTIL_A_LOSS = 8;

    static List<Kind> kinds() {
        return Cuts.kinds();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    @FaultRow({"B1", "D0", "D1", "P1", "S1"})
    void keepsWhatWasAnnouncedAndWhatWasPublishedWhenThePowerGoes(Kind kind) throws Exception {
        long seed = Cuts.seed();
        int cuts = Cuts.of(2);
        try (var disk = PowerCutDisk.mounted(kind)) {
            var stores = new StoresUnderCuts(disk, seed, List.of());
            for (int cut = 1; cut <= cuts; cut++) {
                assertThat(stores.cut())
                        .as("cut %d on %s, seed=%d, %s", cut, kind, seed, stores.summary())
                        .isEmpty();
            }
            assertThat(stores.left(true)).as("in the end, seed=%d", seed).isEmpty();
            System.out.println(
                    "power cuts under the stores: fs=%s cuts=%d lost=0 half=0 dictionaries=ok orphans=0 %s seed=%d"
                            .formatted(kind, cuts, stores.summary(), seed));
        }
    }

    /// The negative control: a rig that finds nothing here finds nothing at all.
    @ParameterizedTest
    @MethodSource("kinds")
    void wouldNoticeIfNothingWereMadeDurable(Kind kind) throws Exception {
        assumeTrue(Tools.has("eatmydata"), "skipped: eatmydata is not installed");
        long seed = Cuts.seed();
        try (var disk = PowerCutDisk.mounted(kind)) {
            var stores = new StoresUnderCuts(disk, seed, List.of("eatmydata"));
            List<String> losses = List.of();
            int cuts = 0;
            while (losses.isEmpty() && cuts < CUTS_UNTIL_A_LOSS) {
                losses = stores.cut();
                cuts++;
            }
            System.out.println("power cuts without fsync: fs=%s cut %d lost something: %s, %s seed=%d"
                    .formatted(kind, cuts, losses, stores.summary(), seed));
            assertThat(losses).as("losses without fsync, seed=%d", seed).isNotEmpty();
        }
    }
}
