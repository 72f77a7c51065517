package dev.belay.datastore;

import static dev.belay.datastore.DatasetScript.columns;
import static dev.belay.datastore.DatasetScript.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import dev.belay.job.Epoch;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.ListRows;
import dev.belay.job.Mode;
import dev.belay.job.OperationId;
import dev.belay.job.Progress;
import dev.belay.job.RowSink;
import dev.belay.job.Sha256;
import dev.belay.job.TypedTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What every datastore promises of tables that are staged: modes, manifests, keys, names.
abstract class StagingContract extends DatastoreContract {
    // Computed by RowDigestTest's own arithmetic, over (1, "x"), (2, null): no store may differ from it.
    static final Sha256 DIGEST_OF_TWO_ROWS =
            new Sha256("157f19d2c1902bf8a9b9ee183921d9cb9eb788fca4e44b0a2ce55b27b6a7b31f");

    @Test
    void writesTheSameManifestInEveryStore() throws Exception {
        StagingPlan plan = air.plan(Mode.REPLACE, ID_NAME);

        Staged staged = store.stage(plan, new ListRows(List.of(row(1L, "x"), row(2L, null))), Progress.SILENT);

        assertThat(staged).isEqualTo(new Staged(2, 2, 0, 0, DIGEST_OF_TWO_ROWS));
        assertThat(store.staged(plan)).isEqualTo(new StagedReading.Whole(staged));
    }

    @Test
    void saysInTheManifestHowManyRowsWereLeftOutBeforeItGotThem() throws Exception {
        load(1, "x");
        for (Mode mode : Mode.values()) {
            StagingPlan plan = air.plan(mode, ID_NAME, "a");
            var rows = new ListRows(List.of(row(2L, "x"), row(3L, null))) {
                @Override
                public long deduplicated() {
                    return 5;
                }
            };

            Staged staged = store.stage(plan, rows, Progress.SILENT);

            assertThat(staged.loaded()).as("%s", mode).isEqualTo(2);
            assertThat(staged.deduplicated()).as("%s", mode).isEqualTo(5);
            assertThat(store.staged(plan)).isEqualTo(new StagedReading.Whole(staged));
        }
    }

    @Test
    void readsBackWhatWasSealedAndSealsAgain() throws Exception {
        StagingPlan plan = air.plan(Mode.REPLACE, ID_NAME);
        Staged sealed = air.sealed(plan, row(1L, "x"), row(2L, null));

        assertThat(sealed.bytes()).isPositive();
        assertThat(store.staged(plan)).isEqualTo(new StagedReading.Whole(sealed));
        assertThat(store.seal(plan, sealed)).isEqualTo(sealed);
    }

    @Test
    void refusesToSealSomethingElse() throws Exception {
        StagingPlan plan = air.plan(Mode.REPLACE, ID_NAME);
        Staged staged = store.stage(plan, new ListRows(List.of(row(1L, "x"))), Progress.SILENT);
        var otherRows = new Staged(2, 2, 0, 0, staged.digest());
        var otherDigest = new Staged(1, 1, 0, 0, Sha256.of(new byte[0]));

        assertThat(codeOf(() -> store.seal(plan, otherRows))).isEqualTo(FailureCode.UNVERIFIABLE);
        assertThat(codeOf(() -> store.seal(plan, otherDigest))).isEqualTo(FailureCode.UNVERIFIABLE);
        assertThat(codeOf(() -> store.seal(air.plan(Mode.REPLACE, ID_NAME), staged)))
                .isEqualTo(FailureCode.UNVERIFIABLE);
    }

    @Test
    void neverAdoptsWhatIsAlreadyThere() throws Exception {
        StagingPlan plan = air.plan(Mode.REPLACE, ID_NAME);
        Staged first = air.sealed(plan, row(1L, "x"));

        assertThatThrownBy(() -> air.sealed(plan, row(2L, "y"))).isInstanceOf(IllegalStateException.class);
        assertThat(store.staged(plan)).isEqualTo(new StagedReading.Whole(first));
    }

    @Test
    void replacesNothingWithNothing() throws Exception {
        Commit empty = air.load(Mode.REPLACE, ID_NAME, List.of());

        assertThat(empty.rows()).isZero();
        assertThat(air.rows()).isEmpty();
        assertThat(store.isIntact(empty)).isTrue();
    }

