package dev.belay.stage;

import dev.belay.datastore.Commit;
import dev.belay.datastore.CommitKind;
import dev.belay.datastore.DatasetState;
import dev.belay.datastore.Datastore;
import dev.belay.datastore.Presence;
import dev.belay.datastore.Provenance;
import dev.belay.datastore.Publication;
import dev.belay.datastore.PublishResult;
import dev.belay.datastore.Staged;
import dev.belay.datastore.StagedReading;
import dev.belay.datastore.StagingPlan;
import dev.belay.dictionary.Stash;
import dev.belay.dictionary.StashEntry;
import dev.belay.dictionary.StashReading;
import dev.belay.job.CommitId;
import dev.belay.job.DatasetId;
import dev.belay.job.Epoch;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.Fenced;
import dev.belay.job.Incarnation;
import dev.belay.job.JobFailure;
import dev.belay.job.OperationId;
import dev.belay.job.Place;
import dev.belay.job.Progress;
import dev.belay.job.Unavailable;
import dev.belay.journal.Compensation;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Deletes the live table and its dictionary to make room (`in-place`). Its compensation publishes the dataset again:
/// the stashed dictionary, zero rows.
public final class DeleteLive implements Stage<DeleteLive.Input, DeleteLive.Plan, DeleteLive.Plan> {
    private static final Logger LOG = LoggerFactory.getLogger(DeleteLive.class);

    private final Datastore datastore;
    private final Stash stash;
    private final InstantSource clock;

    /// @param datastore what is deleted from
    /// @param stash     where the dictionary is safe
    /// @param clock     dates the compensated state
    public DeleteLive(Datastore datastore, Stash stash, InstantSource clock) {
        this.datastore = datastore;
        this.stash = stash;
        this.clock = clock;
    }

    /// @param plan  what will be deleted
    /// @param epoch the claim under which it is
    public record Input(Plan plan, Epoch epoch) {}

    /// @param base        the head that is deleted
    /// @param revision    of the dictionary that is in the stash: a later edit stops the delete
    /// @param empty       how the compensated state would be staged: the base's columns, no rows, under the
    /// roll-back id
    /// @param provenance  what the compensated state comes from
    public record Plan(
            DatasetId dataset,
            OperationId operation,
            CommitId base,
            long revision,
            Incarnation incarnation,
            StagingPlan empty,
            Provenance provenance)
            implements dev.belay.stage.Plan {}

    @Override
    public Plan plan(Input input) {
        return input.plan();
    }

    /// Killed half-way the live table is there whole or not at all: the delete is one transaction.
    @Override
    public Plan apply(Plan plan, Input input) throws JobFailure {
        if (datastore.deleteLive(plan.dataset(), input.epoch(), plan.operation(), plan.base(), plan.revision())) {
            return plan;
        }
        throw new JobFailure(new Failure.Conflict(
                FailureCode.HEAD_MOVED,
                "another version or dictionary of %s was published meanwhile; nothing was deleted"
                        .formatted(plan.dataset()),
                Place.NONE));
    }

    @Override
    public Compensation compensate(Plan plan, Epoch epoch) {
        DatasetState now = datastore.state(plan.dataset());
        boolean emptiedByUs =
                now.presence() == Presence.EMPTIED && now.emptiedBy().equals(Optional.of(plan.operation()));
        if (!emptiedByUs) {
            // Perhaps published by one who died before the link had followed.
            exposeQuietly(plan.dataset());
            // Published before by one who was killed before the journal had it: a repair believes what it says here.
            return datastore
                    .commit(plan.operation().rollbackId())
                    .map(DeleteLive::restored)
                    .orElseGet(() -> new Compensation(Compensation.Result.NOTHING_TO_DO, "the live table is there"));
        }
        StashEntry kept = keptDictionary(plan);
        if (kept == null) {
            return new Compensation(
                    Compensation.Result.FAILED, "the stashed dictionary cannot be read: see `belay stash list`");
        }
        try {
            return publishEmpty(plan, epoch, now, kept);
        } catch (JobFailure failed) {
            return new Compensation(Compensation.Result.FAILED, String.valueOf(failed.getMessage()));
        }
    }

