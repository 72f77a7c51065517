package dev.belay.drill;

import dev.belay.intake.JobSubmitter;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;

/// The messages in as many parts as there are lives of workers, so that every life finds new work; and the broker's own
/// deaths, each just before a part is sent, and those of the database's server, each just after. Safe for many threads.
final class Waves {
    /// How many parts later a file comes that was missing.
    private static final int HEALED_AFTER = 2;

    private final Load load;
    private final JobSubmitter submitter;
    private final DrillBroker broker;
    private final ServerKills server;
    // All guarded by this: the order of one dataset's jobs is that of their submission, so one part at a time.
    private final ArrayDeque<List<Sending>> waves = new ArrayDeque<>();
    private final ArrayDeque<List<Sending>> unhealed = new ArrayDeque<>();
    private final TreeSet<Integer> deaths = new TreeSet<>();
    private final TreeSet<Integer> serverDeaths = new TreeSet<>();
    private int number;

    /// @param count of parts, at least one
    Waves(DrillPlan plan, int count, Load load, JobSubmitter submitter, DrillBroker broker, ServerKills server) {
        this.server = server;
        this.load = load;
        this.submitter = submitter;
        this.broker = broker;
        var all = load.rest();
        for (int wave = 0; wave < count; wave++) {
            waves.add(all.subList(
                    (int) ((long) all.size() * wave / count), (int) ((long) all.size() * (wave + 1) / count)));
        }
        var random = new SplittableRandom(plan.seed() + 2);
        while (deaths.size() < Math.min(plan.brokerKills(), count)) {
            deaths.add(random.nextInt(count));
        }
        while (server.isKilled() && serverDeaths.size() < Math.min(plan.brokerKills(), count)) {
            serverDeaths.add(random.nextInt(count));
        }
    }

    /// Sends the next part, if there is one.
    synchronized void next() throws JobFailure, InterruptedException, IOException {
        List<Sending> wave = waves.poll();
        if (wave == null) {
            return;
        }
        int part = number++;
        if (deaths.contains(part)) {
            broker.killAndStart();
        }
        for (Sending sending : wave) {
            submit(sending);
        }
        // Behind the messages, so that there is work to be cut off.
        if (serverDeaths.contains(part)) {
            server.killAndStart();
        }
        unhealed.add(wave);
        if (unhealed.size() > HEALED_AFTER) {
            heal(unhealed.remove());
        }
    }

    /// Sends what is left, and writes all files that are missing.
    synchronized void finish() throws JobFailure, InterruptedException, IOException {
        while (!waves.isEmpty()) {
            next();
        }
        for (List<Sending> wave : new ArrayList<>(unhealed)) {
            heal(wave);
        }
        unhealed.clear();
    }

    private void heal(List<Sending> wave) throws IOException {
        for (Sending sending : wave) {
            load.heal(sending.work());
        }
    }

    /// A message whose acknowledgement was lost is sent again: a duplicate, as any producer makes them.
    private void submit(Sending sending) throws JobFailure, InterruptedException {
        long end = System.nanoTime() + Site.PATIENCE.toNanos();
        while (true) {
            try {
                submitter.submit(sending.message(), Site.PATIENCE);
                return;
            } catch (JobFailure failed) {
                if (failed.failure().code() != FailureCode.BROKER_UNREACHABLE || System.nanoTime() - end > 0) {
                    throw failed;
                }
            }
        }
    }
}
