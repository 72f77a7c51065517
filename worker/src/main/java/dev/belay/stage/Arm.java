package dev.belay.stage;

import dev.belay.job.CommitId;
import dev.belay.job.Epoch;
import dev.belay.job.Incarnation;
import dev.belay.job.Sha256;
import dev.belay.journal.Compensation;
import java.util.List;
import java.util.Optional;

/// Writes down what the attempt starts from and what it is going to do to shared data. Makes nothing itself.
public final class Arm implements Stage<Arm.Plan, Arm.Plan, Arm.Plan> {
    /// @param base        the head it starts from
    /// @param incarnation the dataset's, or the one it will get with its first version
    /// @param firstOfName whether there is no dataset of this name: never published, or dropped
    /// @param dictionary  digest of the live dictionary
    /// @param effects     the stages to come, in order
    public record Plan(
            Optional<CommitId> base,
            Incarnation incarnation,
            boolean firstOfName,
            Optional<Sha256> dictionary,
            List<String> effects)
            implements dev.belay.stage.Plan {}

    @Override
    public Plan plan(Plan input) {
        return input;
    }

    @Override
    public Plan apply(Plan plan, Plan input) {
        return plan;
    }

    @Override
    public Compensation compensate(Plan plan, Epoch epoch) {
        return new Compensation(Compensation.Result.NOTHING_TO_DO, "the plan was discarded");
    }
}
