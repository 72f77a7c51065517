package dev.belay.saga;

import dev.belay.datastore.Commit;
import dev.belay.datastore.CommitKind;
import dev.belay.datastore.DatasetState;
import dev.belay.datastore.Datastore;
import dev.belay.datastore.IndexPlan;
import dev.belay.datastore.Presence;
import dev.belay.datastore.Provenance;
import dev.belay.datastore.Publication;
import dev.belay.datastore.PublishResult;
import dev.belay.datastore.Staged;
import dev.belay.datastore.StagingPlan;
import dev.belay.dedupe.Sameness;
import dev.belay.dictionary.DictionaryMerge;
import dev.belay.dictionary.DictionaryMerge.Merged;
import dev.belay.dictionary.Stash;
import dev.belay.dictionary.StashEntry;
import dev.belay.format.Prepared;
import dev.belay.job.Column;
import dev.belay.job.DatasetId;
import dev.belay.job.DictionaryDocument;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.IdSource;
import dev.belay.job.Incarnation;
import dev.belay.job.JobFailure;
import dev.belay.job.JobRequest;
import dev.belay.job.JobSource;
import dev.belay.job.Mode;
import dev.belay.job.Place;
import dev.belay.job.PublishStrategy;
import dev.belay.job.Sha256;
import dev.belay.job.SourcePosition;
import dev.belay.journal.Claim;
import dev.belay.journal.Decision;
import dev.belay.journal.Ending;
import dev.belay.pivot.Pivot;
import dev.belay.screen.Screening;
import dev.belay.stage.Arm;
import dev.belay.stage.BuildIndexes;
import dev.belay.stage.Dedupe;
import dev.belay.stage.DeleteLive;
import dev.belay.stage.Examine;
import dev.belay.stage.Fetch;
import dev.belay.stage.Findings;
import dev.belay.stage.Gate;
import dev.belay.stage.Prepare;
import dev.belay.stage.Publish;
import dev.belay.stage.StageRows;
import dev.belay.stage.Watch;
import dev.belay.tabular.Dialect;
import dev.belay.tabular.Drafting;
import dev.belay.tabular.TableProfile;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One attempt from its first stage to the pivot, as a straight story. What it throws, the saga takes back.
final class AttemptStory {
    private final Datastore datastore;
    private final Stash stash;
    private final Stages stages;
    private final InstantSource clock;
    private final IdSource ids;

    AttemptStory(Datastore datastore, Stash stash, Stages stages, InstantSource clock, IdSource ids) {
        this.datastore = datastore;
        this.stash = stash;
        this.stages = stages;
        this.clock = clock;
        this.ids = ids;
    }

    /// Whose attempt it is and what it may do.
    ///
    /// @param position where the job's original message stands
    /// @param number   which attempt of the job
    /// @param decision the word on the job's last review, if there was one
    /// @param words    say how it ends when it has published
    record Cast(
            JobRequest request,
            SourcePosition position,
            Claim claim,
            int number,
            Optional<Decision> decision,
            Words words) {}

    /// Words the ending of an attempt that has published.
    @FunctionalInterface
    interface Words {
        /// @param millis how long each stage took so far, the publication included
        Ending completed(Commit commit, Findings findings, Map<String, Long> millis);
    }

    /// How the story ends when nothing fails.
    sealed interface End {
        /// A version is the head now.
        record Landed(Commit commit, Findings findings) implements End {}

        /// A version is the head now, and the attempt has ended with it.
        record Over() implements End {}

        /// What is served was made from the very same.
        record Unchanged(Commit served, Findings findings) implements End {}

        /// The gate is shut; there are private files only.
        record Refused(Failure failure, Findings findings) implements End {}

        /// A dry run knows what the job would do; there are private files only.
        record Planned(DryPlan plan, Findings findings) implements End {}

        /// A person has to decide; there are private files only.
        record Asked(Gate.Passage.Ask ask) implements End {}

        /// A newer job has published; nothing was made that is not taken back.
        record Outdated(Commit newer) implements End {}
    }

