package dev.belay.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.kit.FaultRow;
import dev.belay.sim.AnnouncingModel.Variant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Searches through every interleaving of announcing: as it is built nothing is lost and nothing is told
/// twice; each of the ways that look as if they would do is found to fail, with the shortest history that
/// shows it.
@FaultRow({"E3", "K1", "K2"})
final class AnnouncingModelTest {
    @Test
    void tellsEverythingOnceAsBuilt() {
        AnnouncingModel.Search search = AnnouncingModel.search(Variant.AS_BUILT);

        System.out.printf("announcing, AS_BUILT: %d states, no violation%n", search.states());
        assertThat(search.counterExample()).isEmpty();
        assertThat(search.reachesTheEnd()).isTrue();
        assertThat(search.states()).isGreaterThan(10_000);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AS_BUILT")
    void findsTheFlawOf(Variant variant) {
        AnnouncingModel.Search search = AnnouncingModel.search(variant);

        System.out.printf(
                "announcing, %s: %d states, %s%n",
                variant, search.states(), String.join(" · ", search.counterExample()));
        assertThat(search.counterExample()).isNotEmpty();
    }
}
