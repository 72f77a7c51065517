package dev.belay.journal;

import dev.belay.job.IdSource;
import dev.belay.job.OperationId;
import dev.belay.journal.sqlite.SqliteJournal;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

final class SqliteJournalTest extends JournalContract {
    private final Path folder;
    private final SqliteJournal journal;

    SqliteJournalTest(@TempDir Path folder) {
        this.folder = folder;
        this.journal = SqliteJournal.open(folder, IdSource.random(InstantSource.system()));
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
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("journal.db"));
                var statement = connection.prepareStatement("SELECT kind FROM audit WHERE operation = ?")) {
            statement.setString(1, operation.value());
            try (var rows = statement.executeQuery()) {
                var kinds = new ArrayList<String>();
                while (rows.next()) {
                    kinds.add(rows.getString(1));
                }
                return kinds;
            }
        }
    }
}
