package dev.belay.drill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// `belay …` in a JVM of its own; what it says goes to a log file.
public final class WorkerProcess implements AutoCloseable {
    private static final long LOOK_MILLIS = 20;
    private static final int LAST_CHARACTERS = 2_000;

    private final Process process;
    private final Path log;
    private final long logStart;

    private WorkerProcess(Process process, Path log, long logStart) {
        this.process = process;
        this.log = log;
        this.logStart = logStart;
    }

    /// @param arguments of `belay`
    /// @param log       added to, so that all lives of one slot stand in one file; its folder is the process's
    public static WorkerProcess start(Program program, List<String> arguments, Path log) throws IOException {
        long logStart = Files.exists(log) ? Files.size(log) : 0;
        var builder = new ProcessBuilder(program.command(arguments))
                .directory(log.toAbsolutePath().resolveSibling("").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("BELAY_"));
        return new WorkerProcess(builder.start(), log, logStart);
    }

    /// What this life has said so far.
    public String said() {
        try (var channel = FileChannel.open(log)) {
            var bytes = ByteBuffer.allocate(Math.toIntExact(channel.size() - logStart));
            channel.position(logStart);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // Until all that was there is read.
            }
            return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// Whether it takes jobs.
    public boolean isReady() {
        return said().contains("takes jobs from");
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /// Waits until it takes jobs.
    ///
    /// @throws Breach when it ends instead, or takes too long
    public WorkerProcess ready() throws InterruptedException {
        long end = System.nanoTime() + Site.PATIENCE.toNanos();
        while (!isReady()) {
            if (process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new Breach("a worker ended with %d by itself:%n%s".formatted(process.exitValue(), lastWords()));
            }
            if (System.nanoTime() - end > 0) {
                throw new Breach("a worker took no jobs within %s:%n%s".formatted(Site.PATIENCE, lastWords()));
            }
        }
        return this;
    }

    /// Lets it live for so long.
    ///
    /// @return whether it is still alive then
    public boolean lives(Duration time) throws InterruptedException {
        return !process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// `kill -9`.
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /// `kill -STOP`: it does nothing any more and does not know.
    public void stop() throws IOException, InterruptedException {
        signal("STOP");
    }

    /// `kill -CONT`: it goes on as if nothing had been.
    public void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (exit != 0 && process.isAlive()) {
            throw new IOException("kill -" + name + " ended with " + exit);
        }
    }

    /// `kill -TERM`, and waits for the end.
    ///
    /// @return the exit status
    /// @throws Breach when it takes longer
    public int terminate(Duration within) throws IOException, InterruptedException {
        // Not Process.destroy, which also closes the pipe that the worker's life hangs on.
        signal("TERM");
        return exit(within);
    }

    /// Waits for it to end by itself.
    ///
    /// @return the exit status
    /// @throws Breach when it takes longer
    public int exit(Duration within) throws InterruptedException {
        if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new Breach("a worker has not ended within %s:%n%s".formatted(within, lastWords()));
        }
        return process.exitValue();
    }

    /// The end of what it has said.
    public String lastWords() {
        String said = said();
        return said.substring(Math.max(0, said.length() - LAST_CHARACTERS));
    }

    @Override
    public void close() {
        process.destroyForcibly();
        // Its log and data folder may be about to be deleted.
        process.onExit().join();
    }
}
