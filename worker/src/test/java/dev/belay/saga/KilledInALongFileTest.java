package dev.belay.saga;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.datastore.Commit;
import dev.belay.datastore.sqlite.SqliteDatastoreReader;
import dev.belay.fault.FaultPoint;
import dev.belay.fault.Faults;
import dev.belay.kit.AtRest;
import dev.belay.kit.FaultRow;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.PublishStrategy;
import dev.belay.source.FakeSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Kills the worker at the steps of building, sealing and publishing a file of several MiB, once written while it is
/// examined, once because of a late value only afterwards. Long blocks of it are written by a thread of their own past
/// the page cache while the worker goes on, short ones at once. Other sweeps load a few rows, which are written in one
/// piece.
@FaultRow({"L1", "L2", "L3", "P1"})
final class KilledInALongFileTest {
    private static final Set<FaultPoint> STEPS = EnumSet.of(
            FaultPoint.STAGE_CREATE,
            FaultPoint.STAGE_DRAFT,
            FaultPoint.STAGE_ADOPT,
            FaultPoint.STAGE_CHUNK,
            FaultPoint.STAGE_COMMIT,
            FaultPoint.STAGE_SEAL,
            FaultPoint.JOURNAL_CONFIRM,
            FaultPoint.PUBLISH_MOVE,
            FaultPoint.PUBLISH_COMMIT);
    private static final int ROWS = 11_000;
    private static final int LATE = 10_900;
    private static final long SEED = Long.getLong("belay.sweep.seed", System.nanoTime());

    private final List<List<Object>> rows = new ArrayList<>();
    private final FakeSource source = new FakeSource();
    private Copies copies;

    @BeforeEach
    void begin() throws IOException {
        copies = new Copies();
        source.with("first.csv", "code,n\n007,1\n".getBytes(StandardCharsets.UTF_8));
    }

    private void makeFile(boolean isLate) {
        var random = new Random(SEED);
        var file = new StringBuilder("code,n\n");
        for (int row = 0; row < ROWS; row++) {
            var word = new StringBuilder();
            for (int part = 0; part < 32; part++) {
                word.append(Long.toHexString(random.nextLong() | Long.MIN_VALUE));
            }
            long number = random.nextInt(1_000);
            String written = isLate && row == LATE ? "none" : Long.toString(number);
            rows.add(List.of(word.toString(), isLate ? written : number));
            file.append(word).append(',').append(written).append('\n');
        }
        source.with("long.csv", file.toString().getBytes(StandardCharsets.UTF_8));
    }

    @AfterEach
    void end() {
        copies.close();
    }

    @ParameterizedTest
    @CsvSource({"SWAP, false", "IN_PLACE, true"})
    void servesEveryRowWhereverTheWorkerIsKilled(PublishStrategy publish, boolean isLate) throws Exception {
        makeFile(isLate);
        var disk = new OnDisk(copies.next(), new JobLog(), source);
        disk.log.send("job-1", JobMessage.replace("d", JobMessage.Source.url("first.csv")));
        disk.live();
        disk.log.events.clear();
        disk.log.send(
                "job-2",
                JobMessage.replace("d", JobMessage.Source.url("long.csv")).withPublish(publish));

        Map<String, OnDisk> killed = killed(disk);
        var violations = new ArrayList<String>();
        killed.forEach((where, left) -> {
            left.live();
            violations(left).forEach(violation -> violations.add("killed " + where + ": " + violation));
            copies.remove(left);
        });

        System.out.printf(
                "long file, %s, late value %s: killed at %d points: %d violations; seed=%d%n",
                publish, isLate, killed.size(), violations.size(), SEED);
        assertThat(violations(disk)).as("not killed").isEmpty();
        assertThat(violations).isEmpty();
        assertThat(killed).hasSizeGreaterThan(15);
    }

    /// What kills leave, by where they came.
    private Map<String, OnDisk> killed(OnDisk disk) {
        var left = new LinkedHashMap<String, OnDisk>();
        var passed = new LinkedHashMap<String, Integer>();
        try (var _ = Faults.onEveryPass((point, side) -> {
            if (STEPS.contains(point)) {
                synchronized (left) {
                    int nth = passed.merge(side + " " + point, 1, Integer::sum);
                    left.put("%s %s, passing %d".formatted(side, point, nth), disk.copyTo(copies.next()));
                }
            }
        })) {
            disk.live();
        }
        return left;
    }

    private List<String> violations(OnDisk disk) {
        var found = new ArrayList<>(new AtRest(disk.folder).violations());
        if (!disk.log.terminalTypes().equals(List.of("job.completed"))) {
            found.add("ended as " + disk.log.terminalTypes());
        }
        try (var datastore =
                SqliteDatastoreReader.open(disk.folder.datastoreFolder()).orElseThrow()) {
            Commit head = datastore.state(Rig.DATASET).head().orElseThrow();
            if (!datastore.preview(head, 2 * ROWS).equals(rows)) {
                found.add("serves other rows than those of the file");
            }
        }
        return found;
    }
}
