package dev.belay.upkeep;

import dev.belay.datastore.Publication;
import dev.belay.datastore.sqlite.JournalWord;
import dev.belay.job.CommitId;
import dev.belay.job.DatasetId;
import dev.belay.job.Epoch;
import dev.belay.job.OperationId;
import dev.belay.journal.Attempt;
import dev.belay.journal.Compensation;
import dev.belay.journal.JournalReader;
import dev.belay.saga.PublishedPlans;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a journal says of publications; of a journal that is not there, nothing.
final class JournalRecord implements JournalWord {
    private final Optional<JournalReader> journal;
    private final Map<DatasetId, Epoch> epochs;

    JournalRecord(Optional<JournalReader> journal) {
        this.journal = journal;
        this.epochs = journal.map(JournalReader::epochs).orElse(Map.of());
    }

    @Override
    public Word of(CommitId commit) {
        var operation = new OperationId(commit.value().substring(0, 26));
        Optional<Attempt> attempt = journal.flatMap(open -> open.attempt(operation));
        if (attempt.isEmpty()) {
            return Word.UNKNOWN;
        }
        if (attempt.get().endedAt().isEmpty()) {
            return Word.OPEN;
        }
        boolean published = commit.equals(operation.commitId())
                ? attempt.get().failureJson().isEmpty()
                : attempt.get().effects().stream().anyMatch(JournalRecord::wasRestored);
        return published ? Word.PUBLISHED : Word.NOT_PUBLISHED;
    }

    private static boolean wasRestored(dev.belay.journal.Effect effect) {
        return effect.stage().equals("delete-live")
                && effect.undone()
                        .filter(undone -> undone.result() == Compensation.Result.DONE)
                        .isPresent();
    }

    @Override
    public Epoch epoch(DatasetId dataset) {
        return epochs.getOrDefault(dataset, new Epoch(0));
    }

    @Override
    public List<Publication> published(DatasetId dataset) {
        return journal.map(open -> open.succeeded(dataset)).orElse(List.of()).stream()
                .flatMap(attempt -> PublishedPlans.of(attempt).stream())
                .toList();
    }
}
