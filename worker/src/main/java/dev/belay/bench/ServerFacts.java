package dev.belay.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.OptionalLong;

/// What a PostgreSQL server counts: since it was set up, or between two looks.
///
/// @param walBytes written to its log, of all databases
/// @param writing  transactions that changed something, of all databases, subtransactions among them
/// @param commits  of this database, those that only read among them; told by each connection once a second
/// @param fsyncs   of the log; empty where the server does not say (from 18 on)
public record ServerFacts(long walBytes, long writing, long commits, OptionalLong fsyncs) {
    static ServerFacts of(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet found = statement.executeQuery("""
                    SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint,
                        pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
                        (SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()),
                        (SELECT (to_jsonb(w) ->> 'wal_sync')::bigint FROM pg_stat_wal w)
                    """)) {
                found.next();
                long fsyncs = found.getLong(4);
                return new ServerFacts(
                        found.getLong(1),
                        found.getLong(2),
                        found.getLong(3),
                        found.wasNull() ? OptionalLong.empty() : OptionalLong.of(fsyncs));
            }
        }
    }

    ServerFacts since(ServerFacts before) {
        return new ServerFacts(
                walBytes - before.walBytes,
                writing - before.writing,
                commits - before.commits,
                fsyncs.isPresent() && before.fsyncs.isPresent()
                        ? OptionalLong.of(fsyncs.getAsLong() - before.fsyncs.getAsLong())
                        : OptionalLong.empty());
    }
}
