package dev.belay.saga;

import static dev.belay.saga.Rig.DATASET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.journal.JobState;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.Mode;
import dev.belay.schemas.PublishStrategy;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Long history costs nothing: what a job, a recovery, a sweep and a listing ask of journal and catalog is counted
/// after
/// 10, 1,000 and 100,000 finished jobs of the same dataset, and is the same.
final class LongHistoryTest {
    private static final List<Integer> FINISHED = List.of(10, 1_000, 100_000);

    @Test
    void costsTheSameHoweverManyJobsHaveFinished(@TempDir Path folder) throws Exception {
        Map<String, MeteredRooms.Cost> few = costs(folder.resolve("first"), FINISHED.getFirst());
        for (int finished : FINISHED) {
            costs(folder.resolve("after-" + finished), finished).forEach((what, many) -> {
                MeteredRooms.Cost wanted = Objects.requireNonNull(few.get(what));
                System.out.printf("%-28s after %,7d jobs: %s%n", what, finished, many);
                assertThat(many.counted())
                        .as("%s after %,d jobs", what, finished)
                        .isEqualTo(wanted.counted());
                // A taller tree has a page more to write here and there; jobs that are pruned lie far apart.
                long more = what.equals("step of pruning") ? 100 : 30;
                assertThat(many.pages()).as("%s after %,d jobs", what, finished).isLessThan(wanted.pages() + more);
            });
        }
    }

    private static Map<String, MeteredRooms.Cost> costs(Path folder, int finished) throws Exception {
        var costs = new LinkedHashMap<String, MeteredRooms.Cost>();
        try (var rooms = new MeteredRooms(folder)) {
            rooms.run("first", JobMessage.replace("d", JobMessage.Source.url("first.csv")));
            History.copy(folder, "first", finished);
            JobMessage second = JobMessage.replace("d", JobMessage.Source.url("second.csv"))
                    .withMode(Mode.REPLACE, List.of("code"));
            costs.put("replace", rooms.cost(() -> rooms.run("second", second)));
            costs.put("unchanged", rooms.cost(() -> rooms.run("third", second)));
            JobMessage more = second.withMode(Mode.APPEND, List.of());
            costs.put("append", rooms.cost(() -> rooms.run("append", more)));
            JobMessage inPlace =
                    JobMessage.replace("d", JobMessage.Source.url("first.csv")).withPublish(PublishStrategy.IN_PLACE);
            costs.put("in place", rooms.cost(() -> rooms.run("in-place", inPlace)));
            JobMessage bad =
                    JobMessage.replace("d", JobMessage.Source.url("bad.csv")).withMode(Mode.REPLACE, List.of("code"));
            costs.put("failing", rooms.cost(() -> rooms.run("bad", bad)));
            costs.put(
                    "failing in place",
                    rooms.cost(() -> rooms.run("worse", bad.withPublish(PublishStrategy.IN_PLACE))));
            rooms.run("whole", second);
            int whole = rooms.version();
            rooms.run("after", JobMessage.replace("d", JobMessage.Source.url("first.csv")));
            JobMessage restore = JobMessage.replace("d", JobMessage.Source.version(whole));
            costs.put("restore", rooms.cost(() -> rooms.run("restore", restore)));
            assertThat(rooms.version()).isEqualTo(whole + 2);
            costs.put("killed and recovered", rooms.cost(() -> rooms.killAndRecover("killed", inPlace)));
            costs.put("start", rooms.cost(() -> rooms.restart()));
            costs.put("recover", rooms.cost(() -> rooms.saga().recover()));
            costs.put("sweep", rooms.cost(() -> rooms.saga().sweep()));
            costs.put("duplicate of an old job", rooms.cost(() -> rooms.again("first")));
            costs.put("jobs list", rooms.cost(() -> rooms.list(DATASET, JobState.COMPLETED)));
            costs.put("step of pruning", rooms.cost(rooms::pruneOneStep));
        }
        return costs;
    }
}
