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
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/// Many jobs of few rows, each a replace of its dataset by a file of its own, by one worker.
public final class SmallJobs {
    private static final Duration AT_MOST = Duration.ofMinutes(10);

    private final Plan plan;
    private final StayingWorker worker;
    private final Path files;
    private int number;

    private SmallJobs(Plan plan, StayingWorker worker, Path files) {
        this.plan = plan;
        this.worker = worker;
        this.files = files;
    }

    /// @param jobs     sent at once
    /// @param rows     of each file
    /// @param datasets among which they go round; the jobs of one run one after the other
    /// @param single   jobs sent afterwards, each when the one before has ended
    public record Plan(int jobs, int rows, int datasets, int single) {
        /// @throws IllegalArgumentException naming what is out of range
        public Plan {
            if (jobs < 1 || jobs > 100_000 || rows < 1 || rows > 1_000_000 || datasets < 1 || single < 1) {
                throw new IllegalArgumentException(
                        "--jobs is 1 to 100,000, --rows 1 to 1,000,000, --datasets and --single at least 1");
            }
        }
    }

    /// What was found.
    ///
    /// @param nanos     from sending the first message of the crowd until its last terminal event was read
    /// @param cpuNanos  of worker and broker meanwhile
    /// @param latencies of the single jobs, from sending the message until its terminal event was read, sorted
    public record Found(Machine machine, Plan plan, long nanos, OptionalLong cpuNanos, List<Long> latencies) {
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

    /// Measures: some jobs to warm up, the crowd, then the single ones.
    public static Found measure(Plan plan, Bench.Means means) throws IOException, JobFailure, InterruptedException {
        BenchFolder folder = means.folder();
        Path files = Files.createDirectories(folder.work().resolve("small"));
        try (StayingWorker worker = StayingWorker.start(
                means.program(), means.settings(), folder.fresh("worker"), files.toAbsolutePath())) {
            var jobs = new SmallJobs(plan, worker, files);
            jobs.crowd(Math.max(1, plan.jobs() / 5));
            OptionalLong before = ProcessFacts.cpuOfTree(worker.process());
            long nanos = jobs.crowd(plan.jobs());
            OptionalLong after = ProcessFacts.cpuOfTree(worker.process());
            return new Found(
                    Machine.here(folder.path(), means.properties()),
                    plan,
                    nanos,
                    before.isPresent() && after.isPresent()
                            ? OptionalLong.of(after.getAsLong() - before.getAsLong())
                            : OptionalLong.empty(),
                    Arrays.stream(jobs.latencies()).boxed().toList());
        }
    }

    private long crowd(int size) throws IOException, JobFailure, InterruptedException {
        List<JobMessage> messages = messages(size);
        var ids = new HashSet<JobId>();
        messages.forEach(message -> ids.add(new JobId(String.valueOf(message.jobId()))));
        long start = System.nanoTime();
        try (var sender = Executors.newSingleThreadExecutor()) {
            var sent = CompletableFuture.runAsync(() -> sendAll(messages), sender);
            int ended = worker.follower().follow(ids, AT_MOST, _ -> {}).size();
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
                worker.submitter().submit(message, StayingWorker.PATIENCE);
            }
        } catch (JobFailure failed) {
            throw new IllegalStateException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private long[] latencies() throws IOException, JobFailure, InterruptedException {
        var nanos = new long[plan.single()];
        List<JobMessage> messages = messages(nanos.length);
        for (int at = 0; at < nanos.length; at++) {
            long start = System.nanoTime();
            JobId job = worker.submitter()
                    .submit(messages.get(at), StayingWorker.PATIENCE)
                    .job();
            if (worker.follower().follow(Set.of(job), AT_MOST, _ -> {}).isEmpty()) {
                throw new IOException("job %s did not end within %s".formatted(job, AT_MOST));
            }
            nanos[at] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        return nanos;
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
