package dev.belay.saga;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.fault.FaultPoint;
import dev.belay.fault.FaultPoint.Side;
import dev.belay.fault.Faults;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.PublishStrategy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The order of durable steps of whole jobs over the real stores, as the fault points pass: what a power cut could turn
/// into half a thing must not be possible by order.
final class DurableOrderTest {
    private final List<String> trace = new ArrayList<>();

    @Test
    void noNameIsReliedUponBeforeItsFolderIsDurable(@TempDir Path folder) throws Exception {
        swapAndInPlace(folder);

        boolean named = false;
        int renames = 0;
        for (String step : trace) {
            switch (step) {
                case "AFTER DISK_RENAME" -> {
                    named = true;
                    renames++;
                }
                case "AFTER DISK_FSYNC_FOLDER" -> named = false;
                case "BEFORE DATABASE_COMMIT", "AFTER STASH_WRITE", "AFTER STAGE_SEAL", "AFTER PUBLISH_MOVE" ->
                    assertThat(named)
                            .as("a name that is not durable at " + step + " in " + trace)
                            .isFalse();
                default -> {}
            }
        }
        assertThat(renames).isGreaterThan(6);
    }

    @Test
    void noContentGetsItsNameBeforeItIsDurable(@TempDir Path folder) throws Exception {
        swapAndInPlace(folder);

        assertThat(spans("STASH_WRITE")).isNotEmpty().allSatisfy(DurableOrderTest::isSyncedBeforeItIsNamed);
        assertThat(spans("STAGE_SEAL")).isNotEmpty().allSatisfy(DurableOrderTest::isSyncedBeforeItIsNamed);
    }

    @Test
    void theDictionaryIsSafeBeforeTheLiveOneIsDeletedAndUntilAnotherIsVisible(@TempDir Path folder) throws Exception {
        swapAndInPlace(folder);

        int deleted = trace.indexOf("BEFORE LIVE_DELETE");
        int claimed = trace.subList(0, deleted).lastIndexOf("AFTER JOURNAL_CLAIM");
        assertThat(trace.subList(claimed, deleted)).contains("AFTER STASH_WRITE");
        int published = deleted + trace.subList(deleted, trace.size()).indexOf("AFTER PUBLISH_COMMIT");
        assertThat(trace.subList(deleted, published)).doesNotContain("BEFORE STASH_CLEAR");
        assertThat(trace.subList(published, trace.size())).contains("BEFORE STASH_CLEAR");
    }

    @Test
    void theLinkFollowsTheHeadAndNeverLeadsIt(@TempDir Path folder) throws Exception {
        swapAndInPlace(folder);

        boolean published = false;
        int links = 0;
        for (String step : trace) {
            if (step.equals("AFTER PUBLISH_COMMIT") || step.equals("AFTER LIVE_DELETE")) {
                published = true;
            } else if (step.equals("BEFORE PUBLISH_MOVE")) {
                published = false;
            } else if (step.equals("BEFORE PUBLISH_EXPOSE")) {
                links++;
                assertThat(published).as(trace.toString()).isTrue();
            }
        }
        assertThat(links).isGreaterThan(2);
    }

    private void swapAndInPlace(Path folder) throws Exception {
        Thread me = Thread.currentThread();
        try (var rooms = new MeteredRooms(folder);
                var _ = Faults.onEveryPass((point, side) -> {
                    if (Thread.currentThread().equals(me)) {
                        trace.add(name(point, side));
                    }
                })) {
            rooms.run("first", JobMessage.replace("d", JobMessage.Source.url("first.csv")));
            rooms.run("second", JobMessage.replace("d", JobMessage.Source.url("second.csv")));
            trace.clear();
            rooms.run("third", JobMessage.replace("d", JobMessage.Source.url("first.csv")));
            rooms.run(
                    "fourth",
                    JobMessage.replace("d", JobMessage.Source.url("second.csv")).withPublish(PublishStrategy.IN_PLACE));
        }
    }

    private static String name(FaultPoint point, Side side) {
        return side + " " + point;
    }

    /// What passed from the beginning to the end of each such step.
    private List<List<String>> spans(String step) {
        var spans = new ArrayList<List<String>>();
        for (int at = 0; at < trace.size(); at++) {
            if (trace.get(at).equals("BEFORE " + step)) {
                int end = at + trace.subList(at, trace.size()).indexOf("AFTER " + step);
                spans.add(List.copyOf(trace.subList(at, end)));
            }
        }
        return spans;
    }

    private static void isSyncedBeforeItIsNamed(List<String> span) {
        assertThat(span).containsSubsequence("AFTER DISK_FSYNC", "BEFORE DISK_RENAME");
    }
}
