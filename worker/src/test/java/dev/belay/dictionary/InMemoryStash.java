package dev.belay.dictionary;

import dev.belay.job.DatasetId;
import dev.belay.job.Failure;
import dev.belay.job.OperationId;
import dev.belay.job.Unavailable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A stash in memory for story and crash tests; passes the port's contract. Can be told to refuse writes and to
/// damage
/// a
/// copy.
public final class InMemoryStash implements Stash {
    private record Key(DatasetId dataset, OperationId operation) {}

    // Guarded by this: dataset upwards, operation downwards.
    private final Map<Key, StashReading> copies =
            new TreeMap<>(Comparator.comparing(Key::dataset).thenComparing(Key::operation, Comparator.reverseOrder()));
    private final List<StashReading.Corrupt> setAside = new ArrayList<>();
    private Optional<Failure> refusal = Optional.empty();

    /// From now on every write fails like this.
    public synchronized void refuseWrites(Failure failure) {
        refusal = Optional.of(failure);
    }

    /// From now on writes succeed again.
    public synchronized void acceptWrites() {
        refusal = Optional.empty();
    }

    /// Makes a held copy one that does not match its digest.
    public synchronized void damage(DatasetId dataset, OperationId operation) {
        if (copies.remove(new Key(dataset, operation)) == null) {
            throw new IllegalArgumentException("there is no copy of " + dataset + " by " + operation);
        }
        setAside.add(new StashReading.Corrupt(
                dataset, "memory/" + operation + "." + setAside.size(), "its SHA-256 does not match its content"));
    }

    @Override
    public synchronized void put(StashEntry entry) {
        if (refusal.isPresent()) {
            throw new Unavailable(refusal.get(), new IOException("refused by the test"));
        }
        copies.put(new Key(entry.dataset(), entry.operation()), new StashReading.Held(entry));
    }

    @Override
    public synchronized List<StashReading> read(DatasetId dataset) {
        return list().stream()
                .filter(reading -> switch (reading) {
                    case StashReading.Held held -> held.entry().dataset().equals(dataset);
                    case StashReading.Corrupt corrupt -> corrupt.dataset().equals(dataset);
                })
                .toList();
    }

    @Override
    public synchronized List<StashReading> list() {
        List<StashReading> all = new ArrayList<>(copies.values());
        all.addAll(setAside);
        all.sort(Comparator.comparing(InMemoryStash::datasetOf)
                .thenComparing(InMemoryStash::operationOf, Comparator.reverseOrder()));
        return List.copyOf(all);
    }

    @Override
    public synchronized boolean clear(DatasetId dataset, OperationId operation) {
        return copies.remove(new Key(dataset, operation)) != null;
    }

    @Override
    public synchronized boolean resolve(StashReading.Corrupt corrupt) {
        return setAside.remove(corrupt);
    }

    private static DatasetId datasetOf(StashReading reading) {
        return switch (reading) {
            case StashReading.Held held -> held.entry().dataset();
            case StashReading.Corrupt corrupt -> corrupt.dataset();
        };
    }

    private static String operationOf(StashReading reading) {
        return switch (reading) {
            case StashReading.Held held -> held.entry().operation().value();
            case StashReading.Corrupt corrupt -> corrupt.where().substring("memory/".length());
        };
    }
}
