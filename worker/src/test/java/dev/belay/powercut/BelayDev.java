package dev.belay.powercut;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// `belay dev` in a process of its own: a worker and, as its child, a broker, on one data folder.
final class BelayDev implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    static final int PARTITIONS = 3;
    private static final String READY = "bootstrap.servers";

    private final Process process;
    private final Path log;
    private final CompletableFuture<Boolean> ready = new CompletableFuture<>();

    private final int logStart;

    private BelayDev(Process process, Path log, int logStart) {
        this.process = process;
        this.log = log;
        this.logStart = logStart;
        Thread.ofPlatform().daemon().name("dev-output").start(this::listen);
    }

    /// @param prefix a program to run it by, such as `eatmydata`
    /// @param data   the data folder
    /// @param port   of the broker
    /// @param outside a folder that no power cut reaches, with the sources and the log
    static BelayDev start(List<String> prefix, Path data, int port, Path outside) throws IOException {
        var command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.belay.cli.Belay",
                "dev",
                "--root",
                outside.toString()));
        for (String setting : List.of(
                "data=" + data,
                "dev.port=" + port,
                "topics.partitions=" + PARTITIONS,
                "worker.sessionTimeout=6s",
                "worker.ownerLostAfter=6s",
                "worker.recoverEvery=1s",
                "retry.delays=100ms",
                "versions.keep=5")) {
            command.addAll(List.of("--set", setting));
        }
        Path log = outside.resolve("dev.log");
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("BELAY_"));
        int logStart = Files.exists(log) ? (int) Files.size(log) : 0;
        return new BelayDev(builder.start(), log, logStart);
    }

    private void listen() {
        try (var output = process.inputReader()) {
            for (var line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith(READY)) {
                    ready.complete(true);
                }
            }
        } catch (IOException killed) {
            // There is nothing more to hear.
        } finally {
            ready.complete(false);
        }
    }

    /// Waits until it takes jobs.
    ///
    /// @return whether it does, at the end of that time
    boolean ready(Duration within) throws InterruptedException {
        try {
            return ready.get(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException notYet) {
            return false;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// A port that is free now and can be used again and again.
    static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
    }

    /// Waits for it to end by itself.
    ///
    /// @return the exit status
    int exit(Duration within) throws InterruptedException {
        if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("not ended within " + within);
        }
        return process.exitValue();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// Ends the worker and the broker at once.
    void kill() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        awaitEnd(process.toHandle());
        children.forEach(BelayDev::awaitEnd);
    }

    /// Stops it in order.
    void stop() {
        process.destroy();
        awaitEnd(process.toHandle());
    }

    private static void awaitEnd(ProcessHandle handle) {
        try {
            handle.onExit().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException stuck) {
            throw new AssertionError(handle + " does not end", stuck);
        }
    }

    /// What it has said to people in this life.
    String said() throws IOException {
        byte[] all = Files.readAllBytes(log);
        return new String(all, logStart, all.length - logStart, StandardCharsets.UTF_8);
    }

    /// Whether it gave up because this machine is too busy to start a broker within its limit.
    boolean gaveUpWaiting() throws IOException {
        return said().contains("was not ready within");
    }

    @Override
    public void close() {
        kill();
    }
}
