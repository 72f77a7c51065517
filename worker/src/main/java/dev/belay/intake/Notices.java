package dev.belay.intake;

import dev.belay.job.OperationId;
import dev.belay.saga.JobListener;
import dev.belay.schemas.Event;
import dev.belay.schemas.EventCodec;
import dev.belay.schemas.EventData;
import dev.belay.schemas.EventId;
import dev.belay.schemas.EventType;
import dev.belay.schemas.JobMessage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells what goes on in running jobs: accepted, stages, progress. Best effort: what does not fit into the queue is
/// left out, what is sent twice has the same id, and no job ever waits for it.
final class Notices implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Notices.class);
    private static final int MOST_WAITING = 1000;
    private static final int MAX_BLOCK_MILLIS = 5000;
    private static final Duration IDLE = Duration.ofMillis(100);

    private final EventCodec codec = new EventCodec();
    private final BlockingQueue<ProducerRecord<byte[], byte[]>> queue = new ArrayBlockingQueue<>(MOST_WAITING);
    private final EventRecords events;
    private final IntakeSettings.Emission emission;
    private final InstantSource clock;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Thread sender;
    private volatile boolean closing;

    Notices(IntakeSettings settings, InstantSource clock) {
        events = new EventRecords(settings);
        emission = settings.emission();
        this.clock = clock;
        producer = new KafkaProducer<>(
                new ClientProperties(settings.kafka()).notices("belay-notices-" + settings.slot(), MAX_BLOCK_MILLIS));
        sender = Thread.ofPlatform().daemon().name("belay-notices").unstarted(this::send);
    }

    void start() {
        sender.start();
    }

    /// A listener that tells of this job, which is about to be handled.
    JobListener of(Delivered.Job job) {
        return new Telling(job);
    }

    private void send() {
        try {
            while (!closing || !queue.isEmpty()) {
                var record = queue.poll(IDLE.toMillis(), TimeUnit.MILLISECONDS);
                if (record != null) {
                    var _ = producer.send(record, (_, failure) -> {
                        if (failure != null) {
                            LOG.debug("a notice was not sent", failure);
                        }
                    });
                }
            }
        } catch (KafkaException e) {
            LOG.warn("notices are not sent any more: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            producer.close(Duration.ofSeconds(1));
        }
    }

    private void tell(UUID id, EventData data, String job, String dataset) {
        var event = new Event(id, emission.source(), job, clock.instant(), data);
        if (!closing && !queue.offer(events.record(dataset, codec.write(event)))) {
            LOG.debug("too many notices wait: one about job {} is left out", job);
        }
    }

    @Override
    public void close() {
        closing = true;
        try {
            sender.join(Duration.ofSeconds(3));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Closes what was never started.
    void closeUnused() {
        producer.close(Duration.ZERO);
    }

    /// Tells of one job; called on the job's thread.
    private final class Telling implements JobListener {
        private final Delivered.Job job;
        private final String id;
        private final String dataset;
        private final Map<String, Long> started = new HashMap<>();
        private int attempt;
        private long tellAgainAt = System.nanoTime();
        private int part;

        Telling(Delivered.Job job) {
            this.job = job;
            id = job.request().jobId().value();
            dataset = job.request().dataset().value();
        }

        @Override
        public void attemptStarted(OperationId operation, int number) {
            attempt = number;
            if (number != 1) {
                return;
            }
            var message = job.message();
            var accepted = new EventData.Accepted(
                    id,
                    dataset,
                    message.mode(),
                    message.publish(),
                    source(message.source()),
                    job.request().digest().hex(),
                    job.origin(),
                    message.owner(),
                    message.groups());
            tell(EventId.of(id, EventType.JOB_ACCEPTED), accepted, id, dataset);
        }

        private EventData.SourceSummary source(JobMessage.Source source) {
            return switch (source) {
                case JobMessage.Source.Url url ->
                    new EventData.SourceSummary(job.request().source().shown(), null, url.sha256(), null);
                case JobMessage.Source.Version version ->
                    new EventData.SourceSummary(null, version.version(), null, null);
            };
        }

        @Override
        public void stageStarted(OperationId operation, String stage) {
            started.put(stage, System.nanoTime());
            stage(operation, stage, EventData.Stage.State.STARTED, Optional.empty());
        }

        @Override
        public void stageDone(OperationId operation, String stage) {
            var millis = Optional.ofNullable(started.get(stage))
                    .map(from -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - from));
            stage(operation, stage, EventData.Stage.State.DONE, millis);
        }

        private void stage(OperationId operation, String stage, EventData.Stage.State state, Optional<Long> millis) {
            var data = new EventData.Stage(id, dataset, operation.value(), attempt, stage, state, millis.orElse(null));
            tell(EventId.of(operation.value(), EventType.JOB_STAGE, stage + "/" + state.wire()), data, id, dataset);
        }

        @Override
        public void progress(OperationId operation, String stage, long done, long total, String unit) {
            if (System.nanoTime() - tellAgainAt < 0) {
                return;
            }
            tellAgainAt = System.nanoTime() + emission.progressEvery().toNanos();
            var data = new EventData.Progress(
                    id,
                    dataset,
                    operation.value(),
                    attempt,
                    stage,
                    done,
                    total < 0 ? null : Long.valueOf(total),
                    unit.equals("bytes") ? EventData.Progress.Unit.BYTES : EventData.Progress.Unit.ROWS);
            tell(EventId.of(operation.value(), EventType.JOB_PROGRESS, Integer.toString(part++)), data, id, dataset);
        }
    }
}
