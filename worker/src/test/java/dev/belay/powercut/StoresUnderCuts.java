package dev.belay.powercut;

import dev.belay.fault.FaultPoint;
import dev.belay.job.IdSource;
import dev.belay.job.JobFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A series of power cuts under the stores alone, without a broker: one life of a [Victim] after the other on the same
/// disk, each cut off, each time looked at what is left.
final class StoresUnderCuts {
    private static final int LANES = 3;
    private static final int ENDLESS = 1_000_000;
    private static final Duration STARTS_WITHIN = Duration.ofMinutes(1);
    private static final Duration LONGEST_LIFE = Duration.ofSeconds(20);
    private static final Duration A_MOMENT = Duration.ofMillis(60);
    private static final int MOST_ENDS = 25;
    private static final Duration LONGEST_START = Duration.ofMillis(900);

    /// Such as `JOURNAL_END`: a power cut while a step is being asked for or has just been made durable.
    private static final List<FaultPoint> POINTS = List.of(
            FaultPoint.JOURNAL_CLAIM,
            FaultPoint.JOURNAL_CONFIRM,
            FaultPoint.JOURNAL_END,
            FaultPoint.STASH_WRITE,
            FaultPoint.STASH_CLEAR,
            FaultPoint.STAGE_CHUNK,
            FaultPoint.STAGE_COMMIT,
            FaultPoint.STAGE_SEAL,
            FaultPoint.LIVE_DELETE,
            FaultPoint.LIVE_REMOVE,
            FaultPoint.PUBLISH_MOVE,
            FaultPoint.PUBLISH_COMMIT,
            FaultPoint.PUBLISH_EXPOSE,
            FaultPoint.VERSION_RETIRE,
            FaultPoint.DISK_RENAME,
            FaultPoint.DISK_FSYNC,
            FaultPoint.DISK_FSYNC_FOLDER,
            FaultPoint.RECOVERY_ACT);

    private final PowerCutDisk disk;
    private final long seed;
    private final List<String> prefix;
    private final Random random;
    private final Acknowledged acknowledged = new Acknowledged();
    private int atPoints;
    private int whileStarting;

    /// @param prefix a program to run the victims by
    StoresUnderCuts(PowerCutDisk disk, long seed, List<String> prefix) {
        this.disk = disk;
        this.seed = seed;
        this.prefix = prefix;
        random = new Random(seed);
    }

    private Path folder() {
        return disk.folder().resolve("data");
    }

    /// One life, and its end.
    ///
    /// @return what is wrong with what is left
    List<String> cut() throws IOException, InterruptedException {
        try (var victim = VictimProcess.start(prefix, arguments())) {
            if (random.nextInt(6) == 0) {
                whileStarting++;
                victim.heard("open", upTo(LONGEST_START), acknowledged);
            } else if (victim.heard("open", STARTS_WITHIN, acknowledged)) {
                live(victim);
            }
            if (!victim.isAlive()) {
                return List.of("it ended by itself: " + victim.errors());
            }
            disk.cut();
            victim.kill(acknowledged);
        }
        disk.restore();
        return left(random.nextInt(4) == 0);
    }

    /// Until some jobs have ended and a moment more, or the point has come.
    private void live(VictimProcess victim) throws InterruptedException {
        if (victim.stopsAfter(1 + random.nextInt(MOST_ENDS), LONGEST_LIFE, acknowledged)
                || victim.heard("at ", upTo(A_MOMENT), acknowledged)) {
            atPoints++;
        }
    }

    private Duration upTo(Duration longest) {
        return Duration.ofMillis(random.nextLong(longest.toMillis()));
    }

    private List<String> arguments() {
        var arguments = new ArrayList<>(
                List.of(folder().toString(), Long.toString(seed), Integer.toString(ENDLESS), "random", somewhere()));
        for (int lane = 0; lane < LANES; lane++) {
            int next = 0;
            while (acknowledged.has(new ScriptedJob(seed, lane, next).id())) {
                next++;
            }
            // Now and then the last one is delivered once more, as Kafka does when an offset was lost.
            arguments.add(Integer.toString(Math.max(0, next - random.nextInt(2))));
        }
        return arguments;
    }

    /// Half of the lives end at a point, the others at any moment.
    private String somewhere() {
        if (random.nextBoolean()) {
            return "-";
        }
        FaultPoint point = POINTS.get(random.nextInt(POINTS.size()));
        return "%s:%s:%d".formatted(point, random.nextBoolean() ? "BEFORE" : "AFTER", 1 + random.nextInt(6));
    }

    /// Opens the stores as the next worker does.
    ///
    /// @param recover whether to resolve here what is open; otherwise the next life does, and is cut off in it
    List<String> left(boolean recover) {
        try (var world = World.open(folder(), IdSource.random(InstantSource.system()))) {
            var left = new LeftOnDisk(world.stores(), seed, acknowledged);
            var wrong = new ArrayList<>(left.losses());
            if (recover) {
                world.recover();
                wrong.addAll(left.losses());
                wrong.addAll(left.leftovers());
            }
            return wrong;
        } catch (JobFailure | RuntimeException unusable) {
            return List.of("the stores cannot be used: " + unusable);
        }
    }

    /// What was done, in words.
    String summary() {
        return "announced=%d at-points=%d while-starting=%d".formatted(acknowledged.size(), atPoints, whileStarting);
    }
}
