package dev.belay.saga;

import dev.belay.datastore.Commit;
import dev.belay.datastore.DatasetState;
import dev.belay.datastore.Datastore;
import dev.belay.datastore.Presence;
import dev.belay.datastore.StagedReading;
import dev.belay.job.OperationId;
import dev.belay.journal.Attempt;
import dev.belay.journal.Phase;
import dev.belay.stage.Arm;
import dev.belay.stage.DeleteLive;
import dev.belay.stage.Plan;
import dev.belay.stage.Publish;
import dev.belay.stage.StageRows;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Tells by reading, never by guessing, what became of an attempt. Its dataset is claimed and fenced, so nothing
/// moves meanwhile.
final class Classifier {
    private final Datastore datastore;

    Classifier(Datastore datastore) {
        this.datastore = datastore;
    }

    /// The cases in the order of the protocol.
    Case classify(Attempt attempt, List<PlannedEffect> effects) {
        OperationId operation = attempt.operation();
        Optional<Commit> forward = datastore.commit(operation.commitId());
        Optional<Commit> rollback = datastore.commit(operation.rollbackId());
        if (forward.isPresent() && rollback.isPresent()) {
            return new Case.BothVisible();
        }
        Optional<Publish.Plan> publish = planned(effects, Publish.Plan.class);
        if (forward.isPresent()) {
            return publish.<Case>map(plan -> new Case.VisibleForward(forward.get(), plan))
                    .orElseGet(() -> new Case.Unverifiable("commit %s is published, but the journal has no plan for it"
                            .formatted(operation.commitId())));
        }
        if (rollback.isPresent()) {
            return new Case.VisibleRollback(rollback.get());
        }
        return unpublished(attempt, effects, publish);
    }

    private Case unpublished(Attempt attempt, List<PlannedEffect> effects, Optional<Publish.Plan> publish) {
        Optional<Arm.Plan> armed = planned(effects, Arm.Plan.class);
        if (armed.isEmpty()) {
            return new Case.NoEffect();
        }
        DatasetState now = datastore.state(attempt.dataset());
        // An attempt that found the name free starts a dataset of its own: that the old one is dropped is no news.
        boolean stillFree = now.presence() == Presence.UNKNOWN || now.presence() == Presence.DROPPED;
        if (now.presence() == Presence.DROPPED && !armed.get().firstOfName()) {
            return new Case.DatasetGone();
        }
        boolean sameIncarnation = (stillFree && armed.get().firstOfName())
                || now.incarnation().equals(Optional.of(armed.get().incarnation()));
        if (!sameIncarnation) {
            return new Case.IncarnationChanged();
        }
        Optional<String> foreign = foreign(effects);
        if (foreign.isPresent()) {
            return new Case.Unverifiable(foreign.get());
        }
        if (attempt.phase() != Phase.CONFIRMED || publish.isEmpty()) {
            return new Case.Incomplete();
        }
        return confirmed(publish.get(), armed.get(), now, attempt.operation());
    }

    private Case confirmed(Publish.Plan plan, Arm.Plan armed, DatasetState now, OperationId operation) {
        boolean emptiedByUs =
                now.presence() == Presence.EMPTIED && now.emptiedBy().equals(Optional.of(operation));
        boolean unmoved = emptiedByUs || now.head().map(Commit::id).equals(armed.base());
        if (!unmoved) {
            return new Case.ConfirmedBaseMoved();
        }
        return switch (datastore.staged(plan.publication().staging())) {
            case StagedReading.Whole whole ->
                whole.manifest().digest().equals(plan.publication().manifest().digest())
                                && whole.manifest().rows()
                                        == plan.publication().manifest().rows()
                        ? new Case.ConfirmedBaseUnchanged(plan)
                        : new Case.Unverifiable("the staged table is not what was confirmed");
            case StagedReading.Foreign(String reason) -> new Case.Unverifiable(reason);
            // What was staged is gone although it was confirmed (a disk that lost it): nothing was published, so going
            // back is safe.
            case StagedReading.Absent _, StagedReading.Partial _ -> new Case.Incomplete();
        };
    }

    private Optional<String> foreign(List<PlannedEffect> effects) {
        return effects.stream()
                .map(PlannedEffect::plan)
                .flatMap(plan -> switch (plan) {
                    case StageRows.Plan rows -> Stream.of(datastore.staged(rows.staging()));
                    case DeleteLive.Plan delete -> Stream.of(datastore.staged(delete.empty()));
                    default -> Stream.<StagedReading>empty();
                })
                .filter(StagedReading.Foreign.class::isInstance)
                .map(reading -> ((StagedReading.Foreign) reading).reason())
                .findFirst();
    }

    private static <P extends Plan> Optional<P> planned(List<PlannedEffect> effects, Class<P> type) {
        return effects.stream()
                .map(PlannedEffect::plan)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst();
    }
}
