package dev.belay.stage;

import dev.belay.datastore.Datastore;
import dev.belay.dictionary.Stash;
import dev.belay.job.DatasetId;
import dev.belay.job.OperationId;
import dev.belay.job.Unavailable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

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
        // The attempt's own copy only: another's may be all there is of a dictionary. What else is left over is swept.
        attempt("old versions are", () -> datastore.retire(dataset, keepVersions), warnings);
        attempt("the copy of the dictionary is", () -> stash.clear(dataset, operation), warnings);
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

    /// Removes an ended attempt's private files.
    public void discard(OperationId operation) {
        workspace.remove(operation);
    }

    /// The attempts that have private files here.
    public List<OperationId> workspaces() {
        return workspace.operations();
    }
}
