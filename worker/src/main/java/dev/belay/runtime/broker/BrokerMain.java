package dev.belay.runtime.broker;

import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import kafka.server.KafkaConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The broker's process: `BrokerMain FOLDER PORT CONTROLLER_PORT`.
///
/// Standard output carries one line of [ChildProtocol]; Kafka's log goes to `FOLDER/broker.log`. The process ends when
/// its standard input ends, which happens however its parent dies, or on SIGTERM. Killed at any moment it loses nothing
/// that was acknowledged, nor in a power cut: the records are on the disk by then ([NodeProperties]).
public final class BrokerMain {
    /// A broker whose parent was killed needs a moment to notice and to let the folder go.
    private static final Duration PREDECESSOR_ENDS_WITHIN = Duration.ofSeconds(5);

    private static final Duration LOCK_PAUSE = Duration.ofMillis(50);
    private static final Logger LOG = LoggerFactory.getLogger(BrokerMain.class);

    private final Path folder;
    private final int port;
    private final int controllerPort;
    private final PrintStream parent;

    private BrokerMain(Path folder, int port, int controllerPort, PrintStream parent) {
        this.folder = folder;
        this.port = port;
        this.controllerPort = controllerPort;
        this.parent = parent;
    }

    public static void main(String[] arguments) throws IOException {
        var parent = System.out;
        // Whatever else prints must not fill a pipe that nobody empties.
        System.setOut(System.err);
        var main = new BrokerMain(
                Path.of(arguments[0]), Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]), parent);
        System.exit(main.run() ? 0 : 1);
    }

    /// Returns when the parent is gone or the start has failed; true after an orderly life.
    private boolean run() throws IOException {
        try (var channel = FileChannel.open(
                        folder.resolve("broker.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var lock = lock(channel)) {
            if (lock == null) {
                tell(new ChildProtocol.Failed(
                        BrokerFailure.DATA_FOLDER_IN_USE, "another broker is running in " + folder));
                return false;
            }
            var server = startedServer();
            if (server == null) {
                return false;
            }
            Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown, "broker-stop"));
            tell(new ChildProtocol.Ready(NodeProperties.HOST + ":" + port));
            awaitEndOfInput();
            // Under the lock, so that a successor waits for the end.
            System.exit(0);
            return true;
        }
    }

    private @Nullable OneNode startedServer() {
        try {
            var logFolder = Files.createDirectories(folder.resolve("log"));
            new NodeStorage(logFolder).formatOnce();
            var properties = new NodeProperties(logFolder, port, controllerPort).asProperties();
            var server = new OneNode(KafkaConfig.fromProps(properties, false));
            server.startup();
            return server;
            // Kafka throws whatever it likes, checked exceptions undeclared included; the parent hears of all of it.
        } catch (Exception e) {
            LOG.error("The broker did not start", e);
            tell(failure(e));
            return null;
        }
    }

    private ChildProtocol.Failed failure(Exception problem) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return new ChildProtocol.Failed(
                        BrokerFailure.PORT_BUSY, "port " + port + " or " + controllerPort + " is taken");
            }
        }
        return new ChildProtocol.Failed(BrokerFailure.BROKER_START_FAILED, problem.toString());
    }

    private void tell(ChildProtocol message) {
        parent.println(message.line());
        parent.flush();
    }

    private static void awaitEndOfInput() throws IOException {
        while (System.in.read() != -1) {
            // The parent sends nothing; only the end matters.
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        var attempts = PREDECESSOR_ENDS_WITHIN.dividedBy(LOCK_PAUSE);
        for (long attempt = 0; attempt < attempts; attempt++) {
            try {
                var lock = channel.tryLock();
                if (lock != null) {
                    return lock;
                }
            } catch (OverlappingFileLockException e) {
                return null;
            }
            LockSupport.parkNanos(LOCK_PAUSE.toNanos());
        }
        return null;
    }
}
