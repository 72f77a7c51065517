package dev.belay.powercut;

import dev.belay.fault.FaultPoint;
import dev.belay.fault.Faults;
import dev.belay.job.FsyncFailed;
import dev.belay.job.IdSource;
import dev.belay.journal.Announcement;
import dev.belay.schemas.EventCodec;
import dev.belay.schemas.Receipt;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/// The program under which the power goes: a thread for each lane runs the lane's jobs, one after the other, and says
/// on standard output, which is outside, what has ended.
///
/// ```
/// open                                      the stores are, and what was left open is resolved
/// ended <job> <outcome> <version> <event>
/// titled <dataset> <number>
/// at <point>                                it has stopped there and waits for the power to go
/// done                                      every lane has run as many jobs as it was to
/// ```
final class Victim {
    private static final int IO_ERROR = 74;

    private final long seed;
    private final int jobs;
    private final World world;
    private final EventCodec events = new EventCodec();

    private Victim(long seed, int jobs, World world) {
        this.seed = seed;
        this.jobs = jobs;
        this.world = world;
    }

    /// @param arguments folder, seed, how many jobs each lane runs, `random` or `counted` ids, `-` or
    ///     `POINT:SIDE:NTH`, and for each lane the number of its next job
    public static void main(String[] arguments) throws Exception {
        try {
            armed(arguments[4]);
            var world = World.open(Path.of(arguments[0]), ids(arguments[3]));
            world.recover();
            say("open");
            var victim = new Victim(Long.parseLong(arguments[1]), Integer.parseInt(arguments[2]), world);
            victim.run(List.of(arguments).subList(5, arguments.length));
            world.close();
            say("done");
            Runtime.getRuntime().halt(0);
        } catch (Throwable failed) {
            end(failed);
        }
    }

    private static void armed(String at) {
        if (at.equals("-")) {
            return;
        }
        String[] parts = at.split(":", -1);
        // Never closed: the process ends at it, or without having come there.
        var _ = Faults.arm(
                FaultPoint.valueOf(parts[0]), FaultPoint.Side.valueOf(parts[1]), Integer.parseInt(parts[2]), () -> {
                    say("at " + at);
                    new CountDownLatch(1).await();
                });
    }

    private static IdSource ids(String kind) {
        if (kind.equals("random")) {
            return IdSource.random(InstantSource.system());
        }
        var minted = new AtomicLong();
        return () -> "01J000000000000000%08d".formatted(minted.incrementAndGet());
    }

    private void run(List<String> next) throws InterruptedException {
        var lanes = new java.util.ArrayList<Thread>();
        for (int lane = 0; lane < next.size(); lane++) {
            int number = lane;
            int first = Integer.parseInt(next.get(lane));
            lanes.add(Thread.ofPlatform().start(() -> run(number, first)));
        }
        for (Thread lane : lanes) {
            lane.join();
        }
    }

    private void run(int lane, int first) {
        try {
            for (int number = first; number < first + jobs; number++) {
                var job = new ScriptedJob(seed, lane, number);
                Announcement announcement = world.run(job);
                say(ended(announcement));
                world.stores().journal().announced(List.of(announcement.key()));
                if (number % 4 == 0) {
                    world.title(job.dataset(), number);
                    say("titled %s %d".formatted(job.dataset(), number));
                }
            }
        } catch (Throwable failed) {
            end(failed);
        }
    }

    private String ended(Announcement announcement) {
        var terminal = announcement.events().getLast();
        var receipt = (Receipt) events.read(terminal.json().getBytes(StandardCharsets.UTF_8))
                .orElseThrow()
                .data();
        return "ended %s %s %s %s"
                .formatted(
                        announcement.key().job(),
                        receipt.outcome().name().toLowerCase(Locale.ROOT),
                        receipt.version(),
                        terminal.id());
    }

    private static void say(String line) {
        synchronized (System.out) {
            System.out.println(line);
            System.out.flush();
        }
    }

    /// As the worker's own process ends.
    private static void end(Throwable failed) {
        failed.printStackTrace();
        Runtime.getRuntime().halt(failed instanceof FsyncFailed ? IO_ERROR : 1);
    }
}
