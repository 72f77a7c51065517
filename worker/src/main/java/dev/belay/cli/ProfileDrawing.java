package dev.belay.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// Draws shares and distributions with characters: blocks where the terminal has them, else plain ones.
final class ProfileDrawing {
    private static final String EIGHTHS = " ▏▎▍▌▋▊▉█";
    private static final String HEIGHTS = " ▁▂▃▄▅▆▇█";
    private static final String PLAIN_HEIGHTS = " .:-=+*#@";
    private static final int STEPS = 8;

    private final boolean blocks;

    /// @param blocks whether there are more characters than ASCII's
    ProfileDrawing(boolean blocks) {
        this.blocks = blocks;
    }

    /// A bar for a share of the whole, always so wide; what is not nothing is seen.
    String bar(double share, int width) {
        double full = Math.clamp(share, 0, 1) * width;
        if (!blocks) {
            int signs = share > 0 ? Math.max(1, (int) Math.round(full)) : 0;
            return "#".repeat(signs) + ".".repeat(width - signs);
        }
        int eighths = (int) Math.round(full * STEPS);
        if (share > 0 && eighths == 0) {
            eighths = 1;
        }
        var bar = new StringBuilder("█".repeat(eighths / STEPS));
        if (eighths % STEPS > 0) {
            bar.append(EIGHTHS.charAt(eighths % STEPS));
        }
        return bar.append(" ".repeat(width - bar.length())).toString();
    }

    /// How values lie between the least and the most: a column of a height for each of so many equal stretches, taken
    /// from the quantiles; empty where they are not known.
    ///
    /// @param quantiles the value at or below which that part of all is, by part
    String histogram(JsonNode quantiles, int width) {
        NavigableMap<Double, Double> known = known(quantiles);
        if (known.size() < 3
                || known.lastEntry().getValue() <= known.firstEntry().getValue()) {
            return "";
        }
        double least = known.firstEntry().getValue();
        double stretch = (known.lastEntry().getValue() - least) / width;
        var parts = new ArrayList<Double>();
        double before = 0;
        for (int at = 1; at <= width; at++) {
            double upTo = at == width ? 1 : share(known, least + at * stretch);
            parts.add(Math.max(0, upTo - before));
            before = upTo;
        }
        return drawn(parts);
    }

    private String drawn(List<Double> parts) {
        double most = parts.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        var drawing = new StringBuilder();
        for (double part : parts) {
            int height = most == 0 ? 0 : (int) Math.ceil(part / most * STEPS - 1e-9);
            drawing.append((blocks ? HEIGHTS : PLAIN_HEIGHTS).charAt(Math.clamp(height, 0, STEPS)));
        }
        return drawing.toString();
    }

    private static NavigableMap<Double, Double> known(JsonNode quantiles) {
        var known = new TreeMap<Double, Double>();
        quantiles.properties().forEach(one -> {
            OptionalDouble value = StoredProfile.number(one.getValue());
            try {
                value.ifPresent(number -> known.put(Double.parseDouble(one.getKey()), number));
            } catch (NumberFormatException foreign) {
                // A quantile with another kind of name is not drawn.
                return;
            }
        });
        return known;
    }

    /// The part of all that is at or below a value: on straight lines between the quantiles.
    private static double share(NavigableMap<Double, Double> known, double value) {
        double part = 0;
        double from = known.firstEntry().getValue();
        for (var one : known.entrySet()) {
            if (one.getValue() > value) {
                double span = one.getValue() - from;
                return span <= 0 ? part : part + (one.getKey() - part) * (value - from) / span;
            }
            part = one.getKey();
            from = one.getValue();
        }
        return 1;
    }
}
