package dev.belay.metrics;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/// Counts and sums by what they are of. Adding never waits; safe for many threads.
public final class Tally {
    /// So many kinds are kept apart; what comes beyond counts as [#OTHER].
    static final int MOST_KINDS = 300;

    static final String OTHER = "other";

    /// @param count  how often something was added
    /// @param amount what was added
    public record Sum(long count, double amount) {}

    private record Cell(LongAdder count, DoubleAdder amount) {
        Cell() {
            this(new LongAdder(), new DoubleAdder());
        }

        Sum sum() {
            return new Sum(count.sum(), amount.sum());
        }
    }

    private final Map<String, Cell> cells = new ConcurrentHashMap<>();

    /// @param known kinds that are there from the beginning, with 0
    public Tally(String... known) {
        for (String kind : known) {
            cells.put(kind, new Cell());
        }
    }

    /// One more of a kind.
    public void count(String kind) {
        add(kind, 1);
    }

    /// So much more of a kind.
    public void add(String kind, double amount) {
        Cell cell = cells.get(kind);
        if (cell == null) {
            cell = cells.computeIfAbsent(cells.size() < MOST_KINDS ? kind : OTHER, _ -> new Cell());
        }
        cell.count().increment();
        cell.amount().add(amount);
    }

    /// The amounts so far.
    public Map<String, Double> amounts() {
        return sums().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, one -> one.getValue().amount()));
    }

    /// Counts and amounts so far.
    public Map<String, Sum> sums() {
        var sums = new TreeMap<String, Sum>();
        cells.forEach((kind, cell) -> sums.put(kind, cell.sum()));
        return sums;
    }
}