    private Compensation publishEmpty(Plan plan, Epoch epoch, DatasetState now, StashEntry kept) throws JobFailure {
        Staged manifest = stagedEmpty(plan, epoch);
        var publication = new Publication(
                plan.empty(),
                manifest,
                CommitKind.ROLLBACK,
                epoch,
                plan.incarnation(),
                kept.dictionary(),
                now.dictionaryRevision(),
                plan.provenance(),
                "{}",
                clock.instant());
        PublishResult result = datastore.publish(publication);
        return switch (result) {
            case PublishResult.Published published -> {
                exposeQuietly(plan.dataset());
                yield restored(published.commit());
            }
            case PublishResult.BaseMoved _,
                    PublishResult.IncarnationChanged _,
                    PublishResult.DictionaryMoved _,
                    PublishResult.Superseded _ ->
                new Compensation(
                        Compensation.Result.FAILED, "the dataset changed while it was being restored: " + result);
        };
    }

    private static Compensation restored(Commit commit) {
        return new Compensation(
                Compensation.Result.DONE,
                "version %d was published: the dictionary as it was, no rows".formatted(commit.version()));
    }

    private void exposeQuietly(DatasetId dataset) {
        try {
            datastore.expose(dataset);
        } catch (IOException | Unavailable failed) {
            LOG.warn("the link to the newest version of {} is left to the sweep: {}", dataset, failed.getMessage());
        }
    }

    /// @throws JobFailure `UNVERIFIABLE` when something foreign stands under the name: someone must decide
    private Staged stagedEmpty(Plan plan, Epoch epoch) throws JobFailure {
        StagingPlan empty = plan.empty();
        return switch (datastore.staged(empty)) {
            case StagedReading.Whole(Staged manifest) -> undisturbed(plan, epoch, () -> manifest);
            case StagedReading.Absent() ->
                undisturbed(plan, epoch, () -> datastore.stage(empty, new NoRows(), Progress.SILENT));
            case StagedReading.Partial() -> {
                datastore.dropStaged(empty.dataset(), empty.operation());
                yield undisturbed(plan, epoch, () -> datastore.stage(empty, new NoRows(), Progress.SILENT));
            }
            case StagedReading.Foreign(String reason) ->
                throw new JobFailure(new Failure.Corrupt(FailureCode.UNVERIFIABLE, reason, Place.NONE));
        };
    }

    /// Stages and seals the empty version. Two recoverers of one attempt make it under one name: what fails because
    /// the other has made, sealed or dropped it meanwhile is no verdict on the dataset. It can all be made again.
    ///
    /// @throws Fenced      when the other one has taken over
    /// @throws Unavailable when it has been taken over, but still works on: the next recovery finds what is there
    private Staged undisturbed(Plan plan, Epoch epoch, Making making) {
        try {
            return datastore.seal(plan.empty(), making.staged());
        } catch (JobFailure | IOException | IllegalStateException disturbed) {
            Epoch fence = datastore.state(plan.dataset()).fence();
            if (fence.compareTo(epoch) > 0) {
                throw new Fenced(plan.dataset(), epoch, fence);
            }
            throw new Unavailable(
                    new Failure.Transient(
                            FailureCode.STORE_UNAVAILABLE,
                            "another worker is restoring %s at the same time: %s"
                                    .formatted(plan.dataset(), disturbed.getMessage()),
                            Place.NONE),
                    disturbed);
        }
    }

    /// Makes what is to be sealed.
    @FunctionalInterface
    private interface Making {
        Staged staged() throws JobFailure, IOException;
    }

    private @org.jspecify.annotations.Nullable StashEntry keptDictionary(Plan plan) {
        for (StashReading reading : stash.read(plan.dataset())) {
            if (reading instanceof StashReading.Held held
                    && held.entry().operation().equals(plan.operation())) {
                return held.entry();
            }
        }
        return null;
    }
}
