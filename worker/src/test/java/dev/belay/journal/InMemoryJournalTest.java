package dev.belay.journal;

import dev.belay.job.OperationId;
import java.util.List;

final class InMemoryJournalTest extends JournalContract {
    private final InMemoryJournal journal = new InMemoryJournal("journal-1");

    @Override
    Journal journal() {
        return journal;
    }

    @Override
    List<String> audit(OperationId operation) {
        return journal.audit(operation);
    }
}
