package dev.belay.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DrillPlanTest {
    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @CsvSource({
        "9, 1, 0, --jobs",
        "100001, 1, 0, --jobs",
        "10, 0, 0, --workers",
        "10, 17, 0, --workers",
        "10, 1, -1, --kills"
    })
    void refusesNumbersOutOfRangeByName(int jobs, int workers, int kills, String option) {
        assertThatThrownBy(() -> new DrillPlan(jobs, workers, kills, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(option);
    }

    @Test
    void dealsEveryKillAndStopToTheWorkers() {
        var plan = new DrillPlan(5_000, 4, 300, 7);

        List<Action> actions = Action.of(plan).stream().flatMap(List::stream).toList();

        assertThat(plan.brokerKills()).isEqualTo(15);
        assertThat(actions)
                .filteredOn(action -> action.what() instanceof Action.Deed.Kill)
                .hasSize(285);
        assertThat(actions)
                .filteredOn(action -> action.what() instanceof Action.Deed.Stop)
                .hasSize(60)
                .filteredOn(action -> ((Action.Deed.Stop) action.what()).isLong())
                .hasSize(30);
    }

    @Test
    void theSameSeedMakesTheSameLoadAndTheSamePlan() throws Exception {
        var plan = new DrillPlan(60, 3, 40, 42);

        var first = new Load(plan, folder);
        var second = new Load(plan, folder);

        assertThat(second.rest()).isEqualTo(first.rest());
        assertThat(Action.of(plan)).isEqualTo(Action.of(plan));
    }

    @Test
    void feedsGoodBadRepeatedAndContradictedJobs() throws Exception {
        var plan = new DrillPlan(600, 2, 10, 42);

        var load = new Load(plan, folder);

        assertThat(load.works()).hasSize(600);
        assertThat(load.works().values()).anyMatch(work -> work.copies() > 1);
        assertThat(load.works().values()).anyMatch(work -> work.conflict().isPresent());
        assertThat(load.works().values().stream().flatMap(work -> work.codes().stream()))
                .contains(
                        "SOURCE_NOT_FOUND",
                        "TOO_MANY_REJECTED",
                        "ENCODING_AMBIGUOUS",
                        "EMPTY_FILE",
                        "SOURCE_DIGEST_MISMATCH",
                        "KEY_COLUMN_MISSING",
                        "SOURCE_FORBIDDEN",
                        "KEY_NOT_UNIQUE",
                        "VERSION_NOT_FOUND");
        assertThat(load.rest().stream()
                        .filter(sending -> !sending.work().message().equals(sending.message())))
                .hasSize((int) load.works().values().stream()
                        .filter(work -> work.conflict().isPresent())
                        .count());
    }
}
