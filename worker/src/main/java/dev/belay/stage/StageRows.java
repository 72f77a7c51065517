package dev.belay.stage;

import dev.belay.datastore.Commit;
import dev.belay.datastore.Datastore;
import dev.belay.datastore.Staged;
import dev.belay.datastore.StagingPlan;
import dev.belay.dedupe.Duplicates;
import dev.belay.disk.StorageFailures;
import dev.belay.job.Epoch;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.OperationId;
import dev.belay.job.TypedTable;
import dev.belay.job.Unavailable;
import dev.belay.journal.Compensation;
import dev.belay.tabular.Drafting;
import dev.belay.tabular.TableProfile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// Builds the staged table beside what is live.
public final class StageRows implements Stage<StageRows.Input, StageRows.Plan, Staged> {
    private final Datastore datastore;
    private final Examine examine;
    private final Workspace workspace;

    /// @param datastore where it is staged
    /// @param examine   gives the rows that were examined once more
    /// @param workspace where it is drafted
    public StageRows(Datastore datastore, Examine examine, Workspace workspace) {
        this.datastore = datastore;
        this.examine = examine;
        this.workspace = workspace;
    }

    /// What may be written of a file while it is examined: private to the attempt, in its workspace, gone when closed.
    public Drafting drafting(OperationId operation) {
        return new Drafting(columns -> datastore.draft(workspace.draftFile(operation), columns));
    }

    /// What is staged from what.
    ///
    /// @param staging its name, columns and base
    /// @param rows    where its rows come from
    public record Input(StagingPlan staging, Rows rows, Watch watch) {}

    /// Where rows come from.
    public sealed interface Rows {
        /// The fetched file as it was examined.
        ///
        /// @param duplicates records of it that are left out, if they were looked for
        /// @param drafting   what was written of it meanwhile
        record OfFile(Path file, TableProfile profile, Optional<Duplicates> duplicates, Drafting drafting)
                implements Rows {
            /// All of it.
            public static OfFile whole(Path file, TableProfile profile, Drafting drafting) {
                return new OfFile(file, profile, Optional.empty(), drafting);
            }

            static OfFile without(Path file, TableProfile profile, Duplicates duplicates) {
                return new OfFile(file, profile, Optional.of(duplicates), Drafting.NONE);
            }
        }

        /// An earlier version.
        record OfCommit(Commit earlier) implements Rows {}
    }

    /// @param staging the staged table's name and shape
    public record Plan(StagingPlan staging) implements dev.belay.stage.Plan {}

    @Override
    public Plan plan(Input input) {
        return new Plan(input.staging());
    }

    /// Killed half-way there is a partial staged table under the plan's name, or none.
    @Override
    public Staged apply(Plan plan, Input input) throws JobFailure {
        return switch (input.rows()) {
            case Rows.OfCommit(Commit earlier) -> datastore.stageCopy(plan.staging(), earlier);
            case Rows.OfFile source -> {
                Staged staged = staged(plan.staging(), source, input.watch());
                refuseUnbalanced(source.profile(), staged);
                yield staged;
            }
        };
    }

    @Override
    public Compensation compensate(Plan plan, Epoch epoch) {
        return datastore.dropStaged(plan.staging().dataset(), plan.staging().operation())
                ? new Compensation(Compensation.Result.DONE, "the staged table was dropped")
                : new Compensation(Compensation.Result.NOTHING_TO_DO, "there was no staged table");
    }

    private Staged staged(StagingPlan plan, Rows.OfFile source, Watch watch) throws JobFailure {
        try (TypedTable all = examine.rows(source.file(), source.profile(), watch, source.drafting())) {
            TypedTable rows =
                    source.duplicates().isPresent() ? source.duplicates().get().leftOutOf(all) : all;
            return datastore.stage(plan, rows, watch.progress());
        } catch (Watch.Stopped stopped) {
            throw Watch.stopped();
        } catch (IOException failed) {
            throw new Unavailable(StorageFailures.of(failed, source.file()), failed);
        }
    }

    /// Records in = loaded + rejected + deduplicated, for every job.
    private static void refuseUnbalanced(TableProfile profile, Staged staged) throws JobFailure {
        if (profile.records() != staged.loaded() + profile.rejected() + staged.deduplicated()) {
            throw JobFailure.permanent(
                    FailureCode.ROW_BALANCE,
                    "%d records were read, but %d loaded, %d rejected and %d deduplicated"
                            .formatted(profile.records(), staged.loaded(), profile.rejected(), staged.deduplicated()));
        }
    }
}
