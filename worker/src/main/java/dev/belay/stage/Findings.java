package dev.belay.stage;

import dev.belay.job.Sha256;
import dev.belay.screen.Finding;
import dev.belay.tabular.RejectedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What an attempt found out on its way and will say in its receipt, beyond what the commit holds.
///
/// Part of the publish plan, so that whoever finishes the attempt says the same.
///
/// @param sourceBytes  size of the fetched file; 0 for an earlier version
/// @param sourceDigest of the fetched file
/// @param rejected     records that were not loaded
/// @param deduplicated records that were left out as duplicates, or replaced by a later one of the same key
/// @param rejects      the first of the rejected
/// @param duplicates   the first of those that were left out as duplicates
/// @param warnings     for people
/// @param screened     what looks like personal data
/// @param dictionary   what the merge of the dictionary did
public record Findings(
        long sourceBytes,
        Optional<Sha256> sourceDigest,
        long rejected,
        long deduplicated,
        List<RejectedRecord> rejects,
        List<DuplicateRecord> duplicates,
        List<String> warnings,
        List<Finding> screened,
        Optional<MergeCounts> dictionary) {
    /// Nothing found yet.
    public static final Findings NONE =
            new Findings(0, Optional.empty(), 0, 0, List.of(), List.of(), List.of(), List.of(), Optional.empty());

    /// Copies the lists.
    public Findings {
        rejects = List.copyOf(rejects);
        warnings = List.copyOf(warnings);
        // A plan that was written before there was screening has none, or before anything was left out.
        duplicates = Optional.ofNullable(duplicates).map(List::copyOf).orElse(List.of());
        screened = Optional.ofNullable(screened).map(List::copyOf).orElse(List.of());
    }

    /// What the merge of the dictionary did, in numbers of columns.
    ///
    /// @param kept      curated properties that stayed as they were
    /// @param applied   type overrides in force
    /// @param added     columns the dictionary did not know
    /// @param orphaned  fields whose column is gone; they are kept
    /// @param conflicts a sentence each
    /// @param text      all of it in one line
    public record MergeCounts(int kept, int applied, int added, int orphaned, List<String> conflicts, String text) {
        /// Copies the sentences.
        public MergeCounts {
            conflicts = List.copyOf(conflicts);
        }
    }

    /// The same with a warning more.
    public Findings warned(String warning) {
        var more = new ArrayList<>(warnings);
        more.add(warning);
        return new Findings(
                sourceBytes, sourceDigest, rejected, deduplicated, rejects, duplicates, more, screened, dictionary);
    }

    /// The same of a file of which records are left out.
    ///
    /// @param count how many
    /// @param first the first of them
    public Findings without(long count, List<DuplicateRecord> first) {
        return new Findings(sourceBytes, sourceDigest, rejected, count, rejects, first, warnings, screened, dictionary);
    }
}
