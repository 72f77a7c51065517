package dev.belay.powercut;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// How many cuts a test makes, where and by which seed: few by default, a series by `-Dbelay.cuts=N`,
/// `-Dbelay.cuts.fs=xfs|ext4` and `-Dbelay.seed=S`.
final class Cuts {
    private Cuts() {}

    static int of(int usual) {
        return Integer.getInteger("belay.cuts", usual);
    }

    /// Random on purpose: it is printed, and given again by `-Dbelay.seed`.
    static long seed() {
        return Long.getLong("belay.seed", System.nanoTime());
    }

    /// The file system to cut, which is enough for every build; in a series those that [#kinds()] says.
    static List<PowerCutDisk.Kind> kinds(PowerCutDisk.Kind usual) {
        boolean series = System.getProperty("belay.cuts") != null || System.getProperty("belay.cuts.fs") != null;
        return series ? kinds() : List.of(usual);
    }

    /// The file systems to cut.
    static List<PowerCutDisk.Kind> kinds() {
        String wanted = System.getProperty("belay.cuts.fs", "");
        return Stream.of(PowerCutDisk.Kind.values())
                .filter(kind -> wanted.isEmpty() || kind.name().equals(wanted.toUpperCase(Locale.ROOT)))
                .toList();
    }
}
