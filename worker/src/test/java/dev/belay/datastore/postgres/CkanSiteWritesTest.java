package dev.belay.datastore.postgres;

import static dev.belay.datastore.DatasetScript.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.datastore.Commit;
import dev.belay.datastore.DatasetScript;
import dev.belay.datastore.Publication;
import dev.belay.datastore.PublishResult;
import dev.belay.datastore.StagingPlan;
import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import dev.belay.job.DictionaryDocument;
import dev.belay.job.Epoch;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Mode;
import dev.belay.job.Unavailable;
import dev.belay.kit.TestDatabase;
import dev.belay.kit.TestDatabases;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A site of CKAN, and the people on it, change the tables that Belay has made, and files hold what CKAN's own
/// functions choke on.
@ExtendWith(TestDatabases.class)
final class CkanSiteWritesTest {
    private static final List<Column> COLUMNS =
            List.of(Column.of("id", ColumnType.INTEGER), Column.of("words", ColumnType.TEXT));

    private final TestDatabase database;
    private final Schemas schemas;
    private final PostgresDatastore store;
    private final CkanSite site;
    private final String resource;
    private final String table;
    private final DatasetScript air;

    CkanSiteWritesTest(TestDatabase database) throws Exception {
        this.database = database;
        schemas = PostgresDatastores.schemas(database);
        store = PostgresDatastores.openedForCkan(database, schemas);
        site = new CkanSite(database, schemas).installed();
        resource = "1b6ce5f0-3b1c-4e4f-9b57-%012d"
                .formatted(Integer.parseInt(schemas.catalog().replaceAll("\\D", "")));
        table = "LIVE.\"" + resource + "\"";
        air = new DatasetScript(store, resource, DatasetScript.ids());
        store.fence(air.dataset(), new Epoch(1));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void written(String sql) throws Exception {
        site.execute(sql.formatted(table));
    }

    private List<String> words() throws Exception {
        return site.texts("SELECT words FROM %s ORDER BY _id".formatted(table));
    }

    @Test
    void anAppendBeginsWithWhatTheSiteHasMadeOfTheRows() throws Exception {
        air.load(Mode.REPLACE, COLUMNS, List.of(), row(1L, "a"), row(2L, "b"), row(3L, "c"));
        written("INSERT INTO %s (id, words) VALUES (8, 'of the site')");
        written("DELETE FROM %s WHERE id = 2");
        written("UPDATE %s SET words = 'A' WHERE id = 1");

        Commit head = air.load(Mode.APPEND, COLUMNS, List.of(), row(4L, "d"));

        assertThat(words()).containsExactly("A", "c", "of the site", "d");
        assertThat(head.rows()).isEqualTo(4);
        assertThat(store.isIntact(head)).isTrue();
    }

    @Test
    void soDoesAnUpsert() throws Exception {
        air.load(Mode.REPLACE, COLUMNS, List.of("id"), row(1L, "a"), row(2L, "b"), row(3L, "c"));
        written("INSERT INTO %s (id, words) VALUES (8, 'of the site')");
        written("DELETE FROM %s WHERE id = 2");

        Commit head = air.load(Mode.UPSERT, COLUMNS, List.of("id"), row(3L, "C"), row(9L, "d"));

        assertThat(words()).containsExactly("a", "C", "of the site", "d");
        assertThat(head.rows()).isEqualTo(4);
        assertThat(store.isIntact(head)).isTrue();
    }

    @Test
    void soDoesAnAppendForWhichTheRowsAreWidened() throws Exception {
        air.load(Mode.REPLACE, COLUMNS, List.of(), row(1L, "a"));
        written("INSERT INTO %s (id, words) VALUES (8, 'of the site')");

        List<Column> wider = List.of(Column.of("id", ColumnType.DECIMAL), Column.of("words", ColumnType.TEXT));
        Commit head = air.load(Mode.APPEND, wider, List.of(), row("4.5", "d"));

        assertThat(air.rows()).containsExactly(row("1", "a"), row("8", "of the site"), row("4.5", "d"));
        assertThat(store.isIntact(head)).isTrue();
    }

    /// They are another table's now: whoever wants them loads all rows anew.
    @Test
    void saysThatColumnsWereChangedAndGoesOnWithAReplace() throws Exception {
        for (String change : List.of("DROP COLUMN words", "ALTER COLUMN id TYPE numeric")) {
            air.load(Mode.REPLACE, COLUMNS, List.of(), row(1L, "a"));
            written("ALTER TABLE %s " + change);

            JobFailure refused = catchThrowableOfType(
                    JobFailure.class, () -> air.load(Mode.APPEND, COLUMNS, List.of(), row(2L, "b")));

            assertThat(refused.failure().code()).isEqualTo(FailureCode.STORE_CORRUPT);
            assertThat(refused.failure().message()).contains("not what was published");
        }
        air.load(Mode.REPLACE, COLUMNS, List.of(), row(3L, "c"));
        assertThat(words()).containsExactly("c");
    }

    @Test
    void restoresAVersionToWhichTheSiteHadAddedAColumnAndNoneOfOtherRows() throws Exception {
        Commit first = air.load(Mode.REPLACE, COLUMNS, List.of(), row(1L, "a"), row(2L, "b"));
        written("ALTER TABLE %s ADD COLUMN more text DEFAULT 'x'");
        Commit second = air.load(Mode.REPLACE, COLUMNS, List.of(), row(3L, "c"), row(4L, "d"));
        written("DELETE FROM %s WHERE id = 3");
        air.load(Mode.REPLACE, COLUMNS, List.of(), row(5L, "e"));

        StagingPlan plan = air.plan(Mode.REPLACE, COLUMNS);
        store.publish(air.publication(plan, store.seal(plan, store.stageCopy(plan, first))));
        assertThat(words()).containsExactly("a", "b");
        JobFailure refused =
                catchThrowableOfType(JobFailure.class, () -> store.stageCopy(air.plan(Mode.REPLACE, COLUMNS), second));
        assertThat(refused.failure().code()).isEqualTo(FailureCode.VERSION_NOT_FOUND);
    }

    @Test
    void anEditByACommandKeepsWhatTheSiteHasSaidMeanwhile() throws Exception {
        air.load(Mode.REPLACE, COLUMNS, List.of(), row(1L, "a"));
        assertThat(edited("\"title\":\"First\"")).isTrue();
        written("COMMENT ON COLUMN %s.words IS ' {\"_info\":{\"label\":\"Said\"}}'");

        assertThat(edited("\"title\":\"First\",\"description\":\"d\""))
                .as("it knew nothing of it")
                .isFalse();

        assertThat(site.comments(resource)).containsExactly("words= {\"_info\":{\"label\":\"Said\"}}");
        assertThat(air.state().dictionary().orElseThrow().json()).contains("\"title\":\"Said\"");
        assertThat(edited("\"title\":\"Said\",\"description\":\"d\"")).isTrue();
        assertThat(site.comments(resource)).containsExactly("words= {\"_info\":{\"label\":\"Said\",\"notes\":\"d\"}}");
    }

    /// While readers delay the next version, its dictionary is decided already.
    @Test
    void whatIsSaidWhileAVersionIsPublishedIsSaidOfTheNextTable() throws Exception {
        air.load(Mode.REPLACE, COLUMNS, List.of(), row(1L, "a"));
        StagingPlan plan = air.plan(Mode.REPLACE, COLUMNS);
        Publication next = air.publication(plan, air.sealed(plan, row(2L, "b")));
        try (var threads = Executors.newFixedThreadPool(2);
                var reader = database.connect();
                var statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.execute("SELECT count(*) FROM " + table.replace("LIVE", schemas.live()));
            Future<PublishResult> publishing = threads.submit(() -> store.publish(next));
            locks("mode = 'ShareUpdateExclusiveLock' AND granted");

            Future<?> saying = threads.submit(() -> {
                written("COMMENT ON COLUMN %s.words IS ' {\"_info\":{\"label\":\"Said\"}}'");
                return true;
            });
            locks("mode = 'ShareUpdateExclusiveLock' AND NOT granted");
            reader.rollback();

            assertThat(publishing.get(1, TimeUnit.MINUTES)).isInstanceOf(PublishResult.Published.class);
            saying.get(1, TimeUnit.MINUTES);
        }
        assertThat(words()).containsExactly("b");
        assertThat(site.comments(resource)).containsExactly("words= {\"_info\":{\"label\":\"Said\"}}");
    }

    /// As an index of the site's does, while it is made.
    @Test
    void whoChangesTheTableDelaysTheNextVersionAndNothingElse() throws Exception {
        air.load(Mode.REPLACE, COLUMNS, List.of(), row(1L, "a"));
        StagingPlan plan = air.plan(Mode.REPLACE, COLUMNS);
        Publication next = air.publication(plan, air.sealed(plan, row(2L, "b")));
        try (var changing = database.connect();
                var statement = changing.createStatement()) {
            changing.setAutoCommit(false);
            statement.execute("LOCK TABLE %s IN SHARE MODE".formatted(table.replace("LIVE", schemas.live())));

            store.fence(air.dataset(), new Epoch(1));
            Unavailable refused = catchThrowableOfType(Unavailable.class, () -> store.publish(next));

            assertThat(refused.failure().code()).isEqualTo(FailureCode.READERS_IN_THE_WAY);
        }
        assertThat(store.publish(next)).isInstanceOf(PublishResult.Published.class);
    }

    /// Waits until someone has, or waits for, such a lock on the resource's table.
    private void locks(String condition) throws Exception {
        String query = "SELECT 1 FROM pg_locks WHERE relation = '%s'::regclass AND %s".formatted(table, condition);
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (site.texts(query).isEmpty()) {
            assertThat(System.nanoTime()).as(condition).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private boolean edited(String words) {
        var document =
                new DictionaryDocument("{\"fields\":[{\"name\":\"id\"},{\"name\":\"words\",%s}]}".formatted(words));
        return store.editDictionary(air.dataset(), air.state().dictionaryRevision(), document);
    }

    @Test
    void keepsJsonThatNoTextCanHold() throws Exception {
        List<Column> columns = List.of(Column.of("j", ColumnType.JSON));
        String nul = "{\"a\":\"\\u0000 swallow\"}";
        String half = "[\"\\uD800\"]";

        air.load(Mode.REPLACE, columns, List.of(), row(nul), row(half), row("{\"a\":\"swan\"}"));

        assertThat(air.rows()).containsExactly(row(nul), row(half), row("{\"a\":\"swan\"}"));
        assertThat(site.texts("SELECT _id FROM %s WHERE _full_text @@ to_tsquery('simple', 'swallow | swan') ORDER BY 1"
                        .formatted(table)))
                .containsExactly("1", "3");
    }

    @Test
    void refusesWhatATableOfTheSiteHasNoRoomFor() {
        List<Column> own = List.of(Column.of("_full_text", ColumnType.TEXT));
        JobFailure taken =
                catchThrowableOfType(JobFailure.class, () -> air.load(Mode.REPLACE, own, List.of(), row("x")));
        assertThat(taken.failure().code()).isEqualTo(FailureCode.OBJECT_IN_THE_WAY);
        assertThat(taken.failure().message()).contains("_full_text");

        List<Column> many = IntStream.range(0, 1599)
                .mapToObj(at -> Column.of("c" + at, ColumnType.INTEGER))
                .toList();
        JobFailure tooMany = catchThrowableOfType(
                JobFailure.class, () -> air.load(Mode.REPLACE, many, List.of(), Collections.nCopies(many.size(), 1L)));
        assertThat(tooMany.failure().code()).isEqualTo(FailureCode.TOO_MANY_COLUMNS);
    }
}
