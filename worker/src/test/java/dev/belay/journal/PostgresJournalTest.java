package dev.belay.journal;

import dev.belay.job.OperationId;
import dev.belay.journal.postgres.PostgresJournal;
import dev.belay.kit.TestDatabase;
import dev.belay.kit.TestDatabases;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestDatabases.class)
final class PostgresJournalTest extends JournalContract {
    private final TestDatabase database;
    private final String schema;
    private final PostgresJournal journal;

    PostgresJournalTest(TestDatabase database) {
        this.database = database;
        this.schema = database.newSchema();
        this.journal = PostgresJournals.opened(database, schema);
    }

    @AfterEach
    void close() {
        journal.close();
    }

    @Override
    Journal journal() {
        return journal;
    }

    @Override
    List<String> audit(OperationId operation) throws SQLException {
        return database.texts("SELECT kind FROM %s.audit WHERE operation = '%s'".formatted(schema, operation.value()));
    }
}
