package dev.belay.powercut;

import dev.belay.schemas.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A [Victim] in a JVM of its own.
final class VictimProcess implements AutoCloseable {
    private static final String END = "(end)";

    private final Process process;
    private final Thread reading;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<String> errors = new ArrayList<>();

    private VictimProcess(Process process) {
        this.process = process;
        reading = Thread.ofPlatform().daemon().name("victim-output").start(this::read);
        Thread.ofPlatform().daemon().name("victim-errors").start(this::readErrors);
    }

    /// @param prefix    a program to run it by, such as `eatmydata`
    /// @param arguments see [Victim#main]
    static VictimProcess start(List<String> prefix, List<String> arguments) throws IOException {
        var command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED",
                "-Dbelay.faults=on",
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName()));
        command.addAll(arguments);
        return new VictimProcess(new ProcessBuilder(command).start());
    }

    private void read() {
        try (var output = process.inputReader()) {
            for (var line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
            }
        } catch (IOException killed) {
            // What it had said until then is there.
        } finally {
            lines.add(END);
        }
    }

    private void readErrors() {
        try (var output = process.errorReader()) {
            for (var line = output.readLine(); line != null; line = output.readLine()) {
                synchronized (errors) {
                    errors.add(line);
                }
            }
        } catch (IOException killed) {
            // It is only for messages.
        }
    }

    /// Takes note of what it says until a line begins like this, it ends, or the time is up.
    ///
    /// @return whether that line came
    boolean heard(String beginning, Duration within, Acknowledged acknowledged) throws InterruptedException {
        long end = System.nanoTime() + within.toNanos();
        while (true) {
            String line = lines.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line == null) {
                return false;
            }
            note(line, acknowledged);
            if (line.startsWith(beginning) || line.equals(END)) {
                return line.startsWith(beginning);
            }
        }
    }

    /// Takes note of what it says until it has stopped at its point, so many jobs have ended, it ends, or the
    /// time is up.
    ///
    /// @return whether it has stopped at its point
    boolean stopsAfter(int ends, Duration within, Acknowledged acknowledged) throws InterruptedException {
        long end = System.nanoTime() + within.toNanos();
        int left = ends;
        while (left > 0) {
            String line = lines.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line == null || line.equals(END)) {
                return false;
            }
            note(line, acknowledged);
            if (line.startsWith("at ")) {
                return true;
            }
            left -= line.startsWith("ended ") ? 1 : 0;
        }
        return false;
    }

    private static void note(String line, Acknowledged acknowledged) {
        String[] words = line.split(" ", -1);
        switch (words[0]) {
            case "ended" ->
                acknowledged.ended(new Acknowledged.End(
                        words[1], Outcome.valueOf(words[2].toUpperCase(Locale.ROOT)), words[3], words[4]));
            case "titled" -> acknowledged.titled(words[1], Integer.parseInt(words[2]));
            default -> {}
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// `kill -9`; takes note of the last things it has said.
    void kill(Acknowledged acknowledged) throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
        reading.join();
        heard(END, Duration.ZERO, acknowledged);
        lines.forEach(line -> note(line, acknowledged));
    }

    /// Waits for its end.
    ///
    /// @return the exit status
    int exit(Duration within) throws InterruptedException {
        if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("not ended within " + within + ": " + errors());
        }
        return process.exitValue();
    }

    String errors() {
        synchronized (errors) {
            return String.join("\n", errors);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        // The disk it is on is about to go.
        try {
            process.onExit().get(1, TimeUnit.MINUTES);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException stuck) {
            throw new UncheckedIOException(new IOException("a victim does not end", stuck));
        }
    }
}
