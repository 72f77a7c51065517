package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.kit.TestDatabase;
import dev.belay.kit.TestDatabases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The same over journal, stash and datastore in PostgreSQL.
@ExtendWith(TestDatabases.class)
final class CommandsOnPostgresTest extends CommandsContract {
    private final TestDatabase database;

    CommandsOnPostgresTest(TestDatabase database) {
        this.database = database;
    }

    @Override
    Map<String, String> stores() {
        String url = database.url().replace("://", "://" + database.user() + "@");
        return Map.of("journal.url", url, "journal.password", database.password(), "datastore.url", url);
    }

    @Override
    BooleanSupplier damagedCopy(Path data, String dataset, String operation) throws Exception {
        database.execute("INSERT INTO belay_stash.copy (dataset, operation, envelope) VALUES ('%s', '%s', '\\x00')"
                .formatted(dataset, operation));
        return () -> {
            try {
                return !database.texts("SELECT 1 FROM belay_stash.copy WHERE dataset = '%s'".formatted(dataset))
                        .isEmpty();
            } catch (SQLException failed) {
                throw new IllegalStateException(failed);
            }
        };
    }

    @Test
    void namesTheViewThatIsReadWhereThereIsNoFile() throws Exception {
        Transcript run = belay("run", file("viewed.csv", "id,name\n1,one\n").toString());
        Transcript shown = belay("datasets", "show", "viewed");
        Transcript listed = belay("datasets", "list", "--json");

        assertThat(run.out()).contains("view      \"public\".\"viewed\" in postgresql://");
        assertThat(shown.out()).contains("view         \"public\".\"viewed\" in postgresql://", "one");
        assertThat(named(listed.json(), "dataset", "viewed").path("view").asString())
                .isEqualTo("\"public\".\"viewed\"");
        assertThat(database.texts("SELECT name FROM viewed")).containsExactly("one");
    }

    @Test
    void keepsNoStoreInTheDataFolder() throws Exception {
        belay("run", file("nofile.csv", "id\n1\n").toString());

        Transcript repair = belay("repair");

        assertThat(repair.out()).contains("nothing to repair");
        try (Stream<Path> files = Files.walk(data())) {
            assertThat(files.map(file -> String.valueOf(file.getFileName())))
                    .doesNotContain("journal.db", "catalog.db", "journal.id");
        }
    }

    @Test
    void refusesToRepairWhileAWorkerLivesOnAnyHost() {
        Transcript refused = belay("repair", "--confirm");

        assertThat(refused.code()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(refused.err()).contains("DATA_FOLDER_IN_USE", "workers live on this journal", "-0]");
    }
}
