package dev.belay.stage;

import dev.belay.datastore.Datastore;
import dev.belay.dictionary.Stash;
import dev.belay.job.DatasetId;
import dev.belay.job.OperationId;
import dev.belay.job.Unavailable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What follows a publication: the link to the newest version, and removal of what is not needed any more.
///
/// Only forward: a failure here never takes back good data, it becomes a warning and is done again by the next sweep.
public final class Settle {
    private static final Logger LOG = LoggerFactory.getLogger(Settle.class);

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
        // The attempt's own copy only: another's may be all there is of a dictionary. What else is left over is swept.
        attempt("an old version or the copy of the dictionary is", () -> putAway(dataset, operation), warnings);
        attempt("the fetched file is", () -> workspace.remove(operation), warnings);
        return warnings;
    }

    private static void attempt(String leftOver, Runnable removal, List<String> warnings) {
        try {
            removal.run();
        } catch (Unavailable failed) {
            warnings.add(leftOver + " left over and will be swept later: " + failed.getMessage());
        }
    }

    /// Removes old versions, then the attempt's copy of the dictionary, by which the sweep sees until then that there
    /// is something to put away.
    ///
    /// @return whether there was a copy
    public boolean putAway(DatasetId dataset, OperationId operation) {
        datastore.retire(dataset, keepVersions);
        return stash.clear(dataset, operation);
    }

    /// The same for an attempt that has ended: its receipt is written, so what goes wrong is logged.
    public void settleAfterEnd(DatasetId dataset, OperationId operation) {
        for (String warning : settle(dataset, operation)) {
            LOG.warn("after attempt {} of {}: {}", operation, dataset, warning);
        }
    }

    /// Removes an ended attempt's private files.
    public void discard(OperationId operation) {
        workspace.remove(operation);
    }

    /// The attempts that have private files here.
    public List<OperationId> workspaces() {
        return workspace.operations();
    }
}
