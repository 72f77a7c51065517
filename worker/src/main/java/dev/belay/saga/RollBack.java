package dev.belay.saga;

import dev.belay.job.Epoch;
import dev.belay.job.Unavailable;
import dev.belay.journal.Claim;
import dev.belay.journal.Compensation;
import dev.belay.journal.Entry;
import dev.belay.journal.Journal;
import dev.belay.stage.Arm;
import dev.belay.stage.BuildIndexes;
import dev.belay.stage.DeleteLive;
import dev.belay.stage.Fetch;
import dev.belay.stage.Publish;
import dev.belay.stage.StageRows;
import dev.belay.stage.StashDictionary;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Goes back: compensates every effect of an attempt in reverse order.
///
/// The decision is in the journal already. Each compensation is idempotent and its result is written after it ran, so a
/// crash anywhere in between leads to the same end. One that fails does not keep the others from running.
final class RollBack {
    private final Journal journal;
    private final Stages stages;

    RollBack(Journal journal, Stages stages) {
        this.journal = journal;
        this.stages = stages;
    }

    /// @param stage  whose effect it was
    /// @param result what its compensation did
    record Undone(String stage, Compensation result) {}

    /// Compensates all effects, the last one first.
    ///
    /// @return what was done, in that order; a FAILED one means that someone must decide
    /// @throws Unavailable when a store cannot be used just now, after all the others were compensated
    List<Undone> undo(Claim claim, List<PlannedEffect> effects) {
        var results = new ArrayList<Undone>();
        Unavailable outage = null;
        for (PlannedEffect effect : effects.reversed()) {
            try {
                Compensation result = remembered(effect, compensate(effect, claim.epoch()));
                if (!isUndone(effect)) {
                    journal.record(claim, List.of(new Entry.Undone(effect.ordinal(), result)));
                }
                results.add(new Undone(Journaled.stageOf(effect.plan()), result));
            } catch (Unavailable failed) {
                outage = first(outage, failed);
            }
        }
        if (outage != null) {
            throw outage;
        }
        return results;
    }

    private Compensation compensate(PlannedEffect effect, Epoch epoch) {
        return switch (effect.plan()) {
            case Fetch.Plan plan -> stages.fetch().compensate(plan, epoch);
            case StashDictionary.Plan plan -> stages.stash().compensate(plan, epoch);
            case Arm.Plan plan -> stages.arm().compensate(plan, epoch);
            case DeleteLive.Plan plan -> stages.deleteLive().compensate(plan, epoch);
            case StageRows.Plan plan -> stages.stageRows().compensate(plan, epoch);
            case BuildIndexes.Plan plan -> stages.buildIndexes().compensate(plan, epoch);
            case Publish.Plan plan -> stages.publish().compensate(plan, epoch);
        };
    }

    /// Compensated before, perhaps by another worker: done once more for safety, but not told twice.
    private static boolean isUndone(PlannedEffect effect) {
        return effect.undone()
                .filter(before -> before.result() != Compensation.Result.FAILED)
                .isPresent();
    }

    /// What was done before a crash is what people are told, not that the second time there was nothing left to
    /// do.
    private static Compensation remembered(PlannedEffect effect, Compensation now) {
        return effect.undone()
                .filter(before -> before.result() == Compensation.Result.DONE
                        && now.result() == Compensation.Result.NOTHING_TO_DO)
                .orElse(now);
    }

    private static Unavailable first(@Nullable Unavailable earlier, Unavailable later) {
        return earlier == null ? later : earlier;
    }
}
