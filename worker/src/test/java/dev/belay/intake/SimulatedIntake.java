package dev.belay.intake;

import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.journal.AnnouncementKey;
import dev.belay.saga.JobHandler;
import dev.belay.saga.JobListener;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;

/// The real parts of intake (poll loop, partitions, ledgers, lanes, announcer, sender) on threads, clients
/// and a clock that a simulation gives. Wired as [Intake] wires them; only the sorter's thread is left out:
/// messages are parsed on the poll thread.
public final class SimulatedIntake {
    /// What the simulation gives.
    public interface World {
        /// Starts a thread of this worker.
        void start(String name, Runnable body);

        /// Lets time pass.
        void sleep(Duration time);

        /// Goes on once it is so.
        void await(BooleanSupplier condition);

        long millis();

        /// Time by this worker's clock.
        InstantSource clock();

        Admin admin();

        Supplier<Producer<byte[], byte[]>> producers();

        org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer();

        /// Hears which announcements are out.
        void announced(List<AnnouncementKey> keys);

        /// The process ends: an error came out of a job.
        void broken(Error error);
    }

    private final World world;
    private final OutageBreaker breaker;
    private final Dispatcher dispatcher;
    private final JobRecordParser parser;
    private final OutgoingRecords records;
    private final Announcer announcer;
    private final TransactionalSender sender;
    private final JobConsumer consumer;

    /// @param journalId the id of the journal that all workers share
    public SimulatedIntake(IntakeSettings settings, String journalId, JobHandler handler, World world) {
        this.world = world;
        breaker = new OutageBreaker(() -> java.time.Instant.EPOCH.plusMillis(world.millis()));
        records = new OutgoingRecords(settings, world.clock());
        parser = new JobRecordParser(settings);
        var standings = new Standings(pace());
        sender = new TransactionalSender(world.producers(), Duration.ofMinutes(1));
        var committed = new CommittedOffsets(world.admin(), settings.group().id());
        announcer = new Announcer(
                new Announcer.Parts(journalId, settings.topics().events(), sender, committed, world::announced),
                standings);
        dispatcher = new Dispatcher(settings.flow().concurrency(), runner(settings, handler), breaker, threads());
        var taking = new JobConsumer.Parts(this::sort, dispatcher::mayTake, () -> {});
        var keeping = new Partitions.Parts(journalId, standings, new TopicIds(world.admin()), this::noneRuns);
        consumer = new JobConsumer(settings, taking, keeping, watch -> world.consumer(), world.clock());
    }

    private JobRunner runner(IntakeSettings settings, JobHandler handler) {
        Consumer<Error> broken = world::broken;
        var parts = new JobRunner.Parts(
                handler, records, job -> JobListener.SILENT, new SaidBefore(settings), this::announce, broken);
        return new JobRunner(parts, breaker, () -> isStopping());
    }

    private void announce(Finished finished) {
        announcer.announce(finished);
    }

    private boolean isStopping() {
        return dispatcher.isStopping();
    }

    private void sort(Delivered.Taken taken) {
        switch (parser.parse(taken)) {
            case Delivered.Job job -> dispatcher.submit(job);
            case Delivered.Refused refused -> announcer.announce(records.refused(refused));
        }
    }

    private Pace pace() {
        return new Pace() {
            @Override
            public long nanoTime() {
                return Duration.ofMillis(world.millis()).toNanos();
            }

            @Override
            public void pause(Duration time) {
                world.sleep(time);
            }
        };
    }

    private Dispatcher.Threads threads() {
        return new Dispatcher.Threads() {
            private boolean closed;

            @Override
            public void start(String name, Runnable job) {
                world.start(name, job);
            }

            @Override
            public void later(Duration wait, Runnable change) {
                world.start("timer", () -> {
                    world.sleep(wait);
                    if (!closed) {
                        change.run();
                    }
                });
            }

            @Override
            public void close() {
                closed = true;
            }
        };
    }

    private boolean noneRuns(java.util.Set<Ownership> ownerships, Duration patience) throws InterruptedException {
        var chosen = new HashSet<>(ownerships);
        long end = world.millis() + patience.toMillis();
        while (!dispatcher.awaitNone(job -> chosen.contains(job.taken().ownership()), Duration.ZERO)) {
            if (world.millis() > end) {
                return false;
            }
            world.sleep(Duration.ofMillis(50));
        }
        return true;
    }

    /// Fences an earlier life of the slot, then polls and announces on threads of its own.
    public void start(Consumer<Throwable> ended) {
        begin();
        world.start("announcer", this::announceAll);
        world.start("poll", () -> {
            consumer.run();
            var _ = consumer.failure().whenComplete((nothing, fatal) -> {
                if (fatal != null) {
                    dispatcher.stop();
                    ended.accept(fatal);
                }
            });
        });
    }

    private void begin() {
        while (true) {
            try {
                sender.begin();
                return;
            } catch (KafkaException unreachable) {
                world.sleep(Duration.ofSeconds(1));
            }
        }
    }

    private void announceAll() {
        try {
            while (true) {
                if (announcer.isIdle() && announcer.hasStalled()) {
                    world.sleep(Duration.ofSeconds(1));
                } else if (announcer.isIdle()) {
                    world.await(() -> !announcer.isIdle());
                }
                announcer.turn();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Whether a failure of the poll loop is a defect, not the loss of its place.
    public static boolean isDefect(Throwable failure) {
        return !(failure instanceof JobFailure known)
                || !(known.failure() instanceof Failure.Configuration)
                || known.failure().code() != FailureCode.SETTINGS_INVALID;
    }

    /// Whether a committed offset says that the message at `offset` is settled.
    public static boolean isSettled(Optional<OffsetAndMetadata> committed, long offset, String journal) {
        return committed
                .filter(one ->
                        OffsetMetadata.decode(one.metadata(), journal) instanceof OffsetMetadata.Reading.Settled read
                                && new OffsetLedger.Marks(one.offset(), read.bits()).contains(offset))
                .isPresent();
    }
}
