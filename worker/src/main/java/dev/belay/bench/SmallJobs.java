package dev.belay.bench;

import dev.belay.job.JobFailure;
import dev.belay.job.JobId;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.JobMessage.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/// Many jobs of few rows, each a replace of its dataset by a file of its own, by one worker or by several.
public final class SmallJobs {
    private static final Duration AT_MOST = Duration.ofMinutes(10);
    /// So often the jobs to warm up are done again until each worker has done one: partitions wander first.
    private static final int WARM_UPS = 20;

    private final Plan plan;
    private final Crew crew;
    private final Path files;
    private int number;

    private SmallJobs(Plan plan, Crew crew, Path files) {
        this.plan = plan;
        this.crew = crew;
        this.files = files;
    }

    /// @param jobs     sent at once
    /// @param rows     of each file
    /// @param datasets among which they go round; the jobs of one run one after the other
    /// @param single   jobs sent afterwards, each when the one before has ended
    /// @param by       who does them
    public record Plan(int jobs, int rows, int datasets, int single, By by) {
        /// @throws IllegalArgumentException naming what is out of range
        public Plan {
            if (jobs < 1 || jobs > 100_000 || rows < 1 || rows > 1_000_000 || datasets < 1 || single < 1) {
                throw new IllegalArgumentException(
                        "--jobs is 1 to 100,000, --rows 1 to 1,000,000, --datasets and --single at least 1");
            }
        }
    }

    /// Who does them.
    ///
    /// @param workers in processes of their own, each with a data folder of its own
    /// @param server  where their stores are; without one, files
    /// @param idle    whether they are looked at afterwards, when they have had nothing to do for a while
    public record By(int workers, Optional<PostgresServer> server, boolean idle) {
        /// @throws IllegalArgumentException naming what cannot be
        public By {
            if (workers < 1 || workers > 64) {
                throw new IllegalArgumentException("--workers is 1 to 64, not " + workers);
            }
            if (workers > 1 && server.isEmpty()) {
                throw new IllegalArgumentException(
                        "--workers %d needs --postgres-url: workers with data folders of their own share no files"
                                .formatted(workers));
            }
            if (idle && server.isEmpty()) {
                throw new IllegalArgumentException("--idle needs --postgres-url: files have no connections");
            }
        }
    }

    /// What was found.
    ///
    /// @param nanos     from sending the first message of the crowd until its last terminal event was read
    /// @param cpu       of workers, broker and server meanwhile
    /// @param latencies of the single jobs, from sending the message until its terminal event was read, sorted
    /// @param server    what a server was asked for
    public record Found(
            Machine machine, Plan plan, long nanos, Usage cpu, List<Long> latencies, Optional<OnServer> server) {
        public Found {
            latencies = List.copyOf(latencies);
        }

        /// Jobs a second of the crowd.
        public double perSecond() {
            return plan.jobs() * 1e9 / nanos;
        }

        /// The latency that this share of the single jobs did not exceed.
        public long latency(double share) {
            int at = (int) Math.ceil(share * latencies.size()) - 1;
            return latencies.get(Math.clamp(at, 0, latencies.size() - 1));
        }
    }

    /// What a server was asked for.
    ///
    /// @param crowd       by the crowd's jobs
    /// @param connections of all workers at most, meanwhile
    /// @param bySlot      jobs that each worker has ended, all told
    /// @param idle        empty unless it was asked for
    public record OnServer(ServerFacts crowd, int connections, Map<String, Long> bySlot, Optional<IdleCrew> idle) {
        public OnServer {
            bySlot = Map.copyOf(bySlot);
        }
    }

    /// Measures: some jobs to warm up, the crowd, then the single ones.
    public static Found measure(Plan plan, Bench.Means means) throws IOException, JobFailure, InterruptedException {
        Machine machine = Machine.here(means.folder().path(), means.properties());
        Path files =
                Files.createDirectories(means.folder().work().resolve("small")).toAbsolutePath();
        Path folder = means.folder().fresh("worker");
        if (plan.by().server().isEmpty()) {
            try (StayingWorker worker = StayingWorker.start(means.program(), means.settings(), folder, files)) {
                return new SmallJobs(plan, worker, files).inFiles(machine);
            }
        }
        try (BenchDatabase database = BenchDatabase.make(plan.by().server().get());
                SharedCrew crew = SharedCrew.start(means, plan.by().workers(), database, folder, files)) {
            return new SmallJobs(plan, crew, files).onServer(machine, database);
        }
    }

