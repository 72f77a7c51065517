package dev.belay.bench;

import dev.belay.intake.EventFollower;
import dev.belay.intake.IntakeSettings;
import dev.belay.intake.JobSubmitter;
import dev.belay.intake.TopicAdmin;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.runtime.RoomSettings;
import dev.belay.runtime.broker.BrokerFailure;
import dev.belay.runtime.broker.BrokerSettings;
import dev.belay.runtime.broker.EmbeddedBroker;
import dev.belay.runtime.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// Workers of one group, each as on a host of its own: a process with a data folder of its own, over one database and
/// one broker.
final class SharedCrew implements Crew {
    /// So that as many jobs wait for one worker as for four: all of 1, 2, 3, 4 and 6 workers own equally many.
    private static final String PARTITIONS = "12";

    private static final long LOOK_MILLIS = 20;
    private static final int LAST_CHARACTERS = 2_000;

    private final BenchDatabase database;
    private final EmbeddedBroker broker;
    private final List<Process> workers = new ArrayList<>();
    private JobSubmitter submitter;
    private EventFollower follower;

    private SharedCrew(BenchDatabase database, EmbeddedBroker broker, IntakeSettings clients) throws JobFailure {
        this.database = database;
        this.broker = broker;
        submitter = new JobSubmitter(clients);
        try {
            follower = EventFollower.fromNow(clients, StayingWorker.PATIENCE);
        } catch (JobFailure | RuntimeException failed) {
            submitter.close();
            throw failed;
        }
    }

    /// @param number   of workers
    /// @param database closed by the caller
    /// @param folder   for their data and what they say
    /// @param files    the folder jobs may read from
    static SharedCrew start(Bench.Means means, int number, BenchDatabase database, Path folder, Path files)
            throws IOException, JobFailure, InterruptedException {
        EmbeddedBroker broker = broker(folder.resolve("broker"));
        try {
            Map<String, String> flags = flags(means.settings(), broker, database, files);
            Settings settings = StayingWorker.settings(folder, flags);
            makeTopics(settings, broker);
            var rooms = new RoomSettings(settings);
            var crew = new SharedCrew(database, broker, rooms.intake("command", broker.bootstrapServers()));
            try {
                crew.startWorkers(means.program(), number, flags, folder);
                return crew;
            } catch (IOException | RuntimeException | InterruptedException failed) {
                crew.close();
                throw failed;
            }
        } catch (IOException | JobFailure | RuntimeException | InterruptedException failed) {
            broker.close();
            throw failed;
        }
    }

    private static EmbeddedBroker broker(Path folder) throws JobFailure {
        try {
            return EmbeddedBroker.start(BrokerSettings.in(folder).withStartWithin(StayingWorker.PATIENCE));
        } catch (BrokerFailure failed) {
            throw JobFailure.configuration(FailureCode.valueOf(failed.code()), String.valueOf(failed.getMessage()));
        }
    }

    private static Map<String, String> flags(
            Map<String, String> more, EmbeddedBroker broker, BenchDatabase database, Path files) {
        var flags = new TreeMap<>(Map.of("topics.partitions", PARTITIONS));
        flags.putAll(more);
        flags.put("kafka.bootstrap.servers", broker.bootstrapServers());
        flags.put("journal.url", database.url());
        flags.put("datastore.url", database.url());
        flags.put("source.roots", files.toString());
        return flags;
    }

    private static void makeTopics(Settings settings, EmbeddedBroker broker) throws JobFailure, InterruptedException {
        var rooms = new RoomSettings(settings);
        try (var topics = new TopicAdmin(rooms.intake("admin", broker.bootstrapServers()), StayingWorker.PATIENCE)) {
            topics.create(rooms.topics());
        }
    }

    private void startWorkers(Program program, int number, Map<String, String> flags, Path folder)
            throws IOException, InterruptedException {
        for (int host = 1; host <= number; host++) {
            Path place = Files.createDirectories(folder.resolve("host-" + host));
            List<String> arguments = StayingWorker.arguments("worker", place.resolve("data"), flags);
            arguments.add("--until-stdin-ends");
            ProcessBuilder builder = Child.clean(new ProcessBuilder(program.belay(arguments)))
                    .directory(place.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(place.resolve("said.txt").toFile());
            builder.environment().put("BELAY_JOURNAL_PASSWORD", database.password());
            Process worker = builder.start();
            workers.add(worker);
            // One after the other: the first one makes the schemas.
            awaitReady(worker, place.resolve("said.txt"));
        }
    }

    private static void awaitReady(Process worker, Path log) throws IOException, InterruptedException {
        long end = System.nanoTime() + StayingWorker.PATIENCE.toNanos();
        while (!Files.readString(log).contains("takes jobs from")) {
            if (worker.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS) || System.nanoTime() - end > 0) {
                String said = Files.readString(log);
                throw new IOException(
                        "a worker did not come up: " + said.substring(Math.max(0, said.length() - LAST_CHARACTERS)));
            }
        }
    }

    @Override
    public JobSubmitter submitter() {
        return submitter;
    }

    @Override
    public EventFollower follower() {
        return follower;
    }

    @Override
    public Usage usage() {
        long nanos = 0;
        for (Process worker : workers) {
            OptionalLong one = ProcessFacts.cpuOfTree(worker.toHandle());
            if (one.isEmpty()) {
                return new Usage(one, one, one);
            }
            nanos += one.getAsLong();
        }
        return new Usage(OptionalLong.of(nanos), ProcessFacts.cpuOf(broker.processId()), database.cpu());
    }

    /// Nobody waits for what they are doing.
    @Override
    public void close() {
        follower.close();
        submitter.close();
        for (Process worker : workers) {
            worker.destroyForcibly();
            worker.onExit().join();
        }
        broker.close();
    }
}