    @Test
    void appendsAfterTheRowsOfTheBase() throws Exception {
        load(1, "x");
        StagingPlan plan = air.plan(Mode.APPEND, ID_NAME);

        Staged staged = air.sealed(plan, row(1L, "again"), row(2L, "y"));
        store.publish(air.publication(plan, staged));

        assertThat(staged.rows()).isEqualTo(3);
        assertThat(staged.loaded()).isEqualTo(2);
        assertThat(staged.deduplicated()).isZero();
        assertThat(air.rows()).containsExactly(row(1L, "x"), row(1L, "again"), row(2L, "y"));
        assertThat(store.isIntact(air.head())).isTrue();
    }

    @Test
    void appendsAndUpsertsToNothing() throws Exception {
        Commit first = air.load(Mode.APPEND, ID_NAME, List.of(), row(1L, "x"));
        assertThat(first.version()).isEqualTo(1);

        var other = new DatasetScript(store, "other", () -> "03000000000000000000000000");
        store.fence(other.dataset(), new Epoch(1));
        other.load(Mode.UPSERT, ID_NAME, List.of("a"), row(1L, "x"), row(1L, "y"));
        assertThat(other.rows()).containsExactly(row(1L, "y"));
    }

    @Test
    void replacesRowsOfTheSameKeyInTheirPlaceAndAddsTheOthers() throws Exception {
        air.load(Mode.REPLACE, ID_NAME, List.of(), row(1L, "one"), row(2L, "two"), row(3L, "three"));
        StagingPlan plan = air.plan(Mode.UPSERT, ID_NAME, "a");

        Staged staged = air.sealed(plan, row(2L, "zwei"), row(4L, "vier"), row(2L, "deux"), row(4L, "quatre"));
        store.publish(air.publication(plan, staged));

        assertThat(staged.rows()).isEqualTo(4);
        assertThat(staged.loaded()).isEqualTo(2);
        assertThat(staged.deduplicated()).isEqualTo(2);
        assertThat(air.rows()).containsExactly(row(1L, "one"), row(2L, "deux"), row(3L, "three"), row(4L, "quatre"));
    }

    @Test
    void upsertsAgainOnWhatWasUpserted() throws Exception {
        air.load(Mode.UPSERT, ID_NAME, List.of("a"), row(1L, "x"), row(2L, "y"));
        air.load(Mode.UPSERT, ID_NAME, List.of("a"), row(2L, "z"), row(3L, "w"));
        air.load(Mode.UPSERT, ID_NAME, List.of("b"), row(9L, "z"));

        assertThat(air.rows()).containsExactly(row(1L, "x"), row(9L, "z"), row(3L, "w"));
    }

    @Test
    void keysOfSeveralColumnsAreComparedAsAWhole() throws Exception {
        List<Column> three = columns(ColumnType.TEXT, ColumnType.TEXT, ColumnType.INTEGER);
        air.load(Mode.UPSERT, three, List.of("a", "b"), row("ab", "c", 1L), row("a", "bc", 2L));
        air.load(Mode.UPSERT, three, List.of("a", "b"), row("a", "bc", 3L));

        assertThat(air.rows()).containsExactly(row("ab", "c", 1L), row("a", "bc", 3L));
    }

    @Test
    void refusesAnUpsertRowWithoutAKeyNamingTheRow() throws Exception {
        load(1, "x");
        StagingPlan plan = air.plan(Mode.UPSERT, ID_NAME, "a");

        JobFailure failed = catchThrowableOfType(
                JobFailure.class, () -> air.sealed(plan, row(1L, "y"), row(2L, "z"), row(null, "w")));

        assertThat(failed.failure().code()).isEqualTo(FailureCode.KEY_NULL);
        assertThat(failed.failure().place().record()).hasValue(3);
        assertThat(failed.failure().place().column()).contains("a");
        assertThat(store.staged(plan)).isEqualTo(new StagedReading.Absent());
    }

    @Test
    void takesColumnsForTheSameOnlyWhenTheirNamesAre() throws Exception {
        Column plain = Column.of("i", ColumnType.INTEGER);
        // Its upper case is that of i, its lower case is not.
        Column dotless = Column.of("\u0131", ColumnType.INTEGER);
        air.load(Mode.REPLACE, List.of(plain), List.of(), row(1L));
        StagingPlan both = air.plan(Mode.APPEND, List.of(plain, dotless));

        store.publish(air.publication(both, air.sealed(both, row(2L, 3L))));

        assertThat(air.rows()).containsExactly(row(1L, null), row(2L, 3L));
    }

