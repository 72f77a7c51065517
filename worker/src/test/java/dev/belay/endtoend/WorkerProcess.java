package dev.belay.endtoend;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// `belay …` in a JVM of its own, on this JVM's class path; what it says goes to a log file.
final class WorkerProcess implements AutoCloseable {
    private final Process process;
    private final Path log;
    private final long logStart;

    private WorkerProcess(Process process, Path log, long logStart) {
        this.process = process;
        this.log = log;
        this.logStart = logStart;
    }

    /// @param arguments of `belay`
    /// @param log       added to, so that all lives of one slot stand in one file
    static WorkerProcess start(List<String> arguments, Path log) throws IOException {
        return start(List.of("-Xmx256m"), arguments, log);
    }

    /// @param options of the JVM
    static WorkerProcess start(List<String> options, List<String> arguments, Path log) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(options);
        command.add("dev.belay.cli.Belay");
        command.addAll(arguments);
        long logStart = Files.exists(log) ? Files.size(log) : 0;
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("BELAY_"));
        return new WorkerProcess(builder.start(), log, logStart);
    }

    /// What this life has said so far.
    String said() {
        try {
            byte[] all = Files.readAllBytes(log);
            return new String(
                    all, (int) logStart, all.length - (int) logStart, java.nio.charset.StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    boolean isReady() {
        return said().contains("takes jobs from");
    }

    /// Waits until it takes jobs.
    ///
    /// @throws AssertionError when it ends instead
    WorkerProcess ready() {
        await("the worker is ready")
                .atMost(Installation.PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new AssertionError("the worker ended with " + process.exitValue() + ":\n" + said());
                    }
                    return isReady();
                });
        return this;
    }

    /// Lets it live for so long.
    ///
    /// @return whether it is still alive then
    boolean lives(Duration time) throws InterruptedException {
        return !process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// `kill -9`.
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /// `kill -TERM`, and waits for the end.
    ///
    /// @return the exit status
    /// @throws AssertionError when it takes longer
    int terminate(Duration within) throws InterruptedException {
        process.destroy();
        return exit(within);
    }

    /// Waits for it to end by itself.
    ///
    /// @return the exit status
    int exit(Duration within) throws InterruptedException {
        if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("not ended within " + within + ":\n" + said());
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        // Its log and data folder are about to be deleted.
        process.onExit().join();
    }
}
