package dev.belay.datastore.postgres;

import static dev.belay.datastore.DatasetScript.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.datastore.DatasetScript;
import dev.belay.datastore.IndexPlan;
import dev.belay.datastore.Publication;
import dev.belay.datastore.PublishResult;
import dev.belay.datastore.Staged;
import dev.belay.datastore.StagedReading;
import dev.belay.datastore.StagingPlan;
import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import dev.belay.job.Epoch;
import dev.belay.job.Failure;
import dev.belay.job.IdSource;
import dev.belay.job.JobFailure;
import dev.belay.job.ListRows;
import dev.belay.job.Mode;
import dev.belay.job.Progress;
import dev.belay.job.Unavailable;
import dev.belay.kit.CutProxy;
import dev.belay.kit.FaultRow;
import dev.belay.kit.TestDatabase;
import dev.belay.kit.TestDatabases;
import dev.belay.sql.PostgresAddress;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The connection is cut at every request of a load, before the server gets it and after it has answered.
/// What is there afterwards is what was before or what was to be, whole, and reading tells which; then the
/// load goes on from there.
@ExtendWith(TestDatabases.class)
final class PostgresCutsTest {
    private static final List<Column> COLUMNS = DatasetScript.columns(ColumnType.INTEGER, ColumnType.TEXT);
    // Several chunks of a COPY.
    private static final int ROWS = 700;
    // So many requests in a row that did not come are the end of a load.
    private static final int END = 15;
    private static final String TEXT = "x".repeat(200);
    private static final Set<String> COMMITS = Set.of("stage", "index", "seal", "publish");

    private final CutProxy proxy;
    private final PostgresDatastore store;
    private final PostgresDatastore watcher;
    private final DatasetScript air;
    private final IdSource ids = DatasetScript.ids();
    private final Set<String> lostAnswers = new TreeSet<>();
    private int nothingKept;

    PostgresCutsTest(TestDatabase database) {
        Schemas schemas = PostgresDatastores.schemas(database);
        watcher = PostgresDatastores.opened(database, schemas);
        proxy = CutProxy.before(database.url());
        store = PostgresDatastore.open(
                new PostgresAddress(proxy.instead(database.url()), database.user(), database.password()),
                schemas,
                PostgresDatastores.CONNECTIONS,
                new Random(1),
                PostgresDatastores.CORES);
        air = new DatasetScript(watcher, "air", ids);
        watcher.fence(air.dataset(), new Epoch(1));
    }

    @AfterEach
    void close() {
        store.close();
        watcher.close();
        proxy.close();
    }

    @FaultRow({"L2", "L3", "P2"})
    @ParameterizedTest
    @EnumSource(CutProxy.Moment.class)
    void whatIsThereAfterACutIsWholeAndTheLoadGoesOn(CutProxy.Moment moment) throws Exception {
        air.loadAll(Mode.REPLACE, COLUMNS, List.of(), rows(3));
        int requests = cutAtEach(moment);

        assertThat(requests).isGreaterThan(30);
        switch (moment) {
            case BEFORE -> assertThat(nothingKept).isPositive();
            case AFTER -> assertThat(lostAnswers).isNotEmpty();
        }
        System.out.printf(
                "datastore cuts %s: %d requests, lost answers of the commits of %s, %d times nothing was kept%n",
                moment, requests, lostAnswers, nothingKept);
    }

    /// Now and then the pool opens a connection, whose greetings are requests too, so that the cut at a request may
    /// pass a commit by; commits are counted by themselves.
    @FaultRow({"L3", "P2"})
    @Test
    void theAnswerOfEachCommitMayBeLost() throws Exception {
        air.loadAll(Mode.REPLACE, COLUMNS, List.of(), rows(3));
        int commit = 1;
        for (boolean cut = true; cut; commit++) {
            int nth = commit;
            cut = loadsThroughACut(() -> proxy.cutAtCommit(nth));
        }

        assertThat(commit - 2).isGreaterThanOrEqualTo(COMMITS.size());
        assertThat(lostAnswers).isEqualTo(COMMITS);
    }

    /// @return how many requests a load has
    private int cutAtEach(CutProxy.Moment moment) throws Exception {
        int request = 1;
        // What comes in the middle of a COPY has no answer to be cut at; into how many pieces it comes, the network
        // decides.
        for (int uncut = 0; uncut < END; request++) {
            int nth = request;
            uncut = loadsThroughACut(() -> proxy.cutAt(moment, nth)) ? 0 : uncut + 1;
        }
        return request - END - 1;
    }

    private static List<List<@Nullable Object>> rows(int count) {
        return LongStream.range(0, count).mapToObj(at -> row(at, TEXT)).toList();
    }

    /// @return whether it came to the cut
    private boolean loadsThroughACut(Runnable armed) throws Exception {
        StagingPlan plan = air.plan(Mode.APPEND, COLUMNS, "a");
        long before = air.head().rows();
        List<List<@Nullable Object>> more = rows(ROWS);
        var index = new IndexPlan(List.of("b"), false);
        armed.run();

        Staged staged = surely(
                "stage", () -> store.stage(plan, new ListRows(more), Progress.SILENT), () -> switch (watcher.staged(
                        plan)) {
                    case StagedReading.Whole(Staged whole) -> whole;
                    case StagedReading.Absent() -> null;
                    case StagedReading.Partial(), StagedReading.Foreign _ ->
                        throw new AssertionError("what a cut has left is neither whole nor nothing");
                });
        surely(
                "index",
                () -> {
                    store.index(plan, List.of(index));
                    return true;
                },
                () -> null);
        Staged sealed = surely("seal", () -> store.seal(plan, staged), () -> null);
        Publication publication = air.publication(plan, sealed);
        PublishResult result = surely(
                "publish",
                () -> store.publish(publication),
                () -> watcher.commit(plan.commit())
                        .map(PublishResult.Published::new)
                        .orElse(null));
        boolean cut = proxy.disarm();

        assertThat(result).isInstanceOf(PublishResult.Published.class);
        assertThat(air.head().id()).isEqualTo(plan.commit());
        assertThat(air.head().rows()).isEqualTo(before + ROWS);
        assertThat(watcher.isIntact(air.head())).isTrue();
        assertThat(watcher.stagedObjects()).isEmpty();
        watcher.retire(air.dataset(), 1);
        // It must not grow with every cut.
        air.loadAll(Mode.REPLACE, COLUMNS, List.of(), rows(3));
        return cut;
    }

    /// Does a step, and where it was cut off reads what came of it: what was done is not done again. A
    /// connection that was cut while nobody waited for an answer is noticed by the next step only.
    private <T> T surely(String step, Step<T> once, Made<T> made) throws JobFailure, IOException {
        for (int tries = 1; true; tries++) {
            try {
                return once.make();
            } catch (Unavailable cut) {
                assertThat(tries).as(step).isLessThan(3);
                T there = made.look();
                if (cut.failure() instanceof Failure.Unknown) {
                    if (there != null || step.equals("index") || step.equals("seal")) {
                        lostAnswers.add(step);
                    }
                } else {
                    assertThat(cut.failure()).as(step).isInstanceOf(Failure.Transient.class);
                    assertThat(there).as(step).isNull();
                }
                if (there != null) {
                    return there;
                }
                nothingKept++;
            }
        }
    }

    @FunctionalInterface
    private interface Step<T> {
        T make() throws JobFailure, IOException;
    }

    @FunctionalInterface
    private interface Made<T> {
        @Nullable T look();
    }
}
