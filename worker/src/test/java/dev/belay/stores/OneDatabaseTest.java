package dev.belay.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.datastore.DatasetScript;
import dev.belay.datastore.Datastore;
import dev.belay.fault.FaultPoint;
import dev.belay.fault.Faults;
import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.IdSource;
import dev.belay.job.Unavailable;
import dev.belay.journal.Journal;
import dev.belay.journal.sql.SqlJournal;
import dev.belay.kit.CutProxy;
import dev.belay.kit.FaultRow;
import dev.belay.kit.TestDatabase;
import dev.belay.kit.TestDatabases;
import dev.belay.pivot.OneStepContract;
import dev.belay.pivot.Pivot;
import dev.belay.sql.PostgresAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Journal and datastore in one PostgreSQL database: a version and the end of its attempt are one transaction of the
/// server, wherever its client is cut off.
@ExtendWith(TestDatabases.class)
final class OneDatabaseTest extends OneStepContract {
    private static final List<Column> OTHERS = DatasetScript.columns(ColumnType.TEXT, ColumnType.TEXT);
    // So many requests in a row that did not come are the end of a publication.
    private static final int END = 8;

    private final TestDatabase database;
    private final StorePlace.Server server;
    private final SqlJournal journal;
    private final Datastore datastore;
    private final Pivot pivot;
    private final DatasetScript city;

    OneDatabaseTest(TestDatabase database) {
        this.database = database;
        server = TestPlaces.server(database);
        IdSource ids = DatasetScript.ids();
        StorePlaces places = places(server, server);
        journal = places.openJournal(ids);
        datastore = places.openDatastore(ids);
        pivot = places.pivot(journal, datastore);
        city = new DatasetScript(datastore, "city", ids);
    }

    private static StorePlaces places(StorePlace journal, StorePlace datastore) {
        return new StorePlaces(Path.of("unused"), journal, datastore, new Random(1));
    }

    @AfterEach
    void close() {
        datastore.close();
        journal.close();
    }

    @Override
    protected Journal journal() {
        return journal;
    }

    @Override
    protected Datastore datastore() {
        return datastore;
    }

    @Override
    protected Pivot pivot() {
        return pivot;
    }

    @Override
    protected DatasetScript city() {
        return city;
    }

    @Test
    void isOneTransactionOfTheServer() throws Exception {
        Confirmed confirmed = confirmed(1);

        turn(confirmed);

        String published = "SELECT xmin::text FROM %s.commits WHERE id = '%s'"
                .formatted(
                        server.datastoreSchemas().catalog(),
                        confirmed.publication().staging().commit());
        String ended = "SELECT xmin::text FROM %s.%%s WHERE %%s = '%%s'".formatted(server.journalSchema());
        assertThat(database.texts(published))
                .isEqualTo(database.texts(
                        ended.formatted("audit", "operation", confirmed.claim().operation())))
                .isEqualTo(database.texts(ended.formatted(
                        "attempt", "operation", confirmed.claim().operation())))
                .isEqualTo(database.texts(
                        ended.formatted("outbox", "job", confirmed.claim().job())))
                .isEqualTo(database.texts(
                        ended.formatted("announcement", "job", confirmed.claim().job())))
                .isEqualTo(database.texts(
                        ended.formatted("job", "job", confirmed.claim().job())))
                .hasSize(1);
    }

    @Test
    void passesThePointsOfBothAroundOneCommit() throws Exception {
        Confirmed confirmed = confirmed(1);
        Thread me = Thread.currentThread();
        var passed = new ArrayList<String>();

        try (var _ = Faults.onEveryPass((point, side) -> {
            if (Thread.currentThread().equals(me)) {
                passed.add(side + " " + point);
            }
        })) {
            turn(confirmed);
        }

        assertThat(passed)
                .containsExactly(
                        "BEFORE " + FaultPoint.PUBLISH_COMMIT,
                        "BEFORE " + FaultPoint.JOURNAL_END,
                        "BEFORE " + FaultPoint.DATABASE_COMMIT,
                        "AFTER " + FaultPoint.DATABASE_COMMIT,
                        "AFTER " + FaultPoint.PUBLISH_COMMIT,
                        "AFTER " + FaultPoint.JOURNAL_END);
    }

