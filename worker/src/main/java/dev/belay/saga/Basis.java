package dev.belay.saga;

import dev.belay.job.JobRequest;
import dev.belay.job.OverridePolicy;
import dev.belay.job.Sha256;
import dev.belay.tabular.Wishes;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.TreeMap;

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
                + wishes.nulls().dictionaryWords()
                + wishes.numbers().dictionaryWords()
                + (request.overridePolicy() == OverridePolicy.REJECT ? "" : "\n" + request.overridePolicy())
                + screened.map(looked -> "\n" + looked).orElse("")
                + request.dedupe().map(rule -> "\n" + rule).orElse("");
        return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
