package dev.belay.cli;

import dev.belay.job.JobFailure;
import dev.belay.runtime.LocalKafka;
import dev.belay.runtime.Worker;
import dev.belay.runtime.folder.Endpoint;
import dev.belay.runtime.settings.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// A broker and a worker in this command's charge, on one data folder. Closed once, in the right order, also by
/// Ctrl-C.
final class LocalStation implements AutoCloseable {
    private final LocalKafka kafka;
    private final Worker worker;
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    private final Thread hook = new Thread(this::stop, "belay-stop");
    // Guards the stop: the end of the command and the shutdown hook may come together.
    private final Object lock = new Object();
    private boolean stopped;

    private LocalStation(LocalKafka kafka, Worker worker) {
        this.kafka = kafka;
        this.worker = worker;
        passOn(worker.failure());
        passOn(kafka.failure());
    }

    private void passOn(CompletableFuture<Void> part) {
        var _ = part.whenComplete((_, fatal) -> {
            if (fatal != null) {
                failure.completeExceptionally(fatal);
            }
        });
    }

    /// Starts the broker while the worker opens its stores, then brings the two together.
    ///
    /// @param roots folders that jobs may read local files from, besides those of the settings
    static LocalStation start(Settings settings, Endpoint.Kind kind, List<Path> roots)
            throws JobFailure, InterruptedException {
        // A one-shot run is over before anybody could scrape it, and its port may be that of a worker beside it.
        Settings own = kind == Endpoint.Kind.DEV ? settings : settings.withoutMetrics();
        var preparing = new FutureTask<>(() -> Worker.prepare(own, roots));
        Thread.ofPlatform().name("belay-prepare").start(preparing);
        LocalKafka kafka;
        try {
            kafka = LocalKafka.start(settings, kind);
        } catch (JobFailure | RuntimeException | InterruptedException failed) {
            closePrepared(preparing);
            throw failed;
        }
        try {
            Worker worker = prepared(preparing).start(kafka.bootstrapServers());
            Fatal.haltOn(worker.failure());
            var station = new LocalStation(kafka, worker);
            Runtime.getRuntime().addShutdownHook(station.hook);
            return station;
        } catch (JobFailure | RuntimeException | InterruptedException failed) {
            kafka.close();
            throw failed;
        }
    }

    private static Worker.Prepared prepared(FutureTask<Worker.Prepared> preparing)
            throws JobFailure, InterruptedException {
        try {
            return preparing.get();
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case JobFailure known -> throw known;
                case RuntimeException known -> throw known;
                case Error known -> throw known;
                case null, default -> throw new IllegalStateException(failed);
            }
        }
    }

    private static void closePrepared(FutureTask<Worker.Prepared> preparing) throws InterruptedException {
        try {
            prepared(preparing).close();
        } catch (JobFailure | RuntimeException failedToo) {
            // Nothing was opened; the broker's failure is the one to report.
        }
    }

    String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    /// Completes exceptionally when worker or broker cannot go on.
    CompletableFuture<Void> failure() {
        return failure;
    }

    Worker worker() {
        return worker;
    }

    @Override
    public void close() {
        stop();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyShuttingDown) {
            // The hook is running or has run: it finds everything stopped.
        }
    }

    private void stop() {
        synchronized (lock) {
            if (!stopped) {
                stopped = true;
                kafka.expectEnd();
                worker.close();
                kafka.close();
            }
        }
    }
}