    @Test
    void endsNothingWhileOthersAreInTheWayAndThenBoth() throws Exception {
        turn(confirmed(1));
        Confirmed confirmed = confirmed(OTHERS, 2);
        String over = server.live() + ".over";
        database.execute("CREATE VIEW %s AS SELECT * FROM %s.city".formatted(over, server.live()));

        Unavailable refused = catchThrowableOfType(Unavailable.class, () -> turn(confirmed));

        assertThat(refused.failure().code()).isEqualTo(FailureCode.OBJECT_IN_THE_WAY);
        assertNothingOf(confirmed);
        database.execute("DROP VIEW " + over);
        assertThat(turn(confirmed)).isInstanceOf(Pivot.Turn.Ended.class);
        assertThat(hasEnded(confirmed)).isTrue();
    }

    @Test
    void isAskedForByOneUrlAndOneRole() {
        StorePlaces apart = places(server, TestPlaces.elsewhere(server));

        assertThat(pivot).isInstanceOf(OneDatabase.class);
        assertThat(apart.pivot(journal, datastore)).isNotInstanceOf(OneDatabase.class);
    }

    @FaultRow({"J3", "J9", "P2"})
    @ParameterizedTest
    @EnumSource(CutProxy.Moment.class)
    void bothHaveHappenedOrNeitherWhereverTheConnectionIsCut(CutProxy.Moment moment) throws Exception {
        int requests = 0;
        int lostAnswers = 0;
        int nothingKept = 0;
        try (CutProxy proxy = CutProxy.before(database.url());
                Cut cut = new Cut(proxy)) {
            for (int request = 1, uncut = 0; uncut < END; request++) {
                Confirmed confirmed = confirmed(request);
                // A connection that was cut is noticed, and a new one greeted, before anything counts.
                cut.datastore.state(city.dataset());
                proxy.cutAt(moment, request);
                boolean isUnknown = false;
                boolean isAnswered = false;
                try {
                    isAnswered = cut.pivot.publish(confirmed.publication(), end(confirmed)) instanceof Pivot.Turn.Ended;
                } catch (Unavailable lost) {
                    isUnknown = lost.failure() instanceof Failure.Unknown;
                }
                uncut = proxy.disarm() ? 0 : uncut + 1;
                requests = uncut == 0 ? request : requests;

                boolean published = isPublished(confirmed);
                assertThat(hasEnded(confirmed)).as("request " + request).isEqualTo(published);
                lostAnswers += published && isUnknown ? 1 : 0;
                nothingKept += published ? 0 : 1;
                if (!published) {
                    assertThat(isAnswered).isFalse();
                    assertThat(turn(confirmed)).isInstanceOf(Pivot.Turn.Ended.class);
                }
            }
        }

        System.out.printf(
                "pivot cuts %s: %d requests, %d lost answers of the commit, %d times nothing was kept%n",
                moment, requests, lostAnswers, nothingKept);
        assertThat(requests).isGreaterThan(10);
        assertThat(nothingKept).isGreaterThan(10);
        if (moment == CutProxy.Moment.AFTER) {
            assertThat(lostAnswers).isPositive();
        }
    }

    /// The same stores behind a proxy.
    private final class Cut implements AutoCloseable {
        private final SqlJournal journal;
        private final Datastore datastore;
        private final Pivot pivot;

        Cut(CutProxy proxy) {
            var address = new PostgresAddress(proxy.instead(database.url()), database.user(), database.password());
            var behind = new StorePlace.Server(address, server.connections(), server.stem(), server.live());
            StorePlaces places = places(behind, behind);
            journal = places.openJournal(DatasetScript.ids());
            datastore = places.openDatastore(DatasetScript.ids());
            pivot = places.pivot(journal, datastore);
        }

        @Override
        public void close() {
            datastore.close();
            journal.close();
        }
    }
}
