package dev.belay.saga;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/// Makes a long history: copies all rows of one finished job, under new ids, as if it had run so many times. The JSON
/// of
/// all but the first thousand copies is left out, which saves a gigabyte: what statements cost goes by rows.
final class History {
    private History() {}

    /// @param job which job of the dataset `d` is copied
    static void copy(Path folder, String job, int times) throws SQLException {
        copyInJournal(folder, job, times);
        try (Connection catalog = open(folder.resolve("catalog.db"))) {
            inOneTransaction(catalog, catalog(times));
        }
    }

    /// The journal's rows only.
    static void copyInJournal(Path folder, String job, int times) throws SQLException {
        try (Connection journal = open(folder.resolve("journal.db"))) {
            inOneTransaction(journal, journal(job, times));
        }
    }

    /// Lets a job have ended so late that it is not pruned.
    static void endedLate(Path folder, String job) throws SQLException {
        try (Connection journal = open(folder.resolve("journal.db"))) {
            inOneTransaction(
                    journal,
                    List.of("UPDATE job SET ended_at = '2999-01-01T00:00:00.000000000Z' WHERE job = '%s'"
                            .formatted(job)));
        }
    }

    private static Connection open(Path file) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (Statement statement = connection.createStatement()) {
            // The copies' parents are copied too; and nobody cuts the power here.
            statement.execute("PRAGMA foreign_keys = OFF");
            statement.execute("PRAGMA synchronous = OFF");
        }
        return connection;
    }

    private static void inOneTransaction(Connection connection, List<String> statements) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
        connection.commit();
    }

    private static List<String> journal(String job, int times) {
        String numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + times + ") ";
        String operation = "printf('00%024d', i)";
        return List.of(
                numbers + """
                        INSERT INTO job (job, dataset, state, request_json, request_digest, source_topic_id,
                          source_partition, source_offset, hop, attempts, max_attempts, accepted_at, ended_at, receipt_json)
                        SELECT job || '-' || i, dataset, state, request_json, request_digest, source_topic_id,
                          source_partition, source_offset, hop, attempts, max_attempts, accepted_at, ended_at, receipt_json
                        FROM n, job WHERE job = '%s'
                        """.formatted(job),
                numbers + """
                        INSERT INTO attempt (operation, job, dataset, number, hop, epoch, owner_slot, owner_incarnation,
                          owned_since, phase, counted, failure_json, started_at, ended_at)
                        SELECT %s, job || '-' || i, dataset, number, hop, epoch, owner_slot, owner_incarnation,
                          owned_since, phase, counted, failure_json, started_at, ended_at
                        FROM n, attempt WHERE job = '%s'
                        """.formatted(operation, job),
                numbers + """
                        INSERT INTO effect (operation, ordinal, stage, plan_json, output_json, undone_result, undone_detail)
                        SELECT %s, ordinal, stage, iif(i > 1000, '{}', plan_json), iif(i > 1000, '{}', output_json), undone_result, undone_detail
                        FROM n, effect WHERE operation IN (SELECT operation FROM attempt WHERE job = '%s')
                        """.formatted(operation, job),
                numbers + """
                        INSERT INTO audit (operation, kind, at)
                        SELECT %s, kind, at
                        FROM n, audit WHERE operation IN (SELECT operation FROM attempt WHERE job = '%s')
                        """.formatted(operation, job),
                numbers + """
                        INSERT INTO outbox (job, hop, seq, event_id, type, json)
                        SELECT job || '-' || i, hop, seq, event_id, type, iif(i > 1000, '{}', json)
                        FROM n, outbox WHERE job = '%s'
                        """.formatted(job),
                numbers + """
                        INSERT INTO announcement (job, hop, verdict, due_at, announced)
                        SELECT job || '-' || i, hop, verdict, due_at, announced FROM n, announcement WHERE job = '%s'
                        """.formatted(job));
    }

    /// Versions 2 and up, so that the job's own version is the oldest; the head stays.
    private static List<String> catalog(int times) {
        return List.of("""
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
                INSERT INTO commits (id, dataset, operation, kind, version, parent, row_count, bytes, columns, loaded,
                  deduplicated, digest, job, mode, topic, partition, position, source, source_digest, basis, profile,
                  published_at)
                SELECT printf('00%%024d-c', i), dataset, printf('00%%024d', i), kind, i + 1, id, row_count, bytes, columns,
                  loaded, deduplicated, digest, job || '-' || i, mode, topic, partition, position, source, source_digest,
                  basis, iif(i > 1000, '{}', profile), published_at
                FROM n, commits WHERE version = 1
                """.formatted(times), "UPDATE dataset SET next_version = next_version + " + times);
    }
}
