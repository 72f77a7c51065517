package dev.belay.runtime;

import dev.belay.intake.TopicAdmin;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.runtime.broker.BrokerFailure;
import dev.belay.runtime.broker.BrokerSettings;
import dev.belay.runtime.broker.EmbeddedBroker;
import dev.belay.runtime.folder.DataFolder;
import dev.belay.runtime.folder.Endpoint;
import dev.belay.runtime.settings.Settings;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A broker of this data folder's own, with its topics, found by other commands through the folder's endpoint
/// file. When its process ends by itself it is started again in the same place; workers and commands wait for
/// it meanwhile.
public final class LocalKafka implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalKafka.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /// Ctrl-C reaches the broker's process too, perhaps before this one closes it.
    private static final Duration BEFORE_A_RESTART = Duration.ofSeconds(1);
    /// A broker that dies again sooner than this cannot live here.
    private static final Duration LIVES_AT_LEAST = Duration.ofSeconds(30);

    private final DataFolder folder;
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    // Guards what follows.
    private final Object lock = new Object();
    private EmbeddedBroker broker;
    private long startedAt = System.nanoTime();
    private boolean diedYoung;
    private boolean closed;

    private LocalKafka(EmbeddedBroker broker, DataFolder folder) {
        this.broker = broker;
        this.folder = folder;
        watch(broker);
    }

    /// Starts the broker and makes the topics that are missing.
    ///
    /// @param kind what is running: said in the endpoint file
    /// @throws JobFailure `PORT_BUSY`, `BROKER_START_FAILED`, `STORE_READ_ONLY`, `DATA_FOLDER_IN_USE`; nothing
    /// is left running
    public static LocalKafka start(Settings settings, Endpoint.Kind kind) throws JobFailure, InterruptedException {
        var rooms = new RoomSettings(settings);
        DataFolder folder = rooms.folder();
        folder.prepare();
        EmbeddedBroker broker = broker(settings, folder);
        try (var topics = new TopicAdmin(rooms.intake("admin", broker.bootstrapServers()), PATIENCE)) {
            topics.create(rooms.topics());
            folder.endpoint().write(Endpoint.ofThisProcess(broker.bootstrapServers(), kind));
            return new LocalKafka(broker, folder);
        } catch (JobFailure | RuntimeException | InterruptedException failed) {
            broker.close();
            throw failed;
        }
    }

    private static EmbeddedBroker broker(Settings settings, DataFolder folder) throws JobFailure {
        BrokerSettings wanted = BrokerSettings.in(folder.broker());
        int port = settings.dev().port();
        try {
            return EmbeddedBroker.start(port == 0 ? wanted : wanted.withPort(port));
        } catch (BrokerFailure failed) {
            throw known(failed);
        }
    }

    private void watch(EmbeddedBroker watched) {
        var soon = CompletableFuture.delayedExecutor(BEFORE_A_RESTART.toMillis(), TimeUnit.MILLISECONDS);
        var _ = watched.ended().thenAcceptAsync(this::bringBack, soon).whenComplete((_, unexpected) -> {
            if (unexpected != null) {
                fail(unexpected);
            }
        });
    }

    private void bringBack(int status) {
        synchronized (lock) {
            if (closed) {
                return;
            }
            boolean young = System.nanoTime() - startedAt < LIVES_AT_LEAST.toNanos();
            if (young && diedYoung) {
                failure.completeExceptionally(JobFailure.configuration(
                        FailureCode.BROKER_START_FAILED,
                        "the broker in %s has ended again with exit status %d soon after it was started; its log is %s"
                                .formatted(
                                        folder.broker(), status, folder.broker().resolve("broker.log"))));
                return;
            }
            LOG.error("the broker's process has ended with exit status {}; it is started again", status);
            try {
                broker = EmbeddedBroker.start(BrokerSettings.in(folder.broker()).withPort(broker.port()));
                LOG.warn("the broker is back; jobs go on");
                diedYoung = young;
                startedAt = System.nanoTime();
                watch(broker);
            } catch (BrokerFailure failed) {
                failure.completeExceptionally(known(failed));
            }
        }
    }

    /// Also what nobody has thought of: otherwise the broker would stay away and nobody would be told.
    private void fail(Throwable unexpected) {
        Throwable cause = unexpected instanceof CompletionException && unexpected.getCause() != null
                ? unexpected.getCause()
                : unexpected;
        LOG.error("the broker cannot be started again", cause);
        failure.completeExceptionally(cause);
    }

    private static JobFailure known(BrokerFailure failed) {
        return JobFailure.configuration(FailureCode.valueOf(failed.code()), String.valueOf(failed.getMessage()));
    }

    /// Completes exceptionally, with a [JobFailure] or what was unexpected, when the broker has ended and cannot be
    /// brought back.
    public CompletableFuture<Void> failure() {
        return failure;
    }

    /// Where any Kafka client finds it, before and after a restart.
    public String bootstrapServers() {
        return broker().bootstrapServers();
    }

    EmbeddedBroker broker() {
        synchronized (lock) {
            return broker;
        }
    }

    /// From now on the broker's end is none to be mended.
    public void expectEnd() {
        synchronized (lock) {
            closed = true;
        }
    }

    /// Stops the broker; what it has stays in the data folder.
    @Override
    public void close() {
        expectEnd();
        folder.endpoint().removeOwn();
        broker().close();
    }
}
