package dev.belay.stage;

import dev.belay.datastore.Datastore;
import dev.belay.dictionary.Stash;
import dev.belay.dictionary.StashReading;
import dev.belay.job.DatasetId;
import dev.belay.job.Incarnation;
import dev.belay.job.OperationId;
import dev.belay.job.Unavailable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What follows a publication: the link to the newest version, and removal of what is not needed any more.
///
/// Only forward: a failure here never takes back good data, it becomes a warning and is done again by the next sweep.
public final class Settle {
    private final Datastore datastore;
    private final Stash stash;
    private final Workspace workspace;
    private final int keepVersions;

    /// @param keepVersions how many versions keep their data, at least 1
    public Settle(Datastore datastore, Stash stash, Workspace workspace, int keepVersions) {
        this.datastore = datastore;
        this.stash = stash;
        this.workspace = workspace;
        this.keepVersions = keepVersions;
    }

    /// Describes what is published and retires what led to it. Idempotent.
    ///
    /// @return warnings, none when all went well
    public List<String> settle(DatasetId dataset, OperationId operation) {
        var warnings = new ArrayList<String>();
        try {
            datastore.expose(dataset);
        } catch (IOException | Unavailable failed) {
            warnings.add("the link to the newest version could not be moved: " + failed.getMessage());
        }
        try {
            datastore.retire(dataset, keepVersions);
            clearStashes(dataset);
            workspace.remove(operation);
        } catch (Unavailable failed) {
            warnings.add("something is left over and will be swept later: " + failed.getMessage());
        }
        return warnings;
    }

    /// Removes an ended attempt's private files.
    public void discard(OperationId operation) {
        workspace.remove(operation);
    }

    /// The publication contains every dictionary that was held for the dataset, so no copy is needed any more.
    private void clearStashes(DatasetId dataset) {
        Optional<Incarnation> incarnation = datastore.state(dataset).incarnation();
        for (StashReading reading : stash.read(dataset)) {
            if (reading instanceof StashReading.Held held
                    && incarnation.equals(Optional.of(held.entry().incarnation()))) {
                stash.clear(dataset, held.entry().operation());
            }
        }
    }
}
