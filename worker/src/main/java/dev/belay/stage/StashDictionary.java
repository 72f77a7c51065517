package dev.belay.stage;

import dev.belay.datastore.Datastore;
import dev.belay.dictionary.Stash;
import dev.belay.dictionary.StashEntry;
import dev.belay.job.DatasetId;
import dev.belay.job.Epoch;
import dev.belay.job.OperationId;
import dev.belay.journal.Compensation;

/// Copies the live dictionary to safety before anything could destroy it. A failed copy stops the job before any
/// delete.
public final class StashDictionary implements Stage<StashEntry, StashDictionary.Plan, StashEntry> {
    private final Stash stash;
    private final Datastore datastore;

    /// @param stash     where the copy goes
    /// @param datastore asked, when going back, whether the live dictionary is still there
    public StashDictionary(Stash stash, Datastore datastore) {
        this.stash = stash;
        this.datastore = datastore;
    }

    /// Whose copy it is.
    public record Plan(DatasetId dataset, OperationId operation) implements dev.belay.stage.Plan {}

    @Override
    public Plan plan(StashEntry input) {
        return new Plan(input.dataset(), input.operation());
    }

    @Override
    public StashEntry apply(Plan plan, StashEntry input) {
        stash.put(input);
        return input;
    }

    /// Removes the copy only while a live dictionary is visible: else the copy is all there is.
    @Override
    public Compensation compensate(Plan plan, Epoch epoch) {
        if (datastore.state(plan.dataset()).dictionary().isEmpty()) {
            return new Compensation(
                    Compensation.Result.NOTHING_TO_DO, "the copy of the dictionary is kept: there is no live one");
        }
        return stash.clear(plan.dataset(), plan.operation())
                ? new Compensation(Compensation.Result.DONE, "the live dictionary is as it was; its copy was removed")
                : new Compensation(Compensation.Result.NOTHING_TO_DO, "there was no copy of the dictionary");
    }
}
