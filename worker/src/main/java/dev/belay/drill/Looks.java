package dev.belay.drill;

import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/// What readers saw, and what they must never see. Safe for many threads.
///
/// What a version shows the first time it must show every time; whether that was right is known in the end, from the
/// sources ([#judge]).
final class Looks {
    private static final int MOST_TOLD = 20;

    private final LongAdder reads = new LongAdder();
    private final LongAdder absent = new LongAdder();
    private final LongAdder mixed = new LongAdder();
    private final LongAdder partial = new LongAdder();
    private final LongAdder backwards = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder away = new LongAdder();
    private final Map<String, Seen> first = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> breaches = new ConcurrentLinkedQueue<>();

    void saw(String dataset, int before, Seen now) {
        reads.increment();
        if (now.version() < before) {
            backwards.increment();
            tell("%s went back from version %d to %d".formatted(dataset, before, now.version()));
        }
        Seen known = first.putIfAbsent(key(dataset, now.version()), now);
        if (known != null && !known.equals(now)) {
            mixed.increment();
            tell("version %d of %s showed %s, and then %s".formatted(now.version(), dataset, known.rows(), now.rows()));
        }
    }

    void sawNothing(String dataset) {
        reads.increment();
        absent.increment();
        if (!Load.isInPlace(dataset)) {
            partial.increment();
            tell("%s was not there, which is never replaced in place".formatted(dataset));
        }
    }

    /// The server was killed just then.
    void wasAway() {
        away.increment();
    }

    void couldNot(String dataset, Exception why) {
        reads.increment();
        failed.increment();
        tell("%s could not be read: %s".formatted(dataset, why));
    }

    /// Compares what was seen of a version with what its sources say.
    void judge(String dataset, int version, Map<String, Long> expected) {
        Seen seen = first.remove(key(dataset, version));
        if (seen != null && !seen.rows().equals(expected)) {
            (expected.keySet().containsAll(seen.rows().keySet()) ? partial : mixed).increment();
            tell("version %d of %s showed %s rows by job instead of %s"
                    .formatted(version, dataset, seen.rows(), expected));
        }
    }

    /// After everything was judged: versions that were seen and never published.
    void judgeTheRest() {
        first.forEach((key, seen) -> {
            mixed.increment();
            tell("%s was seen, and no commit made it: %s".formatted(key, seen.rows()));
        });
    }

    private void tell(String breach) {
        if (breaches.size() < MOST_TOLD) {
            breaches.add(breach);
        }
    }

    private static String key(String dataset, int version) {
        return dataset + " version " + version;
    }

    long reads() {
        return reads.sum();
    }

    Property property() {
        var all = new ArrayList<>(breaches);
        if (reads.sum() == 0) {
            all.add("nobody has read anything");
        }
        String words =
                "reads=%d mixed=%d partial=%d backwards=%d failed=%d (%d found nothing while a table was replaced in place)"
                        .formatted(
                                reads.sum(), mixed.sum(), partial.sum(), backwards.sum(), failed.sum(), absent.sum());
        return new Property(
                "readers",
                away.sum() == 0 ? words : words + " (%d while the server was down)".formatted(away.sum()),
                all);
    }
}
