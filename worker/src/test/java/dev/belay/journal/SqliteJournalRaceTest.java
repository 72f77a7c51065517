package dev.belay.journal;

import dev.belay.job.IdSource;
import dev.belay.journal.sqlite.SqliteJournal;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.io.TempDir;

final class SqliteJournalRaceTest extends JournalRaceContract {
    SqliteJournalRaceTest(@TempDir Path folder) {
        super(() -> SqliteJournal.open(folder, IdSource.random(InstantSource.system())));
    }
}
