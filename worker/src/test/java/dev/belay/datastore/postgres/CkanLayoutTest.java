package dev.belay.datastore.postgres;

import static dev.belay.datastore.DatasetScript.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

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
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A site of CKAN finds in its datastore what it expects: a test for each trap of `docs/ckan.md` that is
/// about tables.
@ExtendWith(TestDatabases.class)
class CkanLayoutTest {
    private static final List<Column> COLUMNS = List.of(
            Column.of("id", ColumnType.INTEGER),
            Column.of("price", ColumnType.DECIMAL),
            Column.of("seen", ColumnType.TIMESTAMP),
            Column.of("nested", ColumnType.JSON),
            Column.of("words", ColumnType.TEXT));

    private final TestDatabase database;
    private final Schemas schemas;
    private final PostgresDatastore store;
    private final CkanSite site;
    private final String resource;
    private final String table;
    private final DatasetScript air;

    CkanLayoutTest(TestDatabase database) {
        this.database = database;
        schemas = PostgresDatastores.schemas(database);
        store = PostgresDatastores.openedForCkan(database, schemas);
        site = new CkanSite(database, schemas);
        // The site looks comments up by the name of the relation alone: each test has a resource of its own.
        resource = "0b6ce5f0-3b1c-4e4f-9b57-%012d"
                .formatted(Integer.parseInt(schemas.catalog().replaceAll("\\D", "")));
        table = "LIVE.\"" + resource + "\"";
        air = new DatasetScript(store, resource, DatasetScript.ids());
        store.fence(air.dataset(), new Epoch(1));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static List<@Nullable Object> rowOf(long id, @Nullable String words) {
        return row(id, "12.50", "2026-11-29T10:30:00Z", "{\"a\" : 1}", words);
    }

    private static DictionaryDocument dictionary(List<Column> columns, String words) {
        return new DictionaryDocument(columns.stream()
                .map(column -> "{\"name\":\"%s\"%s}"
                        .formatted(column.name(), column.name().equals("words") ? words : ""))
                .collect(Collectors.joining(",", "{\"fields\":[", "]}")));
    }

    private Publication publication(List<Column> columns, String words, List<@Nullable Object> row) throws Exception {
        StagingPlan plan = air.plan(Mode.REPLACE, columns);
        Publication made = air.publication(plan, air.sealed(plan, row));
        return new Publication(
                made.staging(),
                made.manifest(),
                made.kind(),
                made.epoch(),
                made.incarnation(),
                dictionary(columns, words),
                made.dictionaryRevision(),
                made.provenance(),
                made.profileJson(),
                made.publishedAt());
    }

    private void load(long id, @Nullable String words) throws Exception {
        assertThat(store.publish(publication(COLUMNS, "", rowOf(id, words))))
                .isInstanceOf(PublishResult.Published.class);
    }

    private String count() {
        return "SELECT count(*) || '/' || max(id) FROM " + table;
    }

    @Test
    void tablesHaveTheSitesColumnsAndTypes() throws Exception {
        site.installed();
        load(7, "x");

        assertThat(site.texts("""
                SELECT a.attname || ' ' || format_type(a.atttypid, a.atttypmod) FROM pg_attribute AS a
                WHERE a.attrelid = '%s'::regclass AND a.attnum > 0 ORDER BY a.attnum
                """.formatted(table)))
                .containsExactly(
                        "_id integer",
                        "_full_text tsvector",
                        "id bigint",
                        "price numeric",
                        "seen timestamp without time zone",
                        "nested " + schemas.live() + ".nested",
                        "words text");
        assertThat(site.texts("SELECT seen || ' ' || (nested).json FROM " + table))
                .containsExactly("2026-11-29 10:30:00 {\"a\" : 1}");
        assertThat(air.rows()).containsExactly(rowOf(7, "x"));
    }

    @Test
    void theSiteWritesAndSearchesThereAsInItsOwn() throws Exception {
        site.installed();
        load(7, "a swallow in the air");

        site.execute("INSERT INTO %s (id, words) VALUES (8, 'two swallows')".formatted(table));

        assertThat(site.texts("SELECT _id FROM %s WHERE _full_text @@ plainto_tsquery('swallow') ORDER BY _id"
                        .formatted(table)))
                .containsExactly("1", "2");
        assertThat(site.texts("SELECT _id FROM %s WHERE _full_text @@ plainto_tsquery('12.50')".formatted(table)))
                .containsExactly("1");
        String loaded = site.texts("SELECT _full_text FROM %s WHERE _id = 1".formatted(table))
                .getFirst();
        site.execute("UPDATE %s SET _full_text = NULL WHERE _id = 1".formatted(table));
        assertThat(site.texts("SELECT _full_text FROM %s WHERE _id = 1".formatted(table)))
                .as("what its own trigger makes of the row")
                .containsExactly(loaded);
        assertThat(loaded).contains("'swallow'").contains("'12.50'");
    }

    /// Traps 1 and 2.
    @Test
    void nothingElseIsCalledLikeTheResourceOrStandsWhereTheSiteLooks() throws Exception {
        site.installed();
        load(1, "x");
        load(2, "y");
        air.sealed(air.plan(Mode.REPLACE, COLUMNS), rowOf(3, "z"));

        assertThat(site.texts("SELECT count(*) FROM pg_class WHERE relname = '%s'".formatted(resource)))
                .containsExactly("1");
        assertThat(site.tables()).containsExactly(resource);
    }

    /// Trap 3.
    @Test
    void whoMayReadMayReadTheFirstVersionAndEveryNext() throws Exception {
        site.installed();
        String reader = schemas.catalog() + "_reader";
        site.execute("CREATE ROLE " + reader);
        try {
            site.execute("GRANT USAGE ON SCHEMA LIVE TO " + reader);
            site.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA LIVE GRANT SELECT ON TABLES TO " + reader);

            load(1, "x");
            assertThat(site.textsAs(reader, count())).containsExactly("1/1");
            load(2, "y");
            assertThat(site.textsAs(reader, count())).containsExactly("1/2");
            site.execute("REVOKE SELECT ON %s FROM %s".formatted(table, reader));
            load(3, "z");
            assertThat(site.texts("SELECT has_table_privilege('%s', '%s', 'SELECT')".formatted(reader, table)))
                    .containsExactly("f");
        } finally {
            site.execute("DROP OWNED BY " + reader);
            site.execute("DROP ROLE " + reader);
        }
    }

    /// Trap 4.
    @Test
    void aliasesAndViewsOfOthersFollowTheTable() throws Exception {
        site.installed();
        load(1, "x");
        site.execute("CREATE VIEW LIVE.alias AS SELECT * FROM " + table);
        site.execute("CREATE VIEW LIVE.over AS SELECT words || '!' AS loud FROM %s WHERE id > 0".formatted(table));
        site.execute("GRANT SELECT ON LIVE.alias, LIVE.over TO PUBLIC");
        List<Column> more = new ArrayList<>(COLUMNS);
        more.addFirst(Column.of("first", ColumnType.TEXT));

        store.publish(publication(more, "", row("f", 2L, "1", null, null, "y")));

        assertThat(site.texts("SELECT first || words FROM LIVE.alias")).containsExactly("fy");
        assertThat(site.texts("SELECT loud FROM LIVE.over")).containsExactly("y!");
        assertThat(site.texts("SELECT has_table_privilege('public', 'LIVE.alias', 'SELECT')"))
                .containsExactly("t");

        List<Column> other = List.of(Column.of("id", ColumnType.INTEGER));
        StagingPlan plan = air.plan(Mode.REPLACE, other);
        JobFailure refused = catchThrowableOfType(JobFailure.class, () -> air.sealed(plan, row(3L)));
        assertThat(refused.failure().code()).isEqualTo(FailureCode.OBJECT_IN_THE_WAY);
        assertThat(refused.failure().message()).contains(".over").doesNotContain("alias");
        assertThat(site.texts("SELECT loud FROM LIVE.over")).containsExactly("y!");
    }

    /// Traps 5 and 10: names are asked for by `sha1(resource id + field)`.
    @Test
    void indexesHaveTheirNamesHoweverManyVersionsAreKept() throws Exception {
        site.installedBefore212();
        for (int version = 1; version <= 3; version++) {
            load(version, "x");
            assertThat(site.texts("SELECT indexname FROM pg_indexes WHERE schemaname = 'LIVE'"))
                    .contains(sha1("\"_full_text\""), sha1("to_tsvector('english', \"words\")"));
        }
        assertThat(store.commits(air.dataset())).allMatch(store::isIntact);
        assertThat(store.retire(air.dataset(), 1)).isEqualTo(2);
        assertThat(air.rows()).containsExactly(rowOf(3, "x"));
    }

    private String sha1(String field) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-1").digest((resource + field).getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest);
    }