    @Test
    void refusesAnUpsertOnABaseThatHasAKeyTwice() throws Exception {
        air.load(Mode.REPLACE, ID_NAME, List.of(), row(null, "n"), row(null, "m"), row(1L, "x"), row(1L, "y"));
        StagingPlan plan = air.plan(Mode.UPSERT, ID_NAME, "a");

        assertThat(codeOf(() -> air.sealed(plan, row(1L, "z")))).isEqualTo(FailureCode.KEY_NOT_UNIQUE);
        assertThat(store.stagedObjects()).isEmpty();
    }

    @Test
    void leavesNullsWhereBaseOrFileHaveNoSuchColumn() throws Exception {
        load(1, "x");
        List<Column> merged = columns(ColumnType.INTEGER, ColumnType.TEXT, ColumnType.DOUBLE);
        StagingPlan full = air.plan(Mode.APPEND, merged);
        // The file has its columns in another order, and no b.
        var plan = new StagingPlan(
                full.dataset(),
                full.operation(),
                full.commit(),
                full.version(),
                full.mode(),
                full.base(),
                merged,
                List.of(2, 0),
                List.of());

        store.publish(air.publication(plan, air.sealed(plan, row(2.5, 2L))));

        assertThat(air.rows()).containsExactly(row(1L, "x", null), row(2L, null, 2.5));
        assertThat(store.isIntact(air.head())).isTrue();
    }

    @Test
    void writesWidenedValuesAsTheyWereWritten() throws Exception {
        var narrow = new Column("a", "a", ColumnType.INTEGER, 0, 0);
        var decimal = new Column("a", "a", ColumnType.DECIMAL, 4, 2);
        var wide = new Column("a", "a", ColumnType.DECIMAL, 30, 2);
        air.load(Mode.REPLACE, List.of(narrow), List.of(), row(7L), row(-12L), row((Object) null));
        air.load(Mode.APPEND, List.of(decimal), List.of(), row("1.5"));
        assertThat(air.rows()).containsExactly(row("7"), row("-12"), row((Object) null), row("1.5"));

        air.load(Mode.APPEND, List.of(wide), List.of(), row("123456789012345678901234567890.12"));
        air.load(Mode.APPEND, List.of(Column.of("a", ColumnType.TEXT)), List.of(), row("n/a"));

        assertThat(air.rows())
                .containsExactly(
                        row("7"),
                        row("-12"),
                        row((Object) null),
                        row("1.5"),
                        row("123456789012345678901234567890.12"),
                        row("n/a"));
    }

    @Test
    void widensWholeNumbersThatNoDoubleHoldsWithoutLosingADigit() throws Exception {
        air.load(Mode.REPLACE, columns(ColumnType.INTEGER), List.of(), row(Long.MAX_VALUE), row(Long.MIN_VALUE));
        air.load(Mode.APPEND, List.of(new Column("a", "a", ColumnType.DECIMAL, 2, 1)), List.of(), row("0.5"));

        assertThat(air.rows()).containsExactly(row("9223372036854775807"), row("-9223372036854775808"), row("0.5"));
    }

    @Test
    void widensBooleansAndDatesToText() throws Exception {
        air.load(Mode.REPLACE, columns(ColumnType.BOOLEAN, ColumnType.DATE), List.of(), row(1L, "2026-01-02"));
        air.load(Mode.APPEND, columns(ColumnType.TEXT, ColumnType.TEXT), List.of(), row("maybe", "soon"));

        assertThat(air.rows()).containsExactly(row("true", "2026-01-02"), row("maybe", "soon"));
    }

    @Test
    void upsertsOnAKeyThatBecameWider() throws Exception {
        load(1, "x");
        air.load(Mode.UPSERT, columns(ColumnType.TEXT, ColumnType.TEXT), List.of("a"), row("1", "y"), row("1a", "z"));

        assertThat(air.rows()).containsExactly(row("1", "y"), row("1a", "z"));
    }

    @Test
    void makesAKeyOnlyOfColumnsWithoutNullsAndDoubles() throws Exception {
        StagingPlan plan = air.plan(Mode.REPLACE, columns(ColumnType.INTEGER, ColumnType.TEXT, ColumnType.TEXT));
        Staged staged =
                store.stage(plan, new ListRows(List.of(row(1L, "x", null), row(2L, "x", "y"))), Progress.SILENT);

        store.index(plan, List.of(new IndexPlan(List.of("a"), true), new IndexPlan(List.of("b"), false)));
        store.index(plan, List.of(new IndexPlan(List.of("a"), true)));
        assertThat(codeOf(() -> store.index(plan, List.of(new IndexPlan(List.of("b"), true)))))
                .isEqualTo(FailureCode.KEY_NOT_UNIQUE);
        assertThat(codeOf(() -> store.index(plan, List.of(new IndexPlan(List.of("c"), true)))))
                .isEqualTo(FailureCode.KEY_NULL);

        assertThat(store.seal(plan, staged).rows()).isEqualTo(2);
    }

