package dev.belay.saga;

import dev.belay.datastore.Publication;
import dev.belay.journal.Attempt;
import dev.belay.stage.Publish;
import java.util.Optional;

/// What attempts were going to publish, read back from the journal for repairs.
public final class PublishedPlans {
    private PublishedPlans() {}

    /// The publication an attempt has planned; empty when it has planned none, or it cannot be read back.
    public static Optional<Publication> of(Attempt attempt) {
        try {
            return Journaled.effects(attempt).stream()
                    .map(PlannedEffect::plan)
                    .filter(Publish.Plan.class::isInstance)
                    .map(plan -> ((Publish.Plan) plan).publication())
                    .findFirst();
        } catch (Journaled.Unreadable damaged) {
            return Optional.empty();
        }
    }
}
