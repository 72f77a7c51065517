package dev.belay.saga;

import dev.belay.job.JobFailure;
import dev.belay.journal.Claim;
import dev.belay.journal.Entry;
import dev.belay.journal.Journal;
import dev.belay.stage.Plan;
import dev.belay.stage.Stage;
import dev.belay.stage.Watch;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Carries one attempt from stage to stage: the plan is in the journal before the stage is applied.
///
/// What came of a stage is written together with the next plan, in one transaction: until then a crash finds the plan
/// without an output, which is all that going back needs. Used by one thread.
final class AttemptLog {
    private final Journal journal;
    private final Claim claim;
    private final InstantSource clock;
    private final JobListener listener;
    private final StopSignal stop;
    private final List<PlannedEffect> planned = new ArrayList<>();
    private final List<Entry> pending = new ArrayList<>();
    private final Map<String, Long> millis = new LinkedHashMap<>();
    private @Nullable String running;
    private long started;

    AttemptLog(Journal journal, Claim claim, InstantSource clock, JobListener listener, StopSignal stop) {
        this.journal = journal;
        this.claim = claim;
        this.clock = clock;
        this.listener = listener;
        this.stop = stop;
    }

    /// Plans, journals and applies one stage.
    <I, P extends Plan, O> O step(Stage<I, P, O> stage, I input) throws JobFailure {
        P plan = stage.plan(input);
        int ordinal = write(plan, List.of());
        return timed(Journaled.stageOf(plan), () -> {
            O output = stage.apply(plan, input);
            pending.add(new Entry.Done(ordinal, Journaled.json(output)));
            return output;
        });
    }

    /// Journals the plan that makes the attempt armed: all that follows may touch shared data.
    void arm(Plan plan) throws JobFailure {
        write(plan, List.of(new Entry.Armed()));
    }

    /// Journals the plan of the pivot: all that comes before it is done, and whoever finds this may go forward.
    void confirm(Plan plan) throws JobFailure {
        write(plan, List.of(new Entry.Confirmed()));
    }

    /// A step that makes nothing durable, timed and announced like a stage.
    <O> O timed(String stage, Step<O> step) throws JobFailure {
        listener.stageStarted(claim.operation(), stage);
        started = clock.millis();
        running = stage;
        O output;
        try {
            output = step.take();
            millis.put(stage, clock.millis() - started);
        } finally {
            running = null;
        }
        listener.stageDone(claim.operation(), stage);
        return output;
    }

    /// What follows the publication is announced like a stage and not timed: no receipt can know of it that is written
    /// with the publication.
    void afterwards(String stage, Runnable step) {
        listener.stageStarted(claim.operation(), stage);
        step.run();
        listener.stageDone(claim.operation(), stage);
    }

    /// Watches a stage that counts in the given unit.
    Watch watch(String stage, String unit) {
        return new Watch(
                (done, total) -> listener.progress(claim.operation(), stage, done, total, unit), stop::isRaised);
    }

    /// The effects so far, in order.
    List<PlannedEffect> planned() {
        return List.copyOf(planned);
    }

    /// How long each stage took, in the order they ran; the one that is running, until now.
    Map<String, Long> millis() {
        var all = new LinkedHashMap<>(millis);
        if (running != null) {
            all.put(running, clock.millis() - started);
        }
        return Collections.unmodifiableMap(all);
    }

    private int write(Plan plan, List<Entry> more) throws JobFailure {
        if (stop.isRaised()) {
            throw Watch.stopped();
        }
        int ordinal = planned.size() + 1;
        var entries = new ArrayList<>(pending);
        entries.add(new Entry.Planned(ordinal, Journaled.stageOf(plan), Journaled.sealed(plan)));
        entries.addAll(more);
        planned.add(new PlannedEffect(ordinal, plan, Optional.empty()));
        journal.record(claim, entries);
        pending.clear();
        return ordinal;
    }

    /// Something that may fail as a job fails.
    @FunctionalInterface
    interface Step<O> {
        O take() throws JobFailure;
    }
}
