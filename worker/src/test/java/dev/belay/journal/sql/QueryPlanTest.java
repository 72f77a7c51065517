package dev.belay.journal.sql;

import static dev.belay.journal.JournalSamples.ALPHA;
import static dev.belay.journal.JournalSamples.BETA;
import static dev.belay.journal.JournalSamples.NOBODY_IS_DEAD;
import static dev.belay.journal.JournalSamples.NOW;
import static dev.belay.journal.JournalSamples.again;
import static dev.belay.journal.JournalSamples.completed;
import static dev.belay.journal.JournalSamples.delivery;
import static dev.belay.journal.JournalSamples.events;
import static dev.belay.journal.JournalSamples.failed;
import static dev.belay.journal.JournalSamples.operation;
import static dev.belay.journal.JournalSamples.retry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.DatasetId;
import dev.belay.job.IdSource;
import dev.belay.job.JobId;
import dev.belay.journal.AnnouncementKey;
import dev.belay.journal.Claim;
import dev.belay.journal.ClaimResult;
import dev.belay.journal.Compensation;
import dev.belay.journal.Entry;
import dev.belay.journal.Retention;
import dev.belay.journal.sqlite.SqliteJournal;
import dev.belay.sql.Session;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// No statement of the journal gets slower as history grows: each finds its rows by an index, or reads only
/// what is open, or stops at its limit.
final class QueryPlanTest {
    private static final JobId AIR = new JobId("air");
    private static final DatasetId CITY = new DatasetId("city");

    private final Connection connection;
    private final List<String> run = new ArrayList<>();
    private final Session session;

    QueryPlanTest(@TempDir Path folder) throws SQLException {
        SqliteJournal.open(folder, IdSource.random(InstantSource.system())).close();
        connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("journal.db"));
        session = new Session((Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("prepareStatement")) {
                        run.add((String) arguments[0]);
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                }));
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    @Test
    void readsNoTableFromEndToEnd() throws SQLException {
        everyMethod();

        for (String sql : new LinkedHashSet<>(run)) {
            assertThat(plan(sql))
                    .as(sql)
                    .allSatisfy(step -> assertThat(!step.startsWith("SCAN ") || isBounded(sql, step))
                            .as(step)
                            .isTrue());
        }
        assertThat(new LinkedHashSet<>(run)).hasSizeGreaterThan(30);
    }

    @Test
    void needsFewStatementsForANormalJob() throws SQLException {
        Map<String, Integer> statements = normalJob();

        assertThat(statements).isEqualTo(Map.of("admit", 4, "claim", 7, "record", 20, "end", 8, "announced", 1));
    }

    /// A partial index holds open attempts only; a descending read stops at its limit; a one-row answer is no
    /// table; of workers there are only the lives within the retention.
    private static boolean isBounded(String sql, String step) {
        return step.equals("SCAN attempt USING INDEX attempt_open")
                || ((step.equals("SCAN job") || step.equals("SCAN j")) && sql.endsWith("ORDER BY seq DESC LIMIT ?"))
                || step.equals("SCAN worker")
                || step.startsWith("SCAN CONSTANT ROW");
    }

    private List<String> plan(String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("EXPLAIN QUERY PLAN " + sql)) {
            var steps = new ArrayList<String>();
            while (rows.next()) {
                steps.add(rows.getString("detail"));
            }
            return steps;
        }
    }

    private Map<String, Integer> normalJob() throws SQLException {
        var counts = new LinkedHashMap<String, Integer>();
        new Admissions(session, Dialect.SQLITE).admit(delivery("air", "city", 0), NOW);
        count(counts, "admit");
        Claim claim = claim(1);
        count(counts, "claim");
        for (List<Entry> entries : normalEntries()) {
            new AttemptLog(session, Dialect.SQLITE).record(claim, entries);
        }
        count(counts, "record");
        new Endings(session, Dialect.SQLITE).end(claim, completed(), NOW);
        count(counts, "end");
        new Endings(session, Dialect.SQLITE).announced(List.of(new AnnouncementKey(AIR, 0)));
        count(counts, "announced");
        return counts;
    }

    private void count(Map<String, Integer> counts, String method) {
        counts.put(
                method,
                run.size()
                        - counts.values().stream().mapToInt(Integer::intValue).sum());
    }

    private static List<List<Entry>> normalEntries() {
        return List.of(
                List.of(new Entry.Planned(1, "fetch", "{}")),
                List.of(new Entry.Done(1, "{}")),
                List.of(new Entry.Planned(2, "stage", "{}"), new Entry.Armed()),
                List.of(new Entry.Done(2, "{}")),
                List.of(new Entry.Confirmed()),
                List.of());
    }

    private Claim claim(int operation) throws SQLException {
        return ((ClaimResult.Claimed) new Claims(session, Dialect.SQLITE)
                        .claim(AIR, operation(operation), ALPHA, NOW, NOBODY_IS_DEAD))
                .claim();
    }

    private void everyMethod() throws SQLException {
        SqlJournal.beat(session, ALPHA, NOW);
        var lookup = new Lookup(session);
        var endings = new Endings(session, Dialect.SQLITE);
        normalJobOf("noise");
        new Admissions(session, Dialect.SQLITE).admit(delivery("air", "city", 0), NOW);
        endings.end(claim(1), again(false), NOW);
        Claim second = claim(2);
        new Claims(session, Dialect.SQLITE).claim(AIR, operation(3), BETA, NOW, NOBODY_IS_DEAD);
        new Admissions(session, Dialect.SQLITE).admit(delivery("other", "city", 0), NOW);
        new Claims(session, Dialect.SQLITE).claim(new JobId("other"), operation(3), BETA, NOW, NOBODY_IS_DEAD);
        new Quarantines(session, Dialect.SQLITE).setAside(second, "odd", NOW);
        lookup.quarantine(CITY);
        new Quarantines(session, Dialect.SQLITE).release(CITY);
        Claim seized = new Claims(session, Dialect.SQLITE)
                .seize(second.operation(), BETA, NOW)
                .orElseThrow()
                .claim();
        lookup.orphanedAttempts(ALPHA, NOW);
        var undone = new Compensation(Compensation.Result.DONE, "removed");
        new AttemptLog(session, Dialect.SQLITE)
                .record(
                        seized,
                        List.of(
                                new Entry.Planned(1, "stage", "{}"),
                                new Entry.RollBack("{}"),
                                new Entry.Undone(1, undone)));
        endings.end(seized, retry(), NOW);
        new Admissions(session, Dialect.SQLITE).admit(delivery("air", "city", 1), NOW);
        endings.refuse(AIR, 1, failed(), events("failed"), NOW);
        lookup.announcement(AIR, 1);
        lookup.attempts(AIR);
        lookup.newestJobs(5);
        lookup.journalId();
        new Pruning(session, Dialect.SQLITE).prune(new Retention(NOW.plusSeconds(1), job -> false), 0, 9);
    }

    private void normalJobOf(String job) throws SQLException {
        new Admissions(session, Dialect.SQLITE).admit(delivery(job, "country", 0), NOW);
        var claimed = (ClaimResult.Claimed)
                new Claims(session, Dialect.SQLITE).claim(new JobId(job), operation(9), ALPHA, NOW, NOBODY_IS_DEAD);
        for (List<Entry> entries : normalEntries()) {
            new AttemptLog(session, Dialect.SQLITE).record(claimed.claim(), entries);
        }
        new Endings(session, Dialect.SQLITE).end(claimed.claim(), completed(), NOW);
        new Endings(session, Dialect.SQLITE).announced(List.of(new AnnouncementKey(new JobId(job), 0)));
    }
}
