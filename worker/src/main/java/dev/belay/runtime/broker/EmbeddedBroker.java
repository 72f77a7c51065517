package dev.belay.runtime.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/// A real Kafka broker in a child process, for one machine and one person; the parent's handle on it.
///
/// The broker listens on loopback only. It lives no longer than its parent: it ends when the pipe to its standard input
/// closes, and the operating system closes that however the parent dies. Its records stay in the folder; the next start
/// there finds them, after a kill too.
public final class EmbeddedBroker implements AutoCloseable {
    /// Between choosing a free port and the broker's binding it somebody else may take it.
    private static final int PORT_ATTEMPTS = 4;

    private static final Duration PREDECESSOR_LETS_GO_WITHIN = Duration.ofSeconds(2);
    private static final Duration PORT_PAUSE = Duration.ofMillis(50);
    private static final int LAST_LINES = 12;

    /// A broker that writes its ahead-of-time cache does so when it stops: 4 s measured, more on a loaded
    /// machine.
    private static final Duration CACHE_MADE_WITHIN = Duration.ofMinutes(2);

    private final Process process;
    private final Duration stopWithin;
    private final String bootstrapServers;

    private EmbeddedBroker(Process process, Duration stopWithin, String bootstrapServers) {
        this.process = process;
        this.stopWithin = stopWithin;
        this.bootstrapServers = bootstrapServers;
    }

    /// Starts a broker with the program this JVM was launched with and returns when clients may connect.
    ///
    /// @throws BrokerFailure with [BrokerFailure#PORT_BUSY], [BrokerFailure#DATA_FOLDER_IN_USE],
    ///     [BrokerFailure#STORE_READ_ONLY] or [BrokerFailure#BROKER_START_FAILED]; no process is left behind
    public static EmbeddedBroker start(BrokerSettings settings) {
        return start(settings, BrokerProgram.from(System.getProperties()));
    }

    /// The same with a given program.
    public static EmbeddedBroker start(BrokerSettings settings, BrokerProgram program) {
        prepareFolder(settings.folder());
        if (program.cache() instanceof BrokerProgram.Cache.Make) {
            return onSomePort(settings.withStopWithin(CACHE_MADE_WITHIN), program);
        }
        return onSomePort(settings, program);
    }

    private static EmbeddedBroker onSomePort(BrokerSettings settings, BrokerProgram program) {
        if (settings.port().isPresent()) {
            return launch(
                    settings,
                    program,
                    new Ports(settings.port().getAsInt(), freePorts().controller()));
        }
        for (int attempt = 1; ; attempt++) {
            try {
                return launch(settings, program, freePorts());
            } catch (BrokerFailure failure) {
                if (!failure.code().equals(BrokerFailure.PORT_BUSY) || attempt == PORT_ATTEMPTS) {
                    throw failure;
                }
            }
        }
    }

    /// `127.0.0.1:PORT`, for `bootstrap.servers`.
    public String bootstrapServers() {
        return bootstrapServers;
    }

    public int port() {
        return Integer.parseInt(bootstrapServers.substring(bootstrapServers.lastIndexOf(':') + 1));
    }

    public long processId() {
        return process.pid();
    }

    /// Completes with the exit status when the process has ended, whoever ended it.
    public CompletableFuture<Integer> ended() {
        return process.onExit().thenApply(Process::exitValue);
    }

    public boolean alive() {
        return process.isAlive();
    }

    /// Stops the broker in order; by force after [BrokerSettings#stopWithin()]. May be called twice, and after
    /// a kill.
    @Override
    public void close() {
        abandon();
        await(process, stopWithin.toMillis());
    }

