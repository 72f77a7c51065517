package dev.belay.saga;

import dev.belay.job.JobRequest;
import dev.belay.job.NumberMarks;
import dev.belay.job.OverridePolicy;
import dev.belay.job.Sha256;
import dev.belay.tabular.Wishes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The digest of everything that decides what a version looks like: two loads of equal basis give equal tables.
final class Basis {
    /// Changes whenever reading or typing changes, so that an upgrade loads again what it would read otherwise.
    private static final String READER = "reader 4";

    private Basis() {}

    /// @param screened what is looked for, if anything; a version that was made without it has another basis
    static Sha256 of(JobRequest request, Wishes wishes, Optional<String> screened, Sha256 source) {
        String text = String.join(
                        "\n",
                        READER,
                        source.hex(),
                        request.mode().name(),
                        String.join("\u001f", request.key()),
                        request.read().toString(),
                        Double.toString(request.maxRejectedRatio()),
                        new TreeMap<>(wishes.types()).toString(),
                        new TreeMap<>(wishes.dateOrders()).toString())
                + exact("tokens", request.read().nullTokens())
                + exact("missing", wishes.nulls().table())
                + missing(wishes.nulls().columns())
                + marks(wishes.numbers().columns())
                + (request.overridePolicy() == OverridePolicy.REJECT ? "" : "\n" + request.overridePolicy())
                + screened.map(looked -> "\n" + looked).orElse("")
                + request.dedupe()
                        .map(rule -> "\ndedupe " + rule.keep() + exact("by", rule.columns()))
                        .orElse("");
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String missing(Map<String, List<String>> columns) {
        return new TreeMap<>(columns)
                .entrySet().stream()
                        .map(column ->
                                "\nmissing" + exact("in", List.of(column.getKey())) + exact("", column.getValue()))
                        .collect(Collectors.joining());
    }

    private static String marks(Map<String, NumberMarks> columns) {
        return new TreeMap<>(columns)
                .entrySet().stream()
                        .map(column -> "\nmarks " + column.getValue() + exact("in", List.of(column.getKey())))
                        .collect(Collectors.joining());
    }

    /// Texts, each with its length before it, so that no two lists are written alike; nothing for none.
    private static String exact(String what, List<String> texts) {
        return texts.isEmpty()
                ? ""
                : texts.stream()
                        .map(text -> text.length() + " " + text)
                        .collect(Collectors.joining(" ", "\n" + what + " ", ""));
    }
}
