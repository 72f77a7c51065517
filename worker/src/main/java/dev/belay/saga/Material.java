package dev.belay.saga;

import dev.belay.datastore.Commit;
import dev.belay.datastore.DatasetState;
import dev.belay.datastore.Provenance;
import dev.belay.dictionary.DictionaryMerge.Merged;
import dev.belay.dictionary.MergeSummary;
import dev.belay.format.Prepared;
import dev.belay.job.Column;
import dev.belay.job.JobRequest;
import dev.belay.job.Mode;
import dev.belay.job.PublishStrategy;
import dev.belay.job.Sha256;
import dev.belay.stage.Dedupe;
import dev.belay.stage.Fetch;
import dev.belay.stage.Findings;
import dev.belay.stage.StageRows;
import dev.belay.tabular.ColumnProfile;
import dev.belay.tabular.Drafting;
import dev.belay.tabular.TableProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a version is made of, examined and ready to be staged. Pure.
///
/// @param rows        where its rows come from
/// @param target      the columns it will have
/// @param source      digest of the fetched file
/// @param basis       digest of all that decides the result
/// @param profileJson the profile of its columns
/// @param changes     to the columns of what is served, a sentence each
/// @param found       what is known so far
record Material(
        StageRows.Rows rows,
        TargetColumns target,
        Optional<Sha256> source,
        Optional<Sha256> basis,
        String profileJson,
        List<String> changes,
        Findings found) {

    /// A fetched and examined file.
    ///
    /// @param drafting what was written of it meanwhile
    static Material ofFile(
            Fetch.Output fetched,
            Prepared prepared,
            TableProfile profile,
            Sha256 basis,
            JobRequest request,
            DatasetState before,
            Drafting drafting) {
        List<Column> file =
                profile.columns().stream().map(ColumnProfile::column).toList();
        TargetColumns target = request.mode() == Mode.REPLACE || before.head().isEmpty()
                ? TargetColumns.ofFile(file)
                : TargetColumns.merged(before.head().get().columns(), file);
        var warnings = new ArrayList<>(fetched.fetched().warnings());
        warnings.addAll(prepared.notes());
        warnings.addAll(profile.warnings());
        String profileJson = Journaled.json(profile.columns());
        List<String> changes = before.head()
                .map(served -> Drift.between(served, target.columns(), profileJson))
                .orElse(List.of());
        warnings.addAll(changes);
        var found = new Findings(
                fetched.fetched().length(),
                Optional.of(fetched.fetched().digest()),
                profile.rejected(),
                0,
                profile.rejects(),
                List.of(),
                warnings,
                profile.findings(),
                Optional.empty());
        return new Material(
                StageRows.Rows.OfFile.whole(prepared.file(), profile.readAs(target.file()), drafting),
                target,
                Optional.of(fetched.fetched().digest()),
                Optional.of(basis),
                profileJson,
                changes,
                found);
    }

    /// An earlier version, as it was.
    static Material ofCommit(Commit earlier, DatasetState before) {
        return new Material(
                new StageRows.Rows.OfCommit(earlier),
                TargetColumns.ofFile(earlier.columns()),
                earlier.provenance().sourceDigest(),
                earlier.provenance().basis(),
                earlier.profileJson(),
                before.head()
                        .map(served -> Drift.between(served, earlier.columns(), earlier.profileJson()))
                        .orElse(List.of()),
                Findings.NONE);
    }

    /// The same with more to say in the receipt.
    Material warned(List<String> warnings) {
        Findings more = found;
        for (String warning : warnings) {
            more = more.warned(warning);
        }
        return new Material(rows, target, source, basis, profileJson, changes, more);
    }

    /// The same without the records that are left out.
    Material without(Dedupe.Output left) {
        return new Material(
                left.rows(), target, source, basis, profileJson, changes, found.without(left.count(), left.first()));
    }

    /// What the commit will say it was made from.
    Provenance provenance(AttemptStory.Cast cast) {
        return new Provenance(
                cast.request().jobId(),
                cast.request().mode(),
                cast.position(),
                cast.request().source().shown(),
                source,
                basis);
    }

    /// All that the receipt will say.
    Findings findings(Merged merged, long deduplicated, JobRequest request) {
        MergeSummary summary = merged.summary();
        var counts = new Findings.MergeCounts(
                summary.kept().titles()
                        + summary.kept().descriptions()
                        + summary.kept().otherProperties(),
                summary.applied().size(),
                summary.added().size(),
                summary.orphaned().size(),
                summary.conflicts(),
                summary.text());
        var findings = new Findings(
                found.sourceBytes(),
                found.sourceDigest(),
                found.rejected(),
                deduplicated,
                found.rejects(),
                found.duplicates(),
                found.warnings(),
                found.screened(),
                Optional.of(counts));
        return request.publish() == PublishStrategy.IN_PLACE && request.mode() != Mode.REPLACE
                ? findings.warned("in-place is for replace; this was published by swap, which needs no delete")
                : findings;
    }
}
