package dev.belay.drill;

import dev.belay.datastore.DatastoreReader;
import dev.belay.intake.EventHistory;
import dev.belay.intake.JobSubmitter;
import dev.belay.job.FailureCode;
import dev.belay.job.IdSource;
import dev.belay.job.JobFailure;
import dev.belay.journal.JournalReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// One drill: a broker and workers as processes, all kinds of jobs, kills and stops at random, then every promise
/// checked. Everything it starts has ended when it is closed, however it went. Used once.
public final class Drill implements AutoCloseable {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(2);
    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(20);
    private static final Duration STOP_WITHIN = Duration.ofMinutes(1);

    /// 128 + SIGTERM.
    private static final int TERMINATED = 143;

    private final DrillPlan plan;
    private final Path folder;
    private final Site site;
    private final DrillBroker broker;
    private final Counts counts;
    private final Consumer<DrillProgress> heard;
    private final long began = System.nanoTime();
    private final Looks looks = new Looks();
    private final List<String> unexpected = new ArrayList<>();

    /// What it works with.
    ///
    /// @param folder   an empty one for everything
    /// @param program  what workers are
    /// @param ids      for edits of dictionaries
    /// @param settings of the workers, other than those of a drill
    /// @param server   a database for all stores, in which nobody has installed anything; empty: files
    public record Means(
            Path folder, Program program, IdSource ids, Map<String, String> settings, Optional<DrillServer> server) {
        /// With all stores in files.
        public Means(Path folder, Program program, IdSource ids, Map<String, String> settings) {
            this(folder, program, ids, settings, Optional.empty());
        }

        /// Copies the settings.
        public Means {
            settings = Map.copyOf(settings);
        }
    }

    /// Starts the broker.
    ///
    /// @param heard hears several times a second how far it has come
    /// @throws JobFailure `BROKER_START_FAILED`, `SETTINGS_INVALID` and the like; nothing is left running
    public Drill(DrillPlan plan, Means means, Consumer<DrillProgress> heard)
            throws JobFailure, IOException, InterruptedException {
        this.plan = plan;
        this.heard = heard;
        folder = means.folder().toRealPath();
        counts = new Counts();
        broker = DrillBroker.start(folder.resolve("broker"), counts);
        try {
            site = new Site(
                    new Site.Ground(
                            folder,
                            folder.resolve("data"),
                            broker.bootstrapServers(),
                            means.settings(),
                            means.server()),
                    means.program(),
                    means.ids());
            refuseAnInstallation();
            site.createTopics();
        } catch (JobFailure | IOException | InterruptedException | RuntimeException failed) {
            broker.close();
            throw failed;
        }
    }

    /// A database that somebody uses is left alone.
    private void refuseAnInstallation() throws JobFailure {
        try (JournalReader journal = site.places().readJournal().orElse(null);
                DatastoreReader datastore = site.places().readDatastore().orElse(null)) {
            if (journal != null || datastore != null) {
                throw JobFailure.configuration(
                        FailureCode.SETTINGS_INVALID,
                        "there is an installation in %s; a drill needs a database of its own"
                                .formatted(site.places().journal().text()));
            }
        }
    }

    /// Runs it to its end.
    ///
    /// @throws JobFailure when it could not be run: that says nothing about the promises
    public DrillReport run() throws JobFailure, IOException, InterruptedException {
        var load = new Load(plan, site.sources());
        try (var events = site.events(event -> !EventChecks.NOTICES.contains(event.type()))) {
            loadAndCurate(events, load);
            List<String> datasets =
                    IntStream.range(0, plan.datasets()).mapToObj(Load::dataset).toList();
            try (var readers = new Readers(site::eyes, datasets, looks, BETWEEN_LOOKS)) {
                readers.start();
                runWhileKilling(events, load);
                awaitEnds(events, load);
                startAndStopOnceMore(events, load);
            }
            tell("checking", events);
            return report(events, load);
        }
    }

    /// One good version of each dataset, and a dictionary that people have worked on.
    private void loadAndCurate(EventHistory events, Load load) throws JobFailure, IOException, InterruptedException {
        WorkerProcess worker = site.start(0);
        try (var submitter = new JobSubmitter(site.intake())) {
            for (Work work : load.first()) {
                submitter.submit(work.message(), Site.PATIENCE);
            }
        }
        await("a first version of every dataset", () -> {
            events.poll();
            tell("loading a first version", events);
            return events.ends().size() >= load.first().size();
        });
        for (int dataset = 0; dataset < plan.datasets(); dataset++) {
            site.curate(Load.dataset(dataset), Content.CURATED);
        }
        terminate(worker);
    }

    private void runWhileKilling(EventHistory events, Load load) throws JobFailure, IOException, InterruptedException {
        var actions = Action.of(plan);
        int lives = Math.max(1, actions.stream().mapToInt(List::size).sum());
        try (var submitter = new JobSubmitter(site.intake());
                ExecutorService threads =
                        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            var waves = new Waves(plan, lives, load, submitter, broker, new ServerKills(site.server(), counts));
            var slots = new ArrayList<Slot>();
            var running = new ArrayList<Future<Void>>();
            for (int slot = 0; slot < plan.workers(); slot++) {
                slots.add(new Slot(site, slot, actions.get(slot), waves, counts));
                running.add(threads.submit(slots.getLast()));
            }
            try {
                while (!running.stream().allMatch(Future::isDone)) {
                    events.poll();
                    tell("killing", events);
                }
                for (Future<Void> slot : running) {
                    outcome(slot);
                }
            } finally {
                threads.shutdownNow();
            }
            slots.forEach(slot -> unexpected.addAll(slot.died()));
            waves.finish();
        }
    }

