package dev.belay.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Numbers of one name, that differ in their labels.
///
/// @param name    ends in `_total` for a counter, and has its base unit: seconds, bytes
/// @param help    a line for people
/// @param samples none where nothing is known yet
public record Family(String name, Type type, String help, List<Sample> samples) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");

    /// What can be done with the numbers.
    public enum Type {
        /// Only grows, and begins with 0 when the process does.
        COUNTER,
        /// Goes up and down.
        GAUGE,
        /// A `_sum` and a `_count`.
        SUMMARY
    }

    /// One number.
    ///
    /// @param suffix what the family's name ends with here: `_sum`, `_count` or nothing
    public record Sample(String suffix, SortedMap<String, String> labels, double value) {
        /// Copies and checks the labels.
        ///
        /// @throws IllegalArgumentException for a label's name that the format does not know
        public Sample {
            labels = new TreeMap<>(labels);
            labels.keySet().forEach(Family::check);
        }
    }

    /// Copies and checks.
    ///
    /// @throws IllegalArgumentException for a name that the format or its customs do not know
    public Family {
        samples = List.copyOf(samples);
        check(name);
        if (type == Type.COUNTER != name.endsWith("_total")) {
            throw new IllegalArgumentException("counters, and they alone, end in _total: " + name);
        }
    }

    private static void check(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("no name for a metric or a label: " + name);
        }
    }

    /// A counter without labels.
    public static Family counter(String name, String help, double value) {
        return new Family(name, Type.COUNTER, help, List.of(sample(Map.of(), value)));
    }

    /// A counter with a value for each of a label's values.
    public static Family counter(String name, String help, String label, Map<String, Double> values) {
        return new Family(name, Type.COUNTER, help, labelled(label, values));
    }

    /// A gauge without labels.
    public static Family gauge(String name, String help, double value) {
        return gauge(name, help, Map.of(), value);
    }

    /// A gauge with one value and its labels.
    public static Family gauge(String name, String help, Map<String, String> labels, double value) {
        return new Family(name, Type.GAUGE, help, List.of(sample(labels, value)));
    }

    /// A gauge with a value for each of a label's values.
    public static Family gauge(String name, String help, String label, Map<String, Double> values) {
        return new Family(name, Type.GAUGE, help, labelled(label, values));
    }

    /// Sums and counts, by a label's values.
    public static Family summary(String name, String help, String label, Map<String, Tally.Sum> sums) {
        var samples = new ArrayList<Sample>();
        new TreeMap<>(sums).forEach((value, sum) -> {
            var labels = new TreeMap<>(Map.of(label, value));
            samples.add(new Sample("_count", labels, sum.count()));
            samples.add(new Sample("_sum", labels, sum.amount()));
        });
        return new Family(name, Type.SUMMARY, help, samples);
    }

    /// One sum and its count.
    public static Family summary(String name, String help, Tally.Sum sum) {
        return new Family(
                name,
                Type.SUMMARY,
                help,
                List.of(
                        new Sample("_count", new TreeMap<>(), sum.count()),
                        new Sample("_sum", new TreeMap<>(), sum.amount())));
    }

    private static Sample sample(Map<String, String> labels, double value) {
        return new Sample("", new TreeMap<>(labels), value);
    }

    private static List<Sample> labelled(String label, Map<String, Double> values) {
        return new TreeMap<>(values)
                .entrySet().stream()
                        .map(one -> sample(Map.of(label, one.getKey()), one.getValue()))
                        .toList();
    }
}
