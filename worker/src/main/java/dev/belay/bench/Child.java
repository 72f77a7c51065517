package dev.belay.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/// Runs a program to its end and measures it. One at a time: the CPU is that of all children that ended meanwhile.
final class Child {
    private static final long LOOK_MILLIS = 10;
    private static final int LAST_CHARACTERS = 600;

    private Child() {}

    /// @param said what it printed, both streams
    record Ended(long nanos, OptionalLong cpuNanos, OptionalLong peakBytes, String said) {
        Cost cost(long rows) {
            return new Cost(nanos, cpuNanos, peakBytes, rows);
        }
    }

    /// @param folder the process's own folder, where its output is kept while it runs
    /// @throws IOException when it cannot be started, or ends with another status than 0: with its last words
    static Ended run(List<String> command, Path folder) throws IOException, InterruptedException {
        Path said = folder.resolve("said.txt");
        OptionalLong before = ProcessFacts.cpuOfEndedChildren();
        long start = System.nanoTime();
        Process process = clean(new ProcessBuilder(command))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        long peak = 0;
        try {
            do {
                peak = Math.max(peak, ProcessFacts.peakMemory(process.pid()).orElse(0));
            } while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS));
        } finally {
            process.destroyForcibly();
        }
        long nanos = System.nanoTime() - start;
        OptionalLong after = ProcessFacts.cpuOfEndedChildren();
        String words = Files.readString(said, StandardCharsets.UTF_8);
        if (process.exitValue() != 0) {
            throw new IOException("%s ended with %d: %s"
                    .formatted(
                            command.getFirst(),
                            process.exitValue(),
                            words.substring(Math.max(0, words.length() - LAST_CHARACTERS))
                                    .strip()));
        }
        return new Ended(
                nanos,
                before.isPresent() && after.isPresent()
                        ? OptionalLong.of(after.getAsLong() - before.getAsLong())
                        : OptionalLong.empty(),
                peak == 0 ? OptionalLong.empty() : OptionalLong.of(peak),
                words);
    }

    /// Settings of the person who measures are not those of what is measured.
    static ProcessBuilder clean(ProcessBuilder builder) {
        builder.environment().keySet().removeIf(name -> name.startsWith("BELAY_"));
        return builder;
    }
}
