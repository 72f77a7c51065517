package dev.belay.powercut;

import dev.belay.dictionary.StashReading;
import dev.belay.job.DatasetId;
import dev.belay.job.IdSource;
import dev.belay.job.JobFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/// A series of power cuts under everything: worker, broker and all stores on one disk, while jobs are sent and events
/// are heard from outside.
final class SystemUnderCuts {
    private static final int LANES = 3;
    private static final int AHEAD = 5;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration LONGEST_START = Duration.ofSeconds(5);
    private static final int MOST_ENDS = 10;
    private static final int A_MOMENT_MILLIS = 300;

    private final PowerCutDisk disk;
    private final long seed;
    private final Path outside;
    private final List<String> prefix;
    private final Random random;
    private final int port = BelayDev.freePort();
    private final Acknowledged acknowledged = new Acknowledged();
    private final Set<Listener.Heard> heard = new HashSet<>();
    /// Jobs whose message the broker has acknowledged.
    private final Set<String> sent = new HashSet<>();
    private int whileStarting;
    private int titles;

    /// @param outside a folder that no power cut reaches
    SystemUnderCuts(PowerCutDisk disk, long seed, Path outside, List<String> prefix) {
        this.disk = disk;
        this.seed = seed;
        this.outside = outside;
        this.prefix = prefix;
        random = new Random(seed);
    }

    private Path data() {
        return disk.folder().resolve("data");
    }

    private String servers() {
        return "127.0.0.1:" + port;
    }

    /// One life and its end.
    ///
    /// @return what is wrong with what is left
    List<String> cut() throws Exception {
        var wrong = new ArrayList<String>();
        try (var dev = BelayDev.start(prefix, data(), port, outside)) {
            if (random.nextInt(5) == 0) {
                whileStarting++;
                dev.ready(Duration.ofMillis(random.nextLong(LONGEST_START.toMillis())));
            } else if (dev.ready(PATIENCE)) {
                wrong.addAll(live(1 + random.nextInt(MOST_ENDS)));
            }
            if (!dev.isAlive() && !dev.gaveUpWaiting()) {
                wrong.add("it ended by itself: " + dev.said());
            }
            disk.cut();
            dev.kill();
        }
        disk.restore();
        wrong.addAll(left(false));
        return wrong;
    }

    /// A life in peace, in which everything that was sent comes to its end.
    ///
    /// @return what is wrong then
    List<String> end() throws Exception {
        var wrong = new ArrayList<String>();
        try (var dev = BelayDev.start(prefix, data(), port, outside)) {
            if (!dev.ready(PATIENCE)) {
                return List.of("it does not start any more: " + dev.said());
            }
            try (var listener = new Listener(servers(), BelayDev.PARTITIONS)) {
                long end = System.nanoTime() + PATIENCE.toNanos();
                while (!ended(listener).containsAll(sent) && System.nanoTime() - end < 0) {
                    listener.listen();
                }
                wrong.addAll(hear(listener));
                sent.stream()
                        .filter(job -> !ended(listener).contains(job))
                        .forEach(job -> wrong.add(job + " was taken by the broker and has not ended"));
                if (listener.heard().size() != ended(listener).size()) {
                    wrong.add("some jobs have ended more than once: " + listener.heard());
                }
            }
            dev.stop();
        }
        wrong.addAll(left(true));
        return wrong;
    }

    private static Set<String> ended(Listener listener) {
        var jobs = new HashSet<String>();
        listener.heard().forEach(one -> jobs.add(one.end().job()));
        return jobs;
    }

    /// Sends jobs and listens, until some more have ended and a moment longer.
    private List<String> live(int moreEnds) throws Exception {
        try (var sender = new Sender(servers(), outside);
                var listener = new Listener(servers(), BelayDev.PARTITIONS)) {
            send(sender);
            long end = System.nanoTime() + PATIENCE.toNanos();
            int before = heard.size();
            while (listener.heard().size() < before + moreEnds && System.nanoTime() - end < 0) {
                listener.listen();
            }
            long moment = System.nanoTime() + random.nextInt(A_MOMENT_MILLIS) * 1_000_000L;
            do {
                listener.listen();
            } while (System.nanoTime() - moment < 0);
            return hear(listener);
        }
    }

    /// Sends the next jobs of each lane; some of those that are known to be there once more.
    private void send(Sender sender) throws Exception {
        for (int lane = 0; lane < LANES; lane++) {
            int first = 0;
            while (acknowledged.has(new ScriptedJob(seed, lane, first).id())) {
                first++;
            }
            for (int number = first; number < first + AHEAD; number++) {
                var job = new ScriptedJob(seed, lane, number);
                if (!sent.contains(job.id()) || random.nextInt(4) == 0) {
                    sender.send(job);
                    sent.add(job.id());
                }
            }
        }
    }

    /// Compares with what was heard in earlier lives: nothing of it may be gone, or stand elsewhere.
    private List<String> hear(Listener listener) {
        var wrong = new ArrayList<String>();
        var now = new HashMap<String, Listener.Heard>();
        for (Listener.Heard one : listener.heard()) {
            now.put(one.partition() + "@" + one.offset(), one);
            acknowledged.ended(one.end());
        }
        for (Listener.Heard one : heard) {
            Listener.Heard there = now.get(one.partition() + "@" + one.offset());
            // Cut off before it had read everything again, a listener proves nothing by its silence.
            if (there == null ? listener.heard().size() >= heard.size() : !there.equals(one)) {
                wrong.add("%s was heard, and now there is %s".formatted(one, there));
            }
        }
        heard.addAll(listener.heard());
        return wrong;
    }

    /// Opens the stores as the next worker does; a person uses the time to write titles.
    private List<String> left(boolean resolved) {
        try (var world = World.open(data(), IdSource.random(InstantSource.system()))) {
            var left = new LeftOnDisk(world.stores(), seed, acknowledged);
            var wrong = new ArrayList<>(left.losses());
            if (resolved) {
                wrong.addAll(left.leftovers());
            }
            for (int lane = 0; lane < LANES; lane++) {
                title(world, ScriptedJob.dataset(lane));
            }
            return wrong;
        } catch (JobFailure | RuntimeException unusable) {
            return List.of("the stores cannot be used: " + unusable);
        }
    }

    private void title(World world, String dataset) throws JobFailure {
        var id = new DatasetId(dataset);
        // In place, there is none to write into just now.
        boolean live = world.stores().datastore().state(id).dictionary().isPresent();
        boolean stashed = world.stores().stash().read(id).stream().anyMatch(StashReading.Held.class::isInstance);
        if (live && !stashed) {
            titles++;
            world.title(dataset, titles);
            acknowledged.titled(dataset, titles);
        }
    }

    /// What was done, in words.
    String summary() {
        return "sent=%d announced=%d titles=%d while-starting=%d"
                .formatted(sent.size(), acknowledged.size(), titles, whileStarting);
    }
}
