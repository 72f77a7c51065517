package dev.belay.stage;

import dev.belay.datastore.DatasetState;
import dev.belay.datastore.Datastore;
import dev.belay.datastore.Publication;
import dev.belay.datastore.PublishResult;
import dev.belay.dictionary.DataDictionary;
import dev.belay.dictionary.DictionaryMerge;
import dev.belay.job.DictionaryDocument;
import dev.belay.job.Epoch;
import dev.belay.job.JobFailure;
import dev.belay.journal.Compensation;
import dev.belay.pivot.Pivot;
import java.util.List;
import java.util.Optional;

/// The pivot: one transaction that moves the head, and ends the attempt where that is possible in it. Before it we go
/// back, after it only forward.
public final class Publish implements Stage<Publish.Input, Publish.Plan, Pivot.Turn> {
    private final Pivot pivot;

    /// @param datastore what publishes, without ending attempts
    public Publish(Datastore datastore) {
        this(Pivot.publishing(datastore));
    }

    /// @param pivot what publishes
    public Publish(Pivot pivot) {
        this.pivot = pivot;
    }

    /// @param plan what is published
    /// @param end  how its attempt ends, perhaps by another worker than the one that planned it
    public record Input(Plan plan, Pivot.End end) {}

    /// @param publication all that the transaction changes
    /// @param findings    what the receipt will say
    public record Plan(Publication publication, Findings findings) implements dev.belay.stage.Plan {}

    @Override
    public Plan plan(Input input) {
        return input.plan();
    }

    /// Publishes, merging the dictionary again as often as people edit it meanwhile. Killed half-way it is
    /// published or not, never in part; done again it finds itself published.
    @Override
    public Pivot.Turn apply(Plan plan, Input input) throws JobFailure {
        Publication publication =
                underEpoch(plan.publication(), input.end().claim().epoch());
        Pivot.Turn turn = pivot.publish(publication, input.end());
        while (turn instanceof Pivot.Turn.Open(PublishResult.DictionaryMoved(DatasetState now))) {
            publication = withDictionaryOf(now, publication);
            turn = pivot.publish(publication, input.end());
        }
        return turn;
    }

    @Override
    public Compensation compensate(Plan plan, Epoch epoch) {
        return new Compensation(Compensation.Result.NOTHING_TO_DO, "nothing was published");
    }

    private static Publication withDictionaryOf(DatasetState now, Publication publication) throws JobFailure {
        DictionaryDocument merged = now.dictionary().isEmpty()
                ? publication.dictionary()
                : merged(now.dictionary().get(), publication);
        return new Publication(
                publication.staging(),
                publication.manifest(),
                publication.kind(),
                publication.epoch(),
                publication.incarnation(),
                merged,
                now.dictionaryRevision(),
                publication.provenance(),
                publication.profileJson(),
                publication.publishedAt());
    }

    /// The edited dictionary holds all there was when the publication was planned, but for what people took out
    /// since: that must not come back from the plan.
    private static DictionaryDocument merged(DictionaryDocument live, Publication publication) throws JobFailure {
        return DictionaryMerge.merge(
                        Optional.of(DataDictionary.parse(live)),
                        List.of(),
                        publication.staging().columns())
                .dictionary()
                .toDocument();
    }

    private static Publication underEpoch(Publication planned, Epoch epoch) {
        return new Publication(
                planned.staging(),
                planned.manifest(),
                planned.kind(),
                epoch,
                planned.incarnation(),
                planned.dictionary(),
                planned.dictionaryRevision(),
                planned.provenance(),
                planned.profileJson(),
                planned.publishedAt());
    }
}
