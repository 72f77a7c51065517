package dev.belay.saga;

import java.nio.file.Path;

/// One worker's life in a process of its own, over the real stores and without Kafka, to be halted at a point
/// (`-Dbelay.faults=halt:POINT:SIDE:1`).
final class HaltedJob {
    private HaltedJob() {}

    /// @param arguments the [SweptJob], the data folder, and the place of the log before the job was written to
    /// it
    public static void main(String[] arguments) {
        SweptJob.valueOf(arguments[0])
                .elsewhere(Path.of(arguments[1]), arguments[2])
                .live();
    }
}
