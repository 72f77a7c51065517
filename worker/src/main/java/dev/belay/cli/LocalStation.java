package dev.belay.cli;

import dev.belay.job.JobFailure;
import dev.belay.runtime.LocalKafka;
import dev.belay.runtime.Worker;
import dev.belay.runtime.folder.Endpoint;
import dev.belay.runtime.settings.Settings;
import java.nio.file.Path;
import java.util.List;

/// A broker and a worker in this command's charge, on one data folder. Closed once, in the right order, also by
/// Ctrl-C.
final class LocalStation implements AutoCloseable {
    private final LocalKafka kafka;
    private final Worker worker;
    private final Thread hook = new Thread(this::stop, "belay-stop");
    // Guards the stop: the end of the command and the shutdown hook may come together.
    private final Object lock = new Object();
    private boolean stopped;

    private LocalStation(LocalKafka kafka, Worker worker) {
        this.kafka = kafka;
        this.worker = worker;
    }

    /// Starts the broker, then the worker.
    ///
    /// @param roots folders that jobs may read local files from, besides those of the settings
    static LocalStation start(Settings settings, Endpoint.Kind kind, List<Path> roots)
            throws JobFailure, InterruptedException {
        LocalKafka kafka = LocalKafka.start(settings, kind);
        try {
            var station = new LocalStation(kafka, Worker.start(settings, kafka.bootstrapServers(), roots));
            Runtime.getRuntime().addShutdownHook(station.hook);
            return station;
        } catch (JobFailure | RuntimeException | InterruptedException failed) {
            kafka.close();
            throw failed;
        }
    }

    String bootstrapServers() {
        return kafka.bootstrapServers();
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
                worker.close();
                kafka.close();
            }
        }
    }
}