    /// Tells it.
    ///
    /// @throws JobFailure when the attempt cannot succeed
    /// @throws dev.belay.job.Unavailable when a store cannot be used: nobody knows what took effect
    /// @throws dev.belay.job.Fenced when someone else has claimed the dataset
    End tell(Cast cast, AttemptLog log) throws JobFailure {
        // A dry run keeps nobody from anything: it touches nothing that a fence protects.
        if (!cast.request().dryRun()) {
            datastore.fence(cast.claim().dataset(), cast.claim().epoch());
        }
        DatasetState before = datastore.state(cast.claim().dataset());
        Optional<Commit> newer = newerThan(cast.request().mode(), cast.position(), before);
        if (newer.isPresent()) {
            return new End.Outdated(newer.get());
        }
        Curated curated = Curated.of(before, stash, datastore);
        return switch (cast.request().source()) {
            case JobSource.Url url -> {
                try (Drafting drafting = drafting(cast)) {
                    yield fromFile(cast, log, before, curated, url, drafting);
                } catch (JobFailure failed) {
                    throw stages.gate().screening(cast.request()).isPresent() ? ScreenedFailure.of(failed) : failed;
                }
            }
            case JobSource.Version version -> fromVersion(cast, log, before, version);
        };
    }

    /// A table that replaces what is there may be written while it is examined, where every row of it is wanted.
    private Drafting drafting(Cast cast) {
        JobRequest request = cast.request();
        boolean wanted = request.mode() == Mode.REPLACE && request.dedupe().isEmpty() && !request.dryRun();
        return wanted ? stages.stageRows().drafting(cast.claim().operation()) : Drafting.NONE;
    }

    private End fromFile(
            Cast cast, AttemptLog log, DatasetState before, Curated curated, JobSource.Url url, Drafting drafting)
            throws JobFailure {
        Fetch.Output fetched = log.step(
                stages.fetch(),
                new Fetch.Input(
                        cast.claim().operation(),
                        url,
                        log.watch("fetch", "bytes").progress()));
        Sha256 digest = fetched.fetched().digest();
        Sha256 basis = Basis.of(
                cast.request(), curated.wishes(cast.request()), stages.gate().basis(cast.request()), digest);
        var found = new Findings(
                fetched.fetched().length(),
                Optional.of(digest),
                0,
                0,
                List.of(),
                List.of(),
                fetched.fetched().warnings(),
                List.of(),
                Optional.empty());
        Optional<Commit> same = servedFrom(basis, cast.request().mode(), before);
        if (same.isPresent()) {
            return new End.Unchanged(same.get(), found);
        }
        Legible legible = log.timed("detect", () -> {
            Prepared prepared = stages.prepare().prepare(fetched, cast.request().read(), log.watch("detect", "bytes"));
            return new Legible(prepared, stages.examine().detect(prepared.file(), prepared.read()));
        });
        Examined seen = log.timed(
                "profile", () -> told(cast, digest, examined(cast, log, fetched, legible, curated, drafting)));
        Examined examined = stages.gate().screening(cast.request()).isPresent() ? seen.masked() : seen;
        Examine.refuseMisfits(
                examined.profile(),
                cast.request().overridePolicy(),
                cast.request().dataset().value());
        Examine.refuseTooManyRejects(examined.profile(), cast.request().maxRejectedRatio());
        Material material = Material.ofFile(
                fetched, examined.prepared(), examined.profile(), basis, cast.request(), before, drafting);
        Optional<Sameness> sameness = sameness(cast.request(), material.target());
        return switch (stages.gate().judge(cast.request(), examined.profile().findings(), digest, cast.decision())) {
            case Gate.Passage.Open(List<String> warnings) ->
                load(cast, log, before, distinct(cast, log, examined, sameness, material.warned(warnings)));
            // A dry run asks nobody: it says that the job would.
            case Gate.Passage.Ask ask
            when cast.request().dryRun() ->
                load(cast, log, before, distinct(cast, log, examined, sameness, material.warned(ask.warnings())));
            case Gate.Passage.Ask ask -> new End.Asked(ask);
            case Gate.Passage.Shut(Failure failure) -> new End.Refused(failure, material.found());
        };
    }

    private record Legible(Prepared prepared, Dialect dialect) {}

    private record Examined(Prepared prepared, TableProfile profile) {
        Examined masked() {
            return new Examined(prepared, profile.masked());
        }
    }

    /// When two records are the same, if the job wants to know; asked before anyone is, and before anything is made.
    private static Optional<Sameness> sameness(JobRequest request, TargetColumns target) throws JobFailure {
        return request.dedupe().isPresent()
                ? Optional.of(target.sameness(request.dedupe().get()))
                : Optional.empty();
    }

    private Material distinct(Cast cast, AttemptLog log, Examined examined, Optional<Sameness> same, Material material)
            throws JobFailure {
        if (same.isEmpty() || !(material.rows() instanceof StageRows.Rows.OfFile all)) {
            return material;
        }
        var input = new Dedupe.Input(cast.claim().operation(), examined.prepared(), all.profile(), same.get());
        return material.without(log.timed("dedupe", () -> stages.dedupe().search(input, log.watch("dedupe", "rows"))));
    }

