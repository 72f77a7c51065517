package dev.belay.bench;

import dev.belay.job.JobFailure;
import dev.belay.job.JobId;
import dev.belay.schemas.Event;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.JobMessage.Rules;
import dev.belay.schemas.JobMessage.Source;
import dev.belay.schemas.Outcome;
import dev.belay.schemas.Receipt;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;

/// A job from its message to its last event, by a worker and a broker that are up.
final class WholeJob implements Contender {
    static final String NAME = "belay, whole job";
    private static final Duration AT_MOST = Duration.ofMinutes(30);

    private final StayingWorker worker;
    private int number;

    WholeJob(StayingWorker worker) {
        this.worker = worker;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String terms() {
        return "warm; from sending the message until the terminal event is read: Kafka, journal, fetch with digest, everything the engine does, publish, events; CPU of worker and broker, memory of the worker";
    }

    @Override
    public boolean warmsUp() {
        return true;
    }

    @Override
    public Cost load(LoadedFile file, Path folder) throws IOException, JobFailure, InterruptedException {
        number++;
        // A dataset of its own each time: the same file again would be skipped.
        String id = "bench-%d".formatted(number);
        JobMessage message = JobMessage.replace(id, Source.url(file.path().toString()))
                .withJobId(id)
                .withRules(Rules.DEFAULT.withMaxRejectedRatio(1));
        ProcessFacts.forgetPeak(worker.process().pid());
        OptionalLong before = ProcessFacts.cpuOfTree(worker.process());
        long start = System.nanoTime();
        JobId job = worker.submitter().submit(message, StayingWorker.PATIENCE).job();
        Event end = worker.follower().follow(Set.of(job), AT_MOST, _ -> {}).get(job);
        long nanos = System.nanoTime() - start;
        OptionalLong after = ProcessFacts.cpuOfTree(worker.process());
        if (end == null || !(end.data() instanceof Receipt receipt) || receipt.outcome() != Outcome.COMPLETED) {
            throw new IOException("the job did not complete: " + (end == null ? "no event" : end.data()));
        }
        return new Cost(
                nanos,
                before.isPresent() && after.isPresent()
                        ? OptionalLong.of(after.getAsLong() - before.getAsLong())
                        : OptionalLong.empty(),
                ProcessFacts.peakMemory(worker.process().pid()),
                receipt.rows());
    }

    @Override
    public void close() {
        worker.close();
    }
}
