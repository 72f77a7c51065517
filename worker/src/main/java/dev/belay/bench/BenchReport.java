package dev.belay.bench;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What a bench found.
public record BenchReport(Machine machine, BenchPlan plan, List<OfFile> files, Duration took) {
    /// Copies the list.
    public BenchReport {
        files = List.copyOf(files);
    }

    /// The contenders at one file, in the order in which they ran.
    public record OfFile(LoadedFile file, List<Measured> measured) {
        public OfFile {
            measured = List.copyOf(measured);
        }

        /// What the ratios are to: the shell's `.import`.
        public Optional<Measured> baseline() {
            return measured.stream()
                    .filter(one -> one.name().equals(SqliteShell.NAME))
                    .findFirst();
        }
    }
}
