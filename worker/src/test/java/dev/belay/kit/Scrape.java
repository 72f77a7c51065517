package dev.belay.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A page in Prometheus' text format 0.0.4, read strictly and without the code that wrote it: each family has its HELP
/// and
/// TYPE once and before its samples, which stand together; no series is there twice.
///
/// @param values by series, as `name` or `name{label="value",other="value"}`, values unescaped
/// @param types  by family
/// @param helps  by family, unescaped
public record Scrape(Map<String, Double> values, Map<String, String> types, Map<String, String> helps) {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern HELP = Pattern.compile("# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)");
    private static final Pattern TYPE =
            Pattern.compile("# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|summary|histogram|untyped)");
    private static final Pattern LABEL =
            Pattern.compile("\\G([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\\"n])*)\"(,|$)");
    private static final Pattern SAMPLE =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)", Pattern.DOTALL);

    /// Reads a page.
    public static Scrape of(String page) {
        var scrape = new Scrape(new LinkedHashMap<>(), new HashMap<>(), new HashMap<>());
        assertThat(page).endsWith("\n").doesNotContain("\r");
        String family = "";
        for (String line : page.split("\n", -1)) {
            Matcher help = HELP.matcher(line);
            Matcher type = TYPE.matcher(line);
            if (help.matches()) {
                family = help.group(1);
                assertThat(scrape.helps.put(family, unescaped(help.group(2), false)))
                        .as("HELP of %s is there once", family)
                        .isNull();
            } else if (type.matches()) {
                assertThat(type.group(1)).as("TYPE follows HELP").isEqualTo(family);
                assertThat(scrape.types.put(family, type.group(2)))
                        .as("TYPE of %s is there once", family)
                        .isNull();
            } else if (!line.isEmpty()) {
                scrape.sample(family, line);
            }
        }
        return scrape;
    }

    private void sample(String family, String line) {
        Matcher sample = SAMPLE.matcher(line);
        assertThat(sample.matches()).as("a sample: %s", line).isTrue();
        String name = sample.group(1);
        assertThat(types).as("a TYPE before the sample: %s", line).containsKey(family);
        List<String> names =
                "summary".equals(types.get(family)) ? List.of(family + "_sum", family + "_count") : List.of(family);
        assertThat(names).as("the sample is of the family above it: %s", line).contains(name);
        String series = name + labels(sample.group(2));
        assertThat(values.put(series, number(sample.group(3))))
                .as("%s is there once", series)
                .isNull();
    }

    private static String labels(String text) {
        if (text == null) {
            return "";
        }
        var labels = new TreeMap<String, String>();
        Matcher label = LABEL.matcher(text);
        int end = 0;
        while (end < text.length() && label.find()) {
            assertThat(labels.put(label.group(1), unescaped(label.group(2), true)))
                    .as("label %s once", label.group(1))
                    .isNull();
            end = label.end();
        }
        assertThat(end).as("labels: %s", text).isEqualTo(text.length());
        return labels.entrySet().stream()
                .map(one -> one.getKey() + "=\"" + one.getValue() + '"')
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String unescaped(String text, boolean quotes) {
        var plain = new StringBuilder();
        for (int at = 0; at < text.length(); at++) {
            char letter = text.charAt(at);
            if (letter != '\\') {
                plain.append(letter);
                continue;
            }
            char next = text.charAt(++at);
            assertThat(next == '\\' || next == 'n' || (quotes && next == '"'))
                    .as("an escape of the format: \\%s", next)
                    .isTrue();
            plain.append(next == 'n' ? '\n' : next);
        }
        return plain.toString();
    }

    private static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            case "NaN" -> Double.NaN;
            default -> {
                assertThat(text).matches("-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
                yield Double.parseDouble(text);
            }
        };
    }

    /// The value of a series, 0 where it is not on the page.
    public double value(String series) {
        return values.getOrDefault(series, 0.0);
    }

    /// Asks for a page as Prometheus does.
    public static HttpResponse<String> get(URI page) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(page).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
