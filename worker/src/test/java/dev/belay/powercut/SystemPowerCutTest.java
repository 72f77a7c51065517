package dev.belay.powercut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.belay.kit.FaultRow;
import dev.belay.powercut.PowerCutDisk.Kind;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The power goes under worker, broker and all stores at once: see [SystemUnderCuts].
///
/// `-Dbelay.cuts=N` makes a long series of it, see [Cuts].
final class SystemPowerCutTest {
    /// Without fsync nearly every cut loses something; so many are enough by far.
    private static final int CUTS_UNTIL_A_LOSS = 6;

    @TempDir
    Path outside;

    static List<Kind> kinds() {
        return Cuts.kinds(Kind.EXT4);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    @FaultRow({"D0", "D1", "P1", "E3", "K1", "B1"})
    void losesNothingThatWasAnnouncedWhenThePowerGoes(Kind kind) throws Exception {
        long seed = Cuts.seed();
        int cuts = Cuts.of(1);
        try (var disk = PowerCutDisk.mounted(kind)) {
            var system = new SystemUnderCuts(disk, seed, outside, List.of());
            for (int cut = 1; cut <= cuts; cut++) {
                assertThat(system.cut())
                        .as("cut %d on %s, seed=%d, %s", cut, kind, seed, system.summary())
                        .isEmpty();
            }
            assertThat(system.end()).as("in the end, seed=%d", seed).isEmpty();
            System.out.println(
                    "power cuts under everything: fs=%s cuts=%d lost=0 duplicated=0 half=0 dictionaries=ok orphans=0 %s seed=%d"
                            .formatted(kind, cuts, system.summary(), seed));
        }
    }

    /// The negative control: a rig that finds nothing here finds nothing at all.
    @Test
    void wouldNoticeIfNothingWereMadeDurable() throws Exception {
        assumeTrue(Tools.has("eatmydata"), "skipped: eatmydata is not installed");
        long seed = Cuts.seed();
        try (var disk = PowerCutDisk.mounted(Kind.EXT4)) {
            var system = new SystemUnderCuts(disk, seed, outside, List.of("eatmydata"));
            List<String> losses = List.of();
            int cuts = 0;
            while (losses.isEmpty() && cuts < CUTS_UNTIL_A_LOSS) {
                losses = system.cut();
                cuts++;
            }
            System.out.println("power cuts without fsync under everything: cut %d lost something: %s, %s seed=%d"
                    .formatted(cuts, losses, system.summary(), seed));
            assertThat(losses).as("losses without fsync, seed=%d", seed).isNotEmpty();
        }
    }
}
