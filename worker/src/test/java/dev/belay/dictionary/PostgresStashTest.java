package dev.belay.dictionary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.dictionary.postgres.PostgresStash;
import dev.belay.fault.FaultPoint;
import dev.belay.fault.FaultPoint.Side;
import dev.belay.fault.Faults;
import dev.belay.job.DatasetId;
import dev.belay.job.FailureCode;
import dev.belay.job.OperationId;
import dev.belay.job.Unavailable;
import dev.belay.journal.PostgresJournals;
import dev.belay.journal.postgres.PostgresJournal;
import dev.belay.kit.FaultRow;
import dev.belay.kit.Injections;
import dev.belay.kit.TestDatabase;
import dev.belay.kit.TestDatabases;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestDatabases.class)
final class PostgresStashTest extends StashContract {
    private final TestDatabase database;
    private final String schema;
    private final PostgresJournal journal;

    PostgresStashTest(TestDatabase database) {
        this.database = database;
        this.schema = database.newSchema();
        this.journal = PostgresJournals.opened(database, database.newSchema());
    }

    @AfterEach
    void close() {
        journal.close();
    }

    @Override
    Stash stash() {
        return PostgresStash.open(journal.database(), schema);
    }

    @Override
    void damage(DatasetId dataset, OperationId operation) {
        execute("UPDATE %s.copy SET envelope = set_byte(envelope, 99, 33) WHERE dataset = '%s' AND operation = '%s'"
                .formatted(schema, dataset, operation));
    }

    private void execute(String sql) {
        try {
            database.execute(sql);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    @FaultRow("S2")
    void keepsEveryByteOfADamagedCopyAlsoWhenItIsResolved() throws SQLException {
        stash().put(entry(AIR, FIRST));
        damage(AIR, FIRST);
        String bytes = "SELECT encode(envelope, 'hex') FROM %s.".formatted(schema);
        List<String> before = database.texts(bytes + "copy");

        stash().resolve(onlyCorrupt(stash().read(AIR)));

        assertThat(database.texts(bytes + "set_aside")).isEqualTo(before);
        assertThat(database.texts(bytes + "copy")).isEmpty();
    }

    @Test
    void aCopyUnderAnotherNameIsCorrupt() {
        stash().put(entry(AIR, FIRST));
        execute("UPDATE %s.copy SET dataset = 'water'".formatted(schema));

        assertThat(onlyCorrupt(stash().read(WATER)).reason()).contains("dataset air");

        stash().put(entry(AIR, FIRST));
        execute("UPDATE %s.copy SET operation = '%s'".formatted(schema, SECOND));

        assertThat(onlyCorrupt(stash().read(AIR)).reason()).contains(FIRST.value());
    }

    @Test
    void whoOnlyLooksMovesNothingAndMayResolveWhereItStands() {
        stash().put(entry(AIR, FIRST));
        stash().put(entry(AIR, SECOND));
        damage(AIR, FIRST);
        Stash looking = PostgresStash.thatOnlyLooks(journal.database(), schema);

        StashReading.Corrupt corrupt = onlyCorrupt(looking.read(AIR));

        assertThat(looking.list()).containsExactly(new StashReading.Held(entry(AIR, SECOND)), corrupt);
        assertThat(looking.resolve(new StashReading.Corrupt(AIR, "copy " + SECOND, "it is whole")))
                .isFalse();
        assertThat(looking.resolve(corrupt)).isTrue();
        assertThat(looking.resolve(corrupt)).isFalse();
        assertThat(stash().list()).containsExactly(new StashReading.Held(entry(AIR, SECOND)));
    }

    @Test
    void whatSeveralFindDamagedIsSetAsideOnce() throws Exception {
        stash().put(entry(AIR, FIRST));
        damage(AIR, FIRST);
        // Both have found it before either moves it.
        try (Faults.Watch _ = Injections.meetingAt(FaultPoint.STASH_SET_ASIDE, Side.BEFORE);
                var threads = Executors.newFixedThreadPool(2)) {
            List<Future<List<StashReading>>> readings = IntStream.range(0, 2)
                    .mapToObj(worker -> threads.submit(() -> stash().read(AIR)))
                    .toList();

            assertThat(readings.getFirst().get(60, TimeUnit.SECONDS))
                    .isEqualTo(readings.getLast().get(60, TimeUnit.SECONDS))
                    .hasSize(1);
        }
    }

    @Test
    @FaultRow("S1")
    void aWriteThatFailsLeavesNothingAndSaysSo() {
        Stash stash = stash();
        try (Faults.Arm _ = Injections.failing(FaultPoint.DATABASE_COMMIT, Side.BEFORE)) {
            Unavailable failed = catchThrowableOfType(Unavailable.class, () -> stash.put(entry(AIR, FIRST)));

            assertThat(failed.failure().code()).isEqualTo(FailureCode.STASH_WRITE_FAILED);
            assertThat(failed).hasMessageContaining("the dictionary of air");
        }
        assertThat(stash.list()).isEmpty();
    }
}
