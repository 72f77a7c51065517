package dev.belay.stage;

import dev.belay.job.Epoch;
import dev.belay.job.JobFailure;
import dev.belay.journal.Compensation;

/// One step of an attempt that makes something durable.
///
/// @param <I> what it works on
/// @param <P> what it says beforehand
/// @param <O> what came of it
public interface Stage<I, P extends Plan, O> {
    /// Names what will be made; touches nothing.
    P plan(I input);

    /// Makes it. The plan is in the journal.
    ///
    /// @throws JobFailure when it cannot; what was made so far is removed by [#compensate]
    /// @throws dev.belay.job.Unavailable when a store cannot be used: not known what took effect
    /// @throws dev.belay.job.Fenced      when someone else has claimed the dataset
    O apply(P plan, I input) throws JobFailure;

    /// Removes whatever may be there. Idempotent; needs only the plan and the right to decide now.
    ///
    /// @param epoch the claim under which it is compensated, perhaps by another worker
    /// @throws dev.belay.job.Unavailable when it cannot just now
    /// @throws dev.belay.job.Fenced      when someone else has claimed the dataset
    Compensation compensate(P plan, Epoch epoch);
}
