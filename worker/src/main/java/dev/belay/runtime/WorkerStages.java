package dev.belay.runtime;

import dev.belay.datastore.Datastore;
import dev.belay.dedupe.DuplicateSearch;
import dev.belay.dictionary.Stash;
import dev.belay.format.Formats;
import dev.belay.parts.Cores;
import dev.belay.runtime.settings.Settings;
import dev.belay.saga.Stages;
import dev.belay.source.GuardedSource;
import dev.belay.stage.Arm;
import dev.belay.stage.BuildIndexes;
import dev.belay.stage.Dedupe;
import dev.belay.stage.DeleteLive;
import dev.belay.stage.Examine;
import dev.belay.stage.Fetch;
import dev.belay.stage.Prepare;
import dev.belay.stage.Publish;
import dev.belay.stage.Settle;
import dev.belay.stage.StageRows;
import dev.belay.stage.StashDictionary;
import dev.belay.stage.Workspace;
import dev.belay.tabular.DelimitedReader;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;

/// The stages as a worker has them; whoever measures them measures the same.
public final class WorkerStages {
    private WorkerStages() {}

    /// The stage that makes files readable, alone.
    public static Prepare prepare(Settings settings) {
        return new Prepare(new Formats(new RoomSettings(settings).formats()));
    }

    /// The stages over real stores.
    ///
    /// @param moreRoots folders that jobs may read local files from, besides those of the settings
    public static Stages over(Settings settings, Stores stores, Cores cores, List<Path> moreRoots) {
        var rooms = new RoomSettings(settings);
        InstantSource clock = InstantSource.system();
        Datastore datastore = stores.datastore();
        Stash stash = stores.stash();
        var workspace = new Workspace(rooms.folder().work());
        var examine = new Examine(new DelimitedReader(rooms.reading(), cores));
        var source = new GuardedSource(rooms.source(moreRoots), clock, new SecureRandom());
        return new Stages(
                new Fetch(source, workspace),
                prepare(settings),
                examine,
                rooms.rejects(),
                rooms.gate(),
                new Dedupe(examine, new DuplicateSearch(cores, settings.limits().dedupeBytes())),
                new StashDictionary(stash, datastore),
                new Arm(),
                new DeleteLive(datastore, stash, clock),
                new StageRows(datastore, examine, workspace),
                new BuildIndexes(datastore),
                new Publish(stores.pivot()),
                new Settle(datastore, stash, workspace, settings.versions().keep()));
    }
}