    /// Keeps what was rejected, of a job that will fail too; a dry run touches nothing. What a shut gate keeps
    /// out is kept nowhere, not even as rejected records.
    private Examined told(Cast cast, Sha256 digest, Examined examined) {
        boolean opens = stages.gate().judge(cast.request(), examined.profile().findings(), digest, cast.decision())
                instanceof Gate.Passage.Open;
        return cast.request().dryRun() || !opens
                ? examined
                : new Examined(
                        examined.prepared(),
                        stages.rejects()
                                .keep(
                                        cast.request().jobId(),
                                        examined.prepared().file(),
                                        examined.profile()));
    }

    /// Reads every byte, and once more where they show that the text is in another encoding than its samples.
    private Examined examined(
            Cast cast, AttemptLog log, Fetch.Output fetched, Legible legible, Curated curated, Drafting drafting)
            throws JobFailure {
        Watch watch = log.watch("profile", "bytes");
        Optional<Screening> screening = stages.gate().screening(cast.request());
        Prepared first = legible.prepared();
        TableProfile profile = stages.examine()
                .profile(first, legible.dialect(), curated.wishes(cast.request()), screening, watch, drafting);
        if (!Prepare.isInDoubt(first, cast.request().read(), profile)) {
            return new Examined(first, profile);
        }
        Prepared anew = stages.prepare().prepareAnew(fetched, cast.request().read(), watch);
        if (anew.kind() == Prepared.Kind.AS_IT_IS) {
            return new Examined(anew, profile);
        }
        Dialect dialect = stages.examine().detect(anew.file(), anew.read());
        return new Examined(
                anew,
                stages.examine().profile(anew, dialect, curated.wishes(cast.request()), screening, watch, drafting));
    }

    /// Looks at the earlier version's data before anything is deleted to make room for them.
    private End fromVersion(Cast cast, AttemptLog log, DatasetState before, JobSource.Version version)
            throws JobFailure {
        Commit earlier = datastore
                .commit(before.dataset(), version.number())
                .orElseThrow(() -> JobFailure.permanent(
                        FailureCode.VERSION_NOT_FOUND,
                        "%s has no version %d".formatted(before.dataset(), version.number())));
        if (!datastore.isIntact(earlier)) {
            throw JobFailure.permanent(
                    FailureCode.VERSION_NOT_FOUND,
                    "the data of version %d of %s are not kept any more".formatted(version.number(), before.dataset()));
        }
        if (before.head().map(Commit::id).equals(Optional.of(earlier.id()))) {
            return new End.Unchanged(earlier, Findings.NONE);
        }
        return load(cast, log, before, Material.ofCommit(earlier, before));
    }

    private End load(Cast cast, AttemptLog log, DatasetState planned, Material material) throws JobFailure {
        // Read once more: people may have edited the dictionary while the file was fetched and examined.
        DatasetState before = datastore.state(planned.dataset());
        if (!before.head().equals(planned.head())) {
            throw moved(planned.dataset());
        }
        Curated curated = Curated.of(before, stash, datastore);
        boolean inPlace = cast.request().publish() == PublishStrategy.IN_PLACE
                && cast.request().mode() == Mode.REPLACE
                && before.head().isPresent();
        StagingPlan staging = staging(cast, before, material);
        List<IndexPlan> indexes = staging.key().isEmpty() ? List.of() : List.of(new IndexPlan(staging.key(), true));
        Merged merged = DictionaryMerge.merge(curated.live(), curated.held(), staging.columns());
        if (cast.request().dryRun()) {
            return new End.Planned(
                    DryPlan.of(material, merged.dictionary()),
                    material.findings(merged, material.found().deduplicated(), cast.request()));
        }
        boolean firstOfName = before.incarnation().isEmpty() || before.presence() == Presence.DROPPED;
        Incarnation incarnation =
                firstOfName ? new Incarnation(ids.next()) : before.incarnation().orElseThrow();

        if (before.dictionary().isPresent() && before.head().isPresent()) {
            log.step(
                    stages.stash(),
                    copyOf(
                            cast,
                            before,
                            incarnation,
                            before.head().get(),
                            before.dictionary().get()));
        }
        log.arm(new Arm.Plan(
                before.head().map(Commit::id),
                incarnation,
                firstOfName,
                before.dictionary().map(DictionaryDocument::digest),
                inPlace ? List.of("delete-live", "stage", "index", "publish") : List.of("stage", "index", "publish")));
        if (inPlace) {
            log.step(stages.deleteLive(), deletion(cast, before, before.head().orElseThrow(), incarnation));
        }
        Staged staged =
                log.step(stages.stageRows(), new StageRows.Input(staging, material.rows(), log.watch("stage", "rows")));
        Staged sealed = log.step(stages.buildIndexes(), new BuildIndexes.Input(staging, staged, indexes));

        var publication = new Publication(
                staging,
                sealed,
                CommitKind.PUBLISH,
                cast.claim().epoch(),
                incarnation,
                merged.dictionary().toDocument(),
                before.dictionaryRevision(),
                material.provenance(cast),
                material.profileJson(),
                clock.instant());
        var plan = new Publish.Plan(publication, material.findings(merged, sealed.deduplicated(), cast.request()));
        log.confirm(plan);
        var end = new Pivot.End(
                cast.claim(), commit -> cast.words().completed(commit, plan.findings(), log.millis()), clock);
        return ending(plan, log.timed("publish", () -> stages.publish().apply(plan, new Publish.Input(plan, end))));
    }

