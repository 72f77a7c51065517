package dev.belay.journal.sqlite;

import dev.belay.job.DatasetId;
import dev.belay.journal.JobRecord;
import dev.belay.journal.JobState;
import dev.belay.journal.sql.SchemaAge;
import dev.belay.journal.sql.SqlJournalReader;
import dev.belay.sql.SqliteDatabase;
import java.util.List;
import java.util.Optional;

/// Lets tests of other rooms look at a journal's file.
public final class JournalFile {
    private JournalFile() {}

    public static SqliteDatabase of(SqliteJournal journal) {
        return journal.database();
    }

    /// What `belay jobs list` asks, over the journal's own connection.
    public static List<JobRecord> newestJobs(SqliteJournal journal, DatasetId dataset, JobState state, int limit) {
        // Not closed: the connection is the journal's.
        return new SqlJournalReader(journal.database(), journal.id(), SchemaAge.CURRENT)
                .jobs(Optional.of(dataset), Optional.of(state), limit);
    }
}
