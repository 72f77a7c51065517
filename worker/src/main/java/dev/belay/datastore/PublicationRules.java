package dev.belay.datastore;

import dev.belay.job.Mode;
import java.util.Optional;

/// What stands against a publication: the same in every store, asked inside the publishing transaction after fence and
/// commit id were looked at.
public final class PublicationRules {
    private PublicationRules() {}

    /// The first reason, in this order: incarnation, base, dictionary, age.
    public static Optional<PublishResult> refusal(DatasetState now, Publication publication) {
        if (isAnotherIncarnation(now, publication)) {
            return Optional.of(new PublishResult.IncarnationChanged(now));
        }
        if (!standsOnItsBase(now, publication)) {
            return Optional.of(new PublishResult.BaseMoved(now.head()));
        }
        if (now.dictionaryRevision() != publication.dictionaryRevision()) {
            return Optional.of(new PublishResult.DictionaryMoved(now));
        }
        return now.head().filter(head -> isSupersededBy(head, publication)).map(PublishResult.Superseded::new);
    }

    // A dropped dataset is made again under a new incarnation only.
    private static boolean isAnotherIncarnation(DatasetState now, Publication publication) {
        boolean same = now.incarnation().equals(Optional.of(publication.incarnation()));
        return switch (now.presence()) {
            case UNKNOWN -> false;
            case LIVE, EMPTIED -> !same;
            case DROPPED -> same;
        };
    }

    // What this very operation has deleted counts as its base.
    private static boolean standsOnItsBase(DatasetState now, Publication publication) {
        StagingPlan staging = publication.staging();
        return now.head().map(Commit::id).equals(staging.base().map(Commit::id))
                || now.emptiedBy().equals(Optional.of(staging.operation()));
    }

    // Only a replace can take newer rows away, and only a publication holds rows of its message.
    private static boolean isSupersededBy(Commit head, Publication publication) {
        Provenance provenance = publication.provenance();
        return publication.kind() == CommitKind.PUBLISH
                && head.kind() == CommitKind.PUBLISH
                && publication.staging().mode() == Mode.REPLACE
                && provenance.position().isOlderThan(head.provenance().position());
    }
}
