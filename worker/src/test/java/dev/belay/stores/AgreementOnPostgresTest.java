package dev.belay.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.job.Epoch;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.IdSource;
import dev.belay.job.JobFailure;
import dev.belay.job.Unavailable;
import dev.belay.journal.JournalReader;
import dev.belay.kit.TestDatabase;
import dev.belay.kit.TestDatabases;
import dev.belay.runtime.Stores;
import dev.belay.runtime.folder.DataFolder;
import dev.belay.saga.World;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.Outcome;
import dev.belay.sql.PostgresAddress;
import dev.belay.upkeep.Item;
import dev.belay.upkeep.Repair;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Whether stores in PostgreSQL belong together and are of the same moment is asked before a worker begins, and what
/// can be mended is mended by `belay repair`.
@ExtendWith(TestDatabases.class)
final class AgreementOnPostgresTest {
    private final TestDatabase database;
    private final IdSource ids = IdSource.random(InstantSource.system());

    @TempDir
    private Path folder = Path.of("");

    private StorePlace.Server server;
    private StorePlaces places;
    private World world;

    AgreementOnPostgresTest(TestDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void publishesVersionOne() throws Exception {
        server = TestPlaces.server(database);
        places = new StorePlaces(folder, server, server, new Random(1));
        world = World.withVersionOne(folder, places);
        world.stores().close();
    }

    @AfterEach
    void end() {
        world.close();
    }

    @Test
    void findsWhatItHasPublishedAtTheNextStart() throws Exception {
        loads("code,n\n007,1\n", 2);

        assertThat(world.rows()).containsExactly(List.of("007", 1L));
    }

    @Test
    void beginsNoJournalBesideADatastoreThatHasClaims() throws Exception {
        String id = journalId();
        database.execute("DROP SCHEMA %s_journal CASCADE".formatted(server.stem()));

        assertThat(refusal().code()).isEqualTo(FailureCode.JOURNAL_LOST);
        assertThat(refusal().message()).contains("there is no journal in postgresql://");

        mended(Item.Answer.FORCE);
        assertThat(journalId()).isEqualTo(id);
        loads("code,n\n007,1\n", 2);
    }

    @Test
    void makesNoCatalogBesideAJournalThatHasClaims() throws Exception {
        database.execute("DROP SCHEMA %s CASCADE".formatted(server.stem()));

        assertThat(refusal().code()).isEqualTo(FailureCode.CATALOG_LOST);

        List<Item> items = repair().look();
        assertThat(items).extracting(Item::answer).containsExactly(Item.Answer.NONE);
        assertThat(items.getFirst().next()).contains("restore a backup of the database");
    }

    @Test
    void refusesAJournalThatIsOlderThanTheCatalog() throws Exception {
        database.execute("UPDATE %s.dataset SET fence = fence + 5".formatted(server.stem()));

        assertThat(refusal().code()).isEqualTo(FailureCode.STORES_DISAGREE);
        assertThat(refusal().message()).contains("the journal in postgresql://", "is older than the catalog in");

        mended(Item.Answer.FORCE);
        loads("code,n\n007,1\n", 2);
    }

    @Test
    void refusesACatalogThatIsOlderThanTheJournal() throws Exception {
        loads("code,n\n007,1\n", 2);
        world.stores().close();
        String id = journalId();
        setCatalogBack();

        assertThat(refusal().code()).isEqualTo(FailureCode.STORES_DISAGREE);
        assertThat(refusal().message()).contains("it lacks versions of d that were published");

        mended(Item.Answer.FORCE);
        assertThat(journalId()).isEqualTo(id);
        assertThat(database.texts("SELECT nspname FROM pg_namespace WHERE nspname LIKE '%s\\_journal\\_replaced%%'"
                        .formatted(server.stem())))
                .hasSize(1);
        loads("code,n\n008,1\n", 2);
    }

    private void setCatalogBack() throws SQLException {
        String stem = server.stem();
        database.execute("""
                UPDATE %1$s.dataset SET next_version = 2,
                  head = (SELECT id FROM %1$s.commits WHERE version = 1);
                DELETE FROM %1$s.commits WHERE version = 2;
                DELETE FROM %1$s.version WHERE version = 2;
                """.formatted(stem));
        String table = database.texts(
                        "SELECT tablename FROM pg_tables WHERE schemaname = '%s_versions' AND tablename LIKE 'd-2-%%'"
                                .formatted(stem))
                .getFirst();
        database.execute("DROP TABLE %s_versions.\"%s\" CASCADE".formatted(stem, table));
    }

    @Test
    void refusesADatastoreThatAnotherJournalDecidesAbout() throws Exception {
        StorePlace.Server another = TestPlaces.server(database);
        var foreign = new StorePlaces(folder, another, server, new Random(1));

        Failure first = catchThrowableOfType(JobFailure.class, () -> Stores.open(DataFolder.at(folder), foreign, ids))
                .failure();
        assertThat(first.code()).isEqualTo(FailureCode.JOURNAL_LOST);
        try (var own = foreign.openJournal(ids)) {
            own.raiseEpochs(Map.of(World.DATASET, new Epoch(9)));
        }
        Failure claimed = catchThrowableOfType(JobFailure.class, () -> Stores.open(DataFolder.at(folder), foreign, ids))
                .failure();
        assertThat(claimed.code()).isEqualTo(FailureCode.FOREIGN_DATASTORE);
        assertThat(claimed.message()).contains("the catalog in postgresql://", "belongs to the journal " + journalId());
        assertThat(new Repair(foreign, ids, InstantSource.system()).look())
                .extracting(Item::answer)
                .containsExactly(Item.Answer.FORCE);
    }

    @Test
    void refusesAJournalThatDecidesAboutAnotherDatastoreAlsoBeforeAnyClaim(@TempDir Path elsewhere) throws Exception {
        StorePlace.Server first = TestPlaces.server(database);
        StorePlace.Server second = TestPlaces.server(database);
        Stores.open(DataFolder.at(elsewhere), new StorePlaces(elsewhere, first, first, new Random(1)), ids)
                .close();

        var mixed = new StorePlaces(elsewhere, first, second, new Random(1));

        assertThatThrownBy(() -> Stores.open(DataFolder.at(elsewhere), mixed, ids))
                .isInstanceOfSatisfying(
                        JobFailure.class,
                        failed -> assertThat(failed.failure().code()).isEqualTo(FailureCode.FOREIGN_DATASTORE));
        // The datastore was made and noted meanwhile; the answer stays.
        assertThatThrownBy(() -> Stores.open(DataFolder.at(elsewhere), mixed, ids))
                .hasMessageContaining("decides about the datastore");
        // Whose it is was not decided by a wrong setting.
        Stores.open(DataFolder.at(elsewhere), new StorePlaces(elsewhere, second, second, new Random(1)), ids)
                .close();
    }

    @Test
    void mendsADatastoreWhoseJournalIsGoneBeforeAnyClaim(@TempDir Path elsewhere) throws Exception {
        StorePlace.Server young = TestPlaces.server(database);
        var both = new StorePlaces(elsewhere, young, young, new Random(1));
        Stores.open(DataFolder.at(elsewhere), both, ids).close();
        database.execute("DROP SCHEMA %s_journal CASCADE".formatted(young.stem()));

        for (int again = 0; again < 2; again++) {
            assertThatThrownBy(() -> Stores.open(DataFolder.at(elsewhere), both, ids))
                    .isInstanceOfSatisfying(
                            JobFailure.class,
                            failed -> assertThat(failed.failure().code()).isEqualTo(FailureCode.FOREIGN_DATASTORE));
        }
        var repair = new Repair(both, ids, InstantSource.system());
        List<Item> items = repair.look();
        assertThat(items).extracting(Item::answer).containsExactly(Item.Answer.FORCE);
        repair.mend(items.getFirst());
        assertThat(repair.look()).isEmpty();
        Stores.open(DataFolder.at(elsewhere), both, ids).close();
    }

    @Test
    void worksWithAJournalInFilesToo(@TempDir Path elsewhere) throws Exception {
        var mixed = new StorePlaces(
                elsewhere, new StorePlace.Folder(elsewhere), TestPlaces.server(database), new Random(1));
        try (World other = World.withVersionOne(elsewhere, mixed)) {
            other.assertAtRest();
        }
        database.execute("DROP SCHEMA %s CASCADE".formatted(((StorePlace.Server) mixed.datastore()).stem()));

        assertThatThrownBy(() -> Stores.open(DataFolder.at(elsewhere), mixed, ids))
                .hasMessageContaining("there is no catalog in postgresql://");
    }

    @Test
    void refusesWhatANewerProgramHasMadeAndShowsItAllTheSame() throws Exception {
        database.execute("UPDATE %s_journal.belay_stamp SET version = 99".formatted(server.stem()));

        Unavailable refused =
                catchThrowableOfType(Unavailable.class, () -> Stores.open(DataFolder.at(folder), places, ids));

        assertThat(refused.failure().code()).isEqualTo(FailureCode.JOURNAL_TOO_NEW);
        try (JournalReader reader = places.readJournal().orElseThrow()) {
            assertThat(reader.isTooNew()).isTrue();
            assertThat(reader.jobs(10)).hasSize(1);
        }
    }

    @Test
    void namesTheRightThatIsMissing() throws Exception {
        String role = "poor_" + server.stem();
        database.execute("CREATE ROLE %s LOGIN PASSWORD 'x'".formatted(role));
        try {
            var address = new PostgresAddress(database.url(), role, "x");
            var poor = new StorePlace.Server(address, 4, role, role + "_live");
            var poorPlaces = new StorePlaces(folder, poor, poor, new Random(1));

            Unavailable refused =
                    catchThrowableOfType(Unavailable.class, () -> Stores.open(DataFolder.at(folder), poorPlaces, ids));

            assertThat(refused.failure().code()).isEqualTo(FailureCode.STORE_FORBIDDEN);
            assertThat(refused.failure().message())
                    .contains("a right is missing in postgresql://", "permission denied for database");
        } finally {
            database.execute("DROP ROLE " + role);
        }
    }

    @Test
    void saysWhereNoServerAnswers() {
        var address = new PostgresAddress("jdbc:postgresql://localhost:1/belay", "belay", "x");
        var nowhere = new StorePlace.Server(address, 4);

        Unavailable refused = catchThrowableOfType(
                Unavailable.class,
                () -> Stores.open(
                        DataFolder.at(folder), new StorePlaces(folder, nowhere, nowhere, new Random(1)), ids));

        assertThat(refused.failure().code()).isEqualTo(FailureCode.STORE_UNAVAILABLE);
        assertThat(refused.failure().message()).contains("postgresql://localhost:1/belay cannot be reached");
    }

    private Failure refusal() {
        return catchThrowableOfType(JobFailure.class, () -> Stores.open(DataFolder.at(folder), places, ids))
                .failure();
    }

    private Repair repair() {
        return new Repair(places, ids, InstantSource.system());
    }

    private void mended(Item.Answer answer) {
        List<Item> items = repair().look();
        assertThat(items).isNotEmpty().extracting(Item::answer).containsOnly(answer);
        items.forEach(item -> repair().mend(item));
        assertThat(repair().look()).isEmpty();
    }

    private String journalId() {
        try (JournalReader reader = places.readJournal().orElseThrow()) {
            return reader.id();
        }
    }

    private void loads(String content, int version) throws Exception {
        world.file("next.csv", content);
        world.send("job-" + ids.next(), JobMessage.replace(World.DATASET.value(), JobMessage.Source.url("next.csv")));
        world.live("0").drain();
        assertThat(world.receipt().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(world.head().version()).isEqualTo(version);
    }
}