    private static End ending(Publish.Plan plan, Pivot.Turn turn) throws JobFailure {
        return switch (turn) {
            case Pivot.Turn.Ended _ -> new End.Over();
            case Pivot.Turn.Open(PublishResult.Published(Commit commit)) -> new End.Landed(commit, plan.findings());
            case Pivot.Turn.Open(PublishResult.Superseded(Commit newer)) -> new End.Outdated(newer);
            case Pivot.Turn.Open(PublishResult.BaseMoved _),
                    Pivot.Turn.Open(PublishResult.IncarnationChanged _),
                    Pivot.Turn.Open(PublishResult.DictionaryMoved _) ->
                throw moved(plan.publication().staging().dataset());
        };
    }

    private static JobFailure moved(DatasetId dataset) {
        return new JobFailure(new Failure.Conflict(
                FailureCode.HEAD_MOVED,
                "%s changed while its next version was being made".formatted(dataset),
                Place.NONE));
    }

    /// Versions never go backwards: a replace whose message is older than the head's has nothing to add.
    static Optional<Commit> newerThan(Mode mode, SourcePosition position, DatasetState now) {
        return mode == Mode.REPLACE
                ? now.head()
                        .filter(head -> head.kind() == CommitKind.PUBLISH)
                        .filter(head -> position.isOlderThan(head.provenance().position()))
                : Optional.empty();
    }

    /// The head, if it was made from the very same and its data are verified to be there. An append is never
    /// the same.
    private Optional<Commit> servedFrom(Sha256 basis, Mode mode, DatasetState before) {
        return mode == Mode.APPEND
                ? Optional.empty()
                : before.head()
                        .filter(head -> head.provenance().basis().equals(Optional.of(basis)))
                        .filter(datastore::isIntact);
    }

    private static StagingPlan staging(Cast cast, DatasetState before, Material material) throws JobFailure {
        List<Column> columns = material.target().columns();
        return new StagingPlan(
                cast.claim().dataset(),
                cast.claim().operation(),
                cast.claim().operation().commitId(),
                before.nextVersion(),
                cast.request().mode(),
                before.head(),
                columns,
                material.target().incoming(),
                TargetColumns.named(cast.request().key(), columns));
    }

    private StashEntry copyOf(
            Cast cast, DatasetState before, Incarnation incarnation, Commit head, DictionaryDocument dictionary) {
        return new StashEntry(
                before.dataset(),
                incarnation,
                cast.claim().operation(),
                cast.number(),
                head.id(),
                clock.instant(),
                dictionary);
    }

    private static DeleteLive.Input deletion(Cast cast, DatasetState before, Commit head, Incarnation incarnation) {
        var empty = new StagingPlan(
                before.dataset(),
                cast.claim().operation(),
                cast.claim().operation().rollbackId(),
                before.nextVersion(),
                Mode.REPLACE,
                before.head(),
                head.columns(),
                TargetColumns.ofFile(head.columns()).incoming(),
                List.of());
        var provenance = new Provenance(
                cast.request().jobId(),
                Mode.REPLACE,
                cast.position(),
                "the stashed dictionary",
                Optional.empty(),
                Optional.empty());
        var plan = new DeleteLive.Plan(
                before.dataset(),
                cast.claim().operation(),
                head.id(),
                before.dictionaryRevision(),
                incarnation,
                empty,
                provenance);
        return new DeleteLive.Input(plan, cast.claim().epoch());
    }
}
