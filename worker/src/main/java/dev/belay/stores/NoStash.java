package dev.belay.stores;

import dev.belay.dictionary.Stash;
import dev.belay.dictionary.StashEntry;
import dev.belay.dictionary.StashReading;
import dev.belay.job.DatasetId;
import dev.belay.job.OperationId;
import java.util.List;

/// The stash of a database in which nobody has made one yet, for those that only look.
final class NoStash implements Stash {
    @Override
    public void put(StashEntry entry) {
        throw new IllegalStateException("whoever only looks puts nothing into a stash");
    }

    @Override
    public List<StashReading> read(DatasetId dataset) {
        return List.of();
    }

    @Override
    public List<StashReading> list() {
        return List.of();
    }

    @Override
    public boolean clear(DatasetId dataset, OperationId operation) {
        return false;
    }

    @Override
    public boolean resolve(StashReading.Corrupt corrupt) {
        return false;
    }
}