    private Found inFiles(Machine machine) throws IOException, JobFailure, InterruptedException {
        warmUp();
        Crowd crowd = measuredCrowd();
        return new Found(machine, plan, crowd.nanos(), crowd.cpu(), latencies(), Optional.empty());
    }

    private Found onServer(Machine machine, BenchDatabase database)
            throws IOException, JobFailure, InterruptedException {
        int rounds = 0;
        do {
            warmUp();
        } while (database.endedBySlot().size() < plan.by().workers() && ++rounds < WARM_UPS);
        ServerFacts before = database.facts();
        Crowd crowd;
        int most;
        try (var watch = ConnectionWatch.on(database)) {
            crowd = measuredCrowd();
            most = watch.most();
        }
        ServerFacts facts = database.facts().since(before);
        List<Long> latencies = latencies();
        Map<String, Long> bySlot = database.endedBySlot();
        Optional<IdleCrew> idle = plan.by().idle()
                ? Optional.of(IdleCrew.look(crew, database, plan.by().workers()))
                : Optional.empty();
        return new Found(
                machine,
                plan,
                crowd.nanos(),
                crowd.cpu(),
                latencies,
                Optional.of(new OnServer(facts, most, bySlot, idle)));
    }

    private void warmUp() throws IOException, JobFailure, InterruptedException {
        crowd(Math.max(1, plan.jobs() / 5));
    }

    private record Crowd(long nanos, Usage cpu) {}

    private Crowd measuredCrowd() throws IOException, JobFailure, InterruptedException {
        Usage before = crew.usage();
        long nanos = crowd(plan.jobs());
        return new Crowd(nanos, crew.usage().since(before));
    }

    private long crowd(int size) throws IOException, JobFailure, InterruptedException {
        List<JobMessage> messages = messages(size);
        var ids = new HashSet<JobId>();
        messages.forEach(message -> ids.add(new JobId(String.valueOf(message.jobId()))));
        long start = System.nanoTime();
        try (var sender = Executors.newSingleThreadExecutor()) {
            var sent = CompletableFuture.runAsync(() -> sendAll(messages), sender);
            int ended = crew.follower().follow(ids, AT_MOST, _ -> {}).size();
            long nanos = System.nanoTime() - start;
            sent.get();
            if (ended != size) {
                throw new IOException("only %d of %d jobs ended within %s".formatted(ended, size, AT_MOST));
            }
            return nanos;
        } catch (ExecutionException failed) {
            throw new IOException(failed.getCause());
        }
    }

    private void sendAll(List<JobMessage> messages) {
        try {
            for (JobMessage message : messages) {
                crew.submitter().submit(message, StayingWorker.PATIENCE);
            }
        } catch (JobFailure failed) {
            throw new IllegalStateException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Long> latencies() throws IOException, JobFailure, InterruptedException {
        var nanos = new long[plan.single()];
        List<JobMessage> messages = messages(nanos.length);
        for (int at = 0; at < nanos.length; at++) {
            long start = System.nanoTime();
            JobId job = crew.submitter()
                    .submit(messages.get(at), StayingWorker.PATIENCE)
                    .job();
            if (crew.follower().follow(Set.of(job), AT_MOST, _ -> {}).isEmpty()) {
                throw new IOException("job %s did not end within %s".formatted(job, AT_MOST));
            }
            nanos[at] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        return Arrays.stream(nanos).boxed().toList();
    }

    /// Each with a file of its own, so that none is skipped as unchanged.
    private List<JobMessage> messages(int size) throws IOException {
        var messages = new ArrayList<JobMessage>();
        for (int at = 0; at < size; at++) {
            number++;
            Path file = files.resolve("small-%06d.csv".formatted(number));
            Sample.MIXED.write(file, plan.rows(), number);
            messages.add(
                    JobMessage.replace("small-%04d".formatted(number % plan.datasets()), Source.url(file.toString()))
                            .withJobId("small-%06d".formatted(number)));
        }
        return messages;
    }
}