    @Test
    void doesNotHoldALaterAppendToTheKeyOfItsBase() throws Exception {
        StagingPlan keyed = air.plan(Mode.REPLACE, ID_NAME);
        Staged staged = store.stage(keyed, new ListRows(List.of(row(1L, "x"))), Progress.SILENT);
        store.index(keyed, List.of(new IndexPlan(List.of("a"), true), new IndexPlan(List.of("b"), false)));
        store.publish(air.publication(keyed, store.seal(keyed, staged)));

        air.load(Mode.APPEND, ID_NAME, List.of(), row(1L, "y"));

        assertThat(air.rows()).containsExactly(row(1L, "x"), row(1L, "y"));
    }

    @Test
    void dropsWhatAnAttemptStagedAndNothingElse() throws Exception {
        Commit published = load(1, "x");
        StagingPlan mine = air.plan(Mode.REPLACE, ID_NAME);
        air.sealed(mine, row(2L, "y"));
        StagingPlan other = air.plan(Mode.REPLACE, ID_NAME);
        store.stage(other, new ListRows(List.of()), Progress.SILENT);
        assertThat(store.stagedObjects())
                .extracting(StagedObject::operation)
                .containsExactlyInAnyOrder(mine.operation(), other.operation());

        assertThat(store.dropStaged(air.dataset(), mine.operation())).isTrue();
        assertThat(store.dropStaged(air.dataset(), mine.operation())).isFalse();
        assertThat(store.dropStaged(air.dataset(), published.operation())).isFalse();

        assertThat(store.stagedObjects()).extracting(StagedObject::operation).containsExactly(other.operation());
        assertThat(store.isIntact(published)).isTrue();
    }

    @Test
    void dropsTheRollbackOfAnAttemptToo() throws Exception {
        StagingPlan plan = air.plan(Mode.REPLACE, ID_NAME);
        OperationId operation = plan.operation();
        var rollback = new StagingPlan(
                plan.dataset(),
                operation,
                operation.rollbackId(),
                1,
                Mode.REPLACE,
                Optional.empty(),
                ID_NAME,
                List.of(0, 1),
                List.of());
        air.sealed(rollback);

        assertThat(store.dropStaged(air.dataset(), operation)).isTrue();
        assertThat(store.staged(rollback)).isEqualTo(new StagedReading.Absent());
    }

    @Test
    void leavesNothingBehindWhenTheSourceFails() throws Exception {
        StagingPlan plan = air.plan(Mode.REPLACE, ID_NAME);
        var failing = new FailingRows(10_000);

        assertThatThrownBy(() -> store.stage(plan, failing, Progress.SILENT)).isInstanceOf(IOException.class);

        assertThat(store.staged(plan)).isEqualTo(new StagedReading.Absent());
        assertThat(store.stagedObjects()).isEmpty();
        assertThat(air.sealed(plan, row(1L, "x")).rows()).isEqualTo(1);
    }

    @Test
    void tellsItsProgressInRows() throws Exception {
        StagingPlan plan = air.plan(Mode.REPLACE, columns(ColumnType.INTEGER));
        var heard = new ArrayList<Long>();
        var rows = new ArrayList<List<Long>>();
        for (long at = 0; at < 10_000; at++) {
            rows.add(List.of(at));
        }

        store.stage(plan, new ListRows(rows), (done, total) -> heard.add(done));

        assertThat(heard).isSorted().hasSizeGreaterThan(2).endsWith(10_000L);
    }

    @Test
    void refusesHalfASurrogatePairBecauseNoStoreKeepsIt() throws Exception {
        StagingPlan plan = air.plan(Mode.REPLACE, columns(ColumnType.TEXT));

        assertThat(codeOf(() -> air.sealed(plan, row("fine \ud83d\ude00"), row("half \ud83d"))))
                .isEqualTo(FailureCode.ENCODING_INVALID);
    }

    /// Gives some rows, then fails as a disk would.
    private record FailingRows(long rows) implements TypedTable {
        @Override
        public int parts() {
            return 1;
        }

        @Override
        public long rowsBefore(int part) {
            return 0;
        }

        @Override
        public void read(int part, RowSink sink) throws JobFailure, IOException {
            for (long row = 0; row < rows; row++) {
                sink.integer(0, row);
                sink.nothing(1);
                sink.endRow();
            }
            throw new IOException("the source is gone");
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
