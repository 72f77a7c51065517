package dev.belay.bench;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/// All loads of one file by one contender.
///
/// @param costs   one for each round, in their order
/// @param trouble why it has none, or not all
public record Measured(String name, String terms, List<Cost> costs, Optional<String> trouble) {
    /// Copies the list.
    public Measured {
        costs = List.copyOf(costs);
    }

    /// Least, middle and most.
    public record Spread(long least, long median, long most) {
        static Optional<Spread> of(LongStream values) {
            long[] sorted = values.sorted().toArray();
            return sorted.length == 0
                    ? Optional.empty()
                    : Optional.of(new Spread(
                            sorted[0],
                            (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2,
                            sorted[sorted.length - 1]));
        }
    }

    /// From beginning to end, in nanoseconds.
    public Optional<Spread> nanos() {
        return Spread.of(costs.stream().mapToLong(Cost::nanos));
    }

    /// CPU, in nanoseconds.
    public Optional<Spread> cpuNanos() {
        return Spread.of(costs.stream().map(Cost::cpuNanos).flatMapToLong(OptionalLong::stream));
    }

    /// Resident memory at its highest, in bytes.
    public Optional<Spread> peakBytes() {
        return Spread.of(costs.stream().map(Cost::peakBytes).flatMapToLong(OptionalLong::stream));
    }
}
