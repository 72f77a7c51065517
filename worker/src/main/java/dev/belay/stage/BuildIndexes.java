package dev.belay.stage;

import dev.belay.datastore.Datastore;
import dev.belay.datastore.IndexPlan;
import dev.belay.datastore.Staged;
import dev.belay.datastore.StagingPlan;
import dev.belay.job.Epoch;
import dev.belay.job.JobFailure;
import dev.belay.journal.Compensation;
import java.util.List;

/// Makes the indexes on the staged table and seals it: durable, verified, final.
public final class BuildIndexes implements Stage<BuildIndexes.Input, BuildIndexes.Plan, Staged> {
    private final Datastore datastore;

    /// @param datastore where the table is staged
    public BuildIndexes(Datastore datastore) {
        this.datastore = datastore;
    }

    /// @param staging the staged table
    /// @param staged  its manifest so far
    /// @param indexes what to make
    public record Input(StagingPlan staging, Staged staged, List<IndexPlan> indexes) {}

    /// @param indexes what will be made
    public record Plan(List<IndexPlan> indexes) implements dev.belay.stage.Plan {}

    @Override
    public Plan plan(Input input) {
        return new Plan(input.indexes());
    }

    @Override
    public Staged apply(Plan plan, Input input) throws JobFailure {
        datastore.index(input.staging(), plan.indexes());
        return datastore.seal(input.staging(), input.staged());
    }

    @Override
    public Compensation compensate(Plan plan, Epoch epoch) {
        return new Compensation(Compensation.Result.NOTHING_TO_DO, "indexes go with the staged table");
    }
}