    /// Trap 6.
    @Test
    void numbersOfRowsThatTheSiteKeepsAreForgotten() throws Exception {
        site.installed();
        load(1, "x");
        site.execute("INSERT INTO LIVE._table_stats VALUES ('%s', 1), ('another', 5)".formatted(resource));

        load(2, "y");

        assertThat(site.texts("SELECT resource_id FROM LIVE._table_stats")).containsExactly("another");
        assertThat(site.texts("SELECT indexname FROM pg_indexes WHERE schemaname = 'LIVE'"))
                .as("2.12 makes none of each column")
                .doesNotContain(sha1("to_tsvector('english', \"words\")"));
    }

    /// Trap 11.
    @Test
    void namesOf63BytesStayWhole() throws Exception {
        site.installed();
        String name = "ä".repeat(31) + "b";
        List<Column> columns = List.of(Column.of(name, ColumnType.TEXT));

        store.publish(publication(columns, "", row("x")));

        assertThat(site.texts("SELECT \"%s\" FROM %s".formatted(name, table))).containsExactly("x");
    }

    /// Trap 12: what people wrote on the site before Belay's first load, in both formats.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"label\": \"Wörter\", \"notes\": \"\", \"extra\": [1,  2]} | {\"label\": \"Wörter\", \"notes\": \"say\", \"extra\": [1,  2]}",
                "' {\"plugin\":{\"a\": 1.50},\"_info\":{\"label\":\"Wörter\"}}' | ' {\"plugin\":{\"a\": 1.50},\"_info\":{\"label\":\"Wörter\",\"notes\":\"say\"}}'"
            })
    void theDictionaryIsAdoptedFromTheSiteAndKeepsWhatIsNotOurs(String comment, String after) throws Exception {
        site.installed();
        site.execute("CREATE TABLE %s (_id serial PRIMARY KEY, _full_text tsvector, words text)".formatted(table));
        site.execute("COMMENT ON COLUMN %s.words IS '%s'".formatted(table, comment));

        load(1, "x");

        assertThat(site.comments(resource)).containsExactly("words=" + comment);
        String ours = air.state().dictionary().orElseThrow().json();
        assertThat(ours).contains("\"title\":\"Wörter\"");
        store.publish(publication(COLUMNS, ",\"title\":\"Wörter\",\"description\":\"say\"", rowOf(2, "y")));
        assertThat(site.comments(resource)).containsExactly("words=" + after);
    }

    @Test
    void anEditOnTheSiteIsAnEditOfTheDictionary() throws Exception {
        site.installed();
        load(1, "x");
        Publication next = publication(COLUMNS, "", rowOf(2, "y"));
        site.execute("COMMENT ON COLUMN %s.words IS ' {\"_info\":{\"label\":\"Said\",\"type_override\":\"text\"}}'"
                .formatted(table));

        assertThat(store.publish(next)).isInstanceOf(PublishResult.DictionaryMoved.class);

        assertThat(air.state().dictionary().orElseThrow().json())
                .contains("\"title\":\"Said\"")
                .contains("\"belay:typeOverride\":\"text\"");
        store.fence(air.dataset(), new Epoch(1));
        assertThat(air.state().dictionaryRevision()).as("once").isEqualTo(2);
    }

    /// Trap 13.
    @Test
    void readersDelayTheNextVersionAndNotEachOther() throws Exception {
        site.installed();
        load(1, "x");
        Publication next = publication(COLUMNS, "", rowOf(2, "y"));
        try (Connection lasting = database.connect();
                var statement = lasting.createStatement()) {
            lasting.setAutoCommit(false);
            lasting.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            statement.execute(count().replace("LIVE", schemas.live()));

            Unavailable refused = catchThrowableOfType(Unavailable.class, () -> store.publish(next));

            assertThat(refused.failure().code()).isEqualTo(FailureCode.READERS_IN_THE_WAY);
            assertThat(site.texts(count())).containsExactly("1/1");
            lasting.commit();
            // A snapshot that is older than the next version's rows sees all of them.
            statement.execute("SELECT 1");
            store.publish(next);
            try (var results = statement.executeQuery(count().replace("LIVE", schemas.live()))) {
                results.next();
                assertThat(results.getString(1)).isEqualTo("1/2");
            }
        }
    }

    /// Trap 14.
    @Test
    void aDictionaryThatWasErasedOnTheSiteComesBack() throws Exception {
        site.installed();
        load(1, "x");
        String comment = " {\"plugin\":{\"a\": 1},\"_info\":{\"label\":\"Said\"}}";
        site.execute("COMMENT ON COLUMN %s.words IS '%s'".formatted(table, comment));
        store.fence(air.dataset(), new Epoch(1));
        site.execute("DROP TABLE " + table);
        assertThat(store.isIntact(air.head())).isFalse();

        store.publish(publication(COLUMNS, ",\"title\":\"Said\"", rowOf(2, "y")));

        assertThat(site.comments(resource)).containsExactly("words=" + comment);
        assertThat(air.rows()).containsExactly(rowOf(2, "y"));
    }

    /// Trap 15.
    @Test
    void noValueIsNullInEveryColumn() throws Exception {
        site.installed();
        store.publish(publication(COLUMNS, "", row(1L, null, null, null, "")));

        assertThat(site.texts("SELECT num_nulls(price, seen, nested, words) || words FROM " + table))
                .containsExactly("3");
    }

    @Test
    void neverTakesThePlaceOfWhatIsNoTableOfTheSite() throws Exception {
        site.installed();
        site.execute("CREATE TABLE %s (mine int)".formatted(table));
        StagingPlan plan = air.plan(Mode.REPLACE, COLUMNS);

        JobFailure refused = catchThrowableOfType(JobFailure.class, () -> air.sealed(plan, rowOf(1, "x")));

        assertThat(refused.failure().code()).isEqualTo(FailureCode.OBJECT_IN_THE_WAY);
    }

    @Test
    void aDatastoreNeverChangesItsLayout() {
        Unavailable refused =
                catchThrowableOfType(Unavailable.class, () -> PostgresDatastores.opened(database, schemas));

        assertThat(refused.failure().code()).isEqualTo(FailureCode.SETTINGS_INVALID);
        assertThat(refused.failure().message()).contains("ckan");
    }
}
