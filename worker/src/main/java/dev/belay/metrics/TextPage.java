package dev.belay.metrics;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Families as Prometheus reads them: its text format, version 0.0.4
/// (prometheus.io/docs/instrumenting/exposition_formats).
public final class TextPage {
    /// What the page is sent as.
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private TextPage() {}

    /// The page, each line of it ended.
    ///
    /// @throws IllegalArgumentException when two families have the same name
    public static String of(List<Family> families) {
        var names = new HashSet<String>();
        var page = new StringBuilder();
        for (Family family : families) {
            if (!names.add(family.name())) {
                throw new IllegalArgumentException("twice on the page: " + family.name());
            }
            page.append("# HELP ").append(family.name()).append(' ').append(escapedHelp(family.help()));
            page.append("\n# TYPE ").append(family.name()).append(' ');
            page.append(family.type().name().toLowerCase(Locale.ROOT)).append('\n');
            for (Family.Sample sample : family.samples()) {
                page.append(family.name()).append(sample.suffix()).append(labels(sample.labels()));
                page.append(' ').append(number(sample.value())).append('\n');
            }
        }
        return page.toString();
    }

    private static String labels(Map<String, String> labels) {
        return labels.isEmpty()
                ? ""
                : labels.entrySet().stream()
                        .map(label -> label.getKey() + "=\"" + escapedValue(label.getValue()) + '"')
                        .collect(Collectors.joining(",", "{", "}"));
    }

    private static String escapedHelp(String help) {
        return help.replace("\\", "\\\\").replace("\n", "\\n");
    }

    private static String escapedValue(String value) {
        return escapedHelp(value).replace("\"", "\\\"");
    }

    /// As Go's `ParseFloat` reads it; whole numbers without a fraction, for people.
    private static String number(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