    private void outcome(Future<Void> slot) throws JobFailure, IOException, InterruptedException {
        try {
            slot.get();
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case JobFailure known -> throw known;
                case IOException known -> throw known;
                case RuntimeException known -> throw known;
                case null, default -> throw new IllegalStateException(failed);
            }
        }
    }

    /// Until every job has ended, or nothing has been said for long.
    private void awaitEnds(EventHistory events, Load load) throws JobFailure {
        long last = System.nanoTime();
        int before = 0;
        while (events.ends().size() < load.works().size() && System.nanoTime() - last < Site.PATIENCE.toNanos()) {
            events.poll();
            tell("waiting for the last jobs", events);
            if (events.all().size() != before) {
                before = events.all().size();
                last = System.nanoTime();
            }
        }
    }

    /// What is left open is nobody's who lives; one worker more resolves it.
    private void startAndStopOnceMore(EventHistory events, Load load)
            throws JobFailure, IOException, InterruptedException {
        tell("the last worker", events);
        try {
            if (events.ends().size() >= load.works().size()) {
                await("every message is committed", () -> site.backlog().left().isEmpty());
            }
            site.killWorkers();
            WorkerProcess last = site.start(0).ready();
            await(
                    "no attempt is open",
                    () -> site.journal(journal -> journal.openAttempts().isEmpty()));
            terminate(last);
            // On each host, what its workers have left there is its own to sweep.
            for (int slot = 1; site.server().isPresent() && slot < plan.workers(); slot++) {
                terminate(site.start(slot).ready());
            }
        } catch (Breach breach) {
            unexpected.add(String.valueOf(breach.getMessage()));
        }
        site.killWorkers();
    }

    private void terminate(WorkerProcess worker) throws IOException, InterruptedException {
        int exit = worker.terminate(STOP_WITHIN);
        if (exit != TERMINATED) {
            unexpected.add("a worker that was told to stop ended with %d:%n%s".formatted(exit, worker.lastWords()));
        }
    }

    private DrillReport report(EventHistory events, Load load) throws JobFailure, InterruptedException {
        events.toEnd();
        var announced = new EventChecks(load.works(), events.all());
        var properties = new ArrayList<Property>();
        properties.add(announced.jobs());
        properties.add(announced.events());
        properties.add(announced.deadLetters(site.deadLetters()));
        List<String> left = site.backlog().left();
        properties.add(new Property("offsets", "messages not committed=" + left.size(), left));
        var totals = site.datastore(datastore -> {
            var stored = new StoreChecks(datastore, site.server(), load.works(), announced, looks);
            properties.add(stored.versions(plan.datasets()));
            Property dictionaries = stored.dictionaries(site);
            properties.add(dictionaries);
            Property orphans = stored.orphans(site);
            properties.add(orphans);
            return new DrillReport.Totals(
                    announced.lost(),
                    announced.duplicated(),
                    stored.half(),
                    dictionaries.holds(),
                    stored.orphaned(),
                    looks.reads());
        });
        properties.add(site.journal(journal -> StoreChecks.journal(journal, load.works())));
        properties.add(looks.property());
        properties.add(workers());
        return new DrillReport(plan, done(), properties, totals, took(), folder);
    }

    private Property workers() {
        var breaches = new ArrayList<>(unexpected);
        if (counts.kills() != plan.kills()) {
            breaches.add("only %d of %d kills could be made".formatted(counts.kills(), plan.kills()));
        }
        if (counts.stops.get() != plan.stops()) {
            breaches.add("only %d of %d stops could be made".formatted(counts.stops.get(), plan.stops()));
        }
        return new Property(
                "workers",
                "ended by themselves or stuck=%d started again because no broker answered=%d, because an earlier life had its slot=%d"
                                .formatted(
                                        unexpected.size(), counts.foundNoBroker.get(), counts.fencedByEarlierLife.get())
                        + (site.server().isEmpty()
                                ? ""
                                : ", because no database answered=" + counts.foundNoServer.get()),
                breaches);
    }

    private DrillReport.Done done() {
        return new DrillReport.Done(
                counts.workerKills.get(),
                counts.brokerKills.get(),
                counts.serverKills.get(),
                counts.stops.get(),
                counts.longStops.get());
    }

    private void tell(String phase, EventHistory events) {
        heard.accept(new DrillProgress(
                phase, events.ends().size(), plan.jobs(), counts.kills(), plan.kills(), looks.reads(), took()));
    }

    private Duration took() {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /// A question to the outside world.
    private interface Question {
        boolean answer() throws JobFailure, InterruptedException;
    }

    /// Asks until it is so.
    private static void await(String what, Question question) throws JobFailure, InterruptedException {
        long end = System.nanoTime() + Site.PATIENCE.toNanos();
        while (!question.answer()) {
            if (System.nanoTime() - end > 0) {
                throw new Breach("waited %s in vain: %s".formatted(Site.PATIENCE, what));
            }
            LockSupport.parkNanos(BETWEEN_QUESTIONS.toNanos());
        }
    }

    @Override
    public void close() {
        site.close();
        broker.close();
    }
}
