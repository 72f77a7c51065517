package dev.belay.datastore.postgres;

import dev.belay.fault.FaultPoint;
import dev.belay.sql.PostgresDatabase;
import dev.belay.sql.Session;
import dev.belay.sql.SqlNames;
import java.sql.SQLException;
import java.util.Optional;

/// Which datastore this is and which journal decides about it: so that two journals never decide about the same
/// datasets, whatever the settings of some host say.
public final class Belonging {
    private final PostgresDatabase database;

    Belonging(PostgresDatabase database) {
        this.database = database;
    }

    /// @param datastore its id, for ever
    /// @param journal   the id of the journal
    public record Marks(String datastore, String journal) {}

    /// Empty when nobody has noted it yet, also where the catalog is too old to hold it.
    Optional<Marks> read() {
        return database.read(
                session -> VersionTables.isThere(session, SqlNames.quoted(database.schema()) + ".belonging")
                        ? read(session)
                        : Optional.empty());
    }

    private static Optional<Marks> read(Session session) throws SQLException {
        return session.first(
                "SELECT datastore, journal FROM belonging",
                row -> new Marks(row.text("datastore"), row.text("journal")));
    }

    /// Notes the journal unless one is noted; of several that do so at once one is first.
    ///
    /// @param id of the datastore, if it has none yet
    /// @return what is noted now
    Marks note(String journal, String id) {
        // As much a step of making the datastore as its tables.
        return database.write(FaultPoint.MIGRATION_STEP, session -> {
            session.update("""
                    INSERT INTO belonging (one, datastore, journal) VALUES (1, ?, ?) ON CONFLICT DO NOTHING
                    """, id, journal);
            return read(session).orElseThrow();
        });
    }

    /// Notes another journal in the place of the one that is noted.
    void give(String journal) {
        database.write(FaultPoint.REPAIR_JOURNAL, session -> {
            session.update("UPDATE belonging SET journal = ?", journal);
            return true;
        });
    }
}