    /// Closes the pipe and waits for nothing: what the broker sees when its parent dies.
    void abandon() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // The pipe is broken because the process has ended, or it will not listen: ask it the other way.
            process.destroy();
        }
    }

    /// Ends the process at once (`kill -9`), as a crash would.
    public void kill() {
        process.destroyForcibly();
        await(process, stopWithin.toMillis());
    }

    private static void await(Process process, long milliseconds) {
        try {
            if (!process.waitFor(milliseconds, TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static EmbeddedBroker launch(BrokerSettings settings, BrokerProgram program, Ports ports) {
        if (settings.port().isPresent()) {
            awaitFree(ports.broker());
        }
        var folder = settings.folder();
        var console = folder.resolve("broker.console");
        var command = program.command(
                jvmOptions(folder),
                BrokerMain.class.getName(),
                List.of(folder.toString(), Integer.toString(ports.broker()), Integer.toString(ports.controller())));
        try {
            var process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectError(console.toFile())
                    .start();
            return whenReady(process, settings);
        } catch (IOException e) {
            throw new BrokerFailure(
                    BrokerFailure.BROKER_START_FAILED,
                    "cannot start the broker's process " + program.java() + ": " + e,
                    e);
        }
    }

    private static EmbeddedBroker whenReady(Process process, BrokerSettings settings) {
        var told = new CompletableFuture<ChildProtocol>();
        Thread.ofPlatform().daemon().name("broker-output").start(() -> listen(process, told));
        try {
            var message = told.get(settings.startWithin().toMillis(), TimeUnit.MILLISECONDS);
            return switch (message) {
                case ChildProtocol.Ready(var bootstrapServers) ->
                    new EmbeddedBroker(process, settings.stopWithin(), bootstrapServers);
                case ChildProtocol.Failed(var code, var text) -> throw failed(settings, code, text);
            };
        } catch (TimeoutException e) {
            throw startFailed(
                    settings, "was not ready within " + settings.startWithin().toMillis() + " ms");
        } catch (ExecutionException e) {
            await(process, settings.stopWithin().toMillis());
            throw startFailed(settings, "ended with exit code " + process.exitValue() + " before it was ready");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw startFailed(settings, "start was interrupted");
        } finally {
            if (!told.isDone() || told.isCompletedExceptionally() || told.join() instanceof ChildProtocol.Failed) {
                process.destroyForcibly();
            }
        }
    }

    /// Reads the child's output to its end, so that the child never waits for a full pipe.
    private static void listen(Process process, CompletableFuture<ChildProtocol> told) {
        try (var lines = process.inputReader()) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                ChildProtocol.parse(line).ifPresent(told::complete);
            }
            told.completeExceptionally(new IOException("the broker's output ended"));
        } catch (IOException e) {
            told.completeExceptionally(e);
        }
    }

    private static BrokerFailure failed(BrokerSettings settings, String code, String text) {
        if (code.equals(BrokerFailure.PORT_BUSY)) {
            return settings.port().isPresent()
                    ? portBusy(settings.port().getAsInt())
                    : new BrokerFailure(code, "no free loopback port could be kept for the broker: " + text);
        }
        if (code.equals(BrokerFailure.DATA_FOLDER_IN_USE)) {
            // The log's last lines would be those of the broker that runs.
            return new BrokerFailure(code, text + "; wait for its end, or choose another data folder");
        }
        return startFailed(settings, "did not start: " + text);
    }

    private static BrokerFailure portBusy(int port) {
        return new BrokerFailure(
                BrokerFailure.PORT_BUSY,
                "port " + port + " on 127.0.0.1 is taken by another process; `lsof -i :" + port
                        + "` names it. Stop that process or choose another port");
    }

    private static BrokerFailure startFailed(BrokerSettings settings, String what) {
        var folder = settings.folder();
        var message = new StringBuilder(
                "the broker in " + folder + " " + what + "; its log is " + folder.resolve("broker.log"));
        lastLines(folder.resolve("broker.console"))
                .forEach(line -> message.append("\n  ").append(line));
        lastLines(folder.resolve("broker.log"))
                .forEach(line -> message.append("\n  ").append(line));
        return new BrokerFailure(BrokerFailure.BROKER_START_FAILED, message.toString());
    }

    private static List<String> lastLines(Path file) {
        try {
            var lines = Files.readAllLines(file);
            return lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size());
        } catch (IOException e) {
            return List.of("(" + file.getFileName() + " cannot be read)");
        }
    }

    private static void prepareFolder(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.delete(Files.createTempFile(folder, ".belay-writable-", ""));
        } catch (IOException e) {
            throw new BrokerFailure(
                    BrokerFailure.STORE_READ_ONLY,
                    "the broker's folder " + folder + " cannot be written: " + e
                            + ". Make it writable or choose another data folder",
                    e);
        }
    }

    private static List<String> jvmOptions(Path folder) {
        return List.of(
                "-Xms32m",
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Xlog:disable",
                // Kafka unmaps its index files that way; the JVM would print a warning of four lines.
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.awt.headless=true",
                "-Dbelay.broker.folder=" + folder,
                "-Dlogback.configurationFile=dev/belay/runtime/broker/broker-logback.xml");
    }

    private record Ports(int broker, int controller) {}

    /// A broker whose parent was killed a moment ago still holds its port for some tenths of a second.
    private static void awaitFree(int port) {
        var attempts = PREDECESSOR_LETS_GO_WITHIN.dividedBy(PORT_PAUSE);
        for (long attempt = 0; attempt < attempts; attempt++) {
            if (free(port)) {
                return;
            }
            LockSupport.parkNanos(PORT_PAUSE.toNanos());
        }
        throw portBusy(port);
    }

    private static boolean free(int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(NodeProperties.HOST), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /// Two different ports that are free now; both are held until both are known.
    private static Ports freePorts() {
        var loopback = InetAddress.ofLiteral(NodeProperties.HOST);
        try (var broker = new ServerSocket(0, 1, loopback);
                var controller = new ServerSocket(0, 1, loopback)) {
            return new Ports(broker.getLocalPort(), controller.getLocalPort());
        } catch (IOException e) {
            throw new BrokerFailure(BrokerFailure.PORT_BUSY, "no free loopback port: " + e, e);
        }
    }
}
