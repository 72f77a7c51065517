package dev.belay.datastore.postgres;

import dev.belay.datastore.DatasetState;
import dev.belay.datastore.StagingPlan;
import dev.belay.job.Column;
import dev.belay.job.DatasetId;
import dev.belay.job.DictionaryDocument;
import dev.belay.job.Excerpt;
import dev.belay.job.JobFailure;
import dev.belay.sql.Session;
import dev.belay.sql.SqlNames;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// Datasets as tables of CKAN's datastore: the id of a resource is the dataset's name, and the table of that
/// name is the version that is the head. To publish, the table before moves to the older versions and the
/// staged one takes its name; what people wrote beside the columns, were allowed on it, and made over it,
/// moves along.
///
/// `docs/ckan.md` says what CKAN expects and where each part of that is.
final class CkanLayout implements Layout {
    private static final String TABLE_OF_CKAN = """
            c.relkind = 'r' AND 2 = (SELECT count(*) FROM pg_attribute AS a
              WHERE a.attrelid = c.oid AND a.attname IN ('_id', '_full_text'))""";

    private final Schemas schemas;
    private final BriefLock lock;
    private final Grants grants;
    private final CkanTables tables;
    private final CkanViews views;
    private final SiteComments comments;

    /// @param random for the pauses; safe for many threads
    CkanLayout(Schemas schemas, RandomGenerator random) {
        this.schemas = schemas;
        lock = new BriefLock(random);
        grants = new Grants(schemas);
        tables = new CkanTables(schemas);
        views = new CkanViews(schemas);
        comments = new SiteComments(schemas, tables.stats());
    }

    /// The full text is made of rows that are in the server.
    @Override
    public boolean isDirect() {
        return false;
    }

    @Override
    public void refuseImpossible(List<Column> columns) throws JobFailure {
        CkanTables.refuseImpossible(columns);
    }

    @Override
    public List<StoredColumn> kept(Session session, List<StoredColumn> incoming) throws SQLException {
        return tables.kept(session, incoming);
    }

    @Override
    public void create(Session session, String table, List<StoredColumn> kept) throws SQLException {
        tables.create(session, table, kept);
    }

    @Override
    public String copy(String table, List<StoredColumn> kept, IntStream order) {
        return CkanTables.copy(table, kept, order);
    }

    @Override
    public String copied(List<StoredColumn> kept) {
        return VersionTables.copied("_id, _full_text", kept);
    }

    @Override
    public String query(String rows, List<StoredColumn> incoming, List<StoredColumn> kept) {
        return tables.query(rows, incoming, kept);
    }

    @Override
    public void finish(Session session, StagingPlan plan, List<StoredColumn> kept) throws SQLException {
        tables.finish(session, plan, kept);
    }

    @Override
    public String table(Session session, Manifest published) throws SQLException {
        boolean isHead = session.first(
                        "SELECT 1 FROM dataset WHERE id = ? AND head = ?",
                        row -> true,
                        published.dataset(),
                        published.commit())
                .isPresent();
        return isHead ? schemas.live(published.dataset()) : schemas.published(published.table());
    }

    /// A site may have changed them while it was the head.
    @Override
    public boolean hasItsColumns(Session session, Manifest published, String table) throws SQLException {
        return tables.hasColumns(session, table, published.columns());
    }

    /// Readers, and the site's writers of rows, do not wait.
    @Override
    public void holdWords(Session session, DatasetId dataset) throws SQLException {
        String live = schemas.live(dataset);
        if (VersionTables.isThere(session, live) && taken(session, dataset).isEmpty()) {
            lock.make(
                    session,
                    live,
                    () -> session.update("LOCK TABLE %s IN SHARE UPDATE EXCLUSIVE MODE".formatted(live)),
                    () -> "objects of others hang on " + live);
        }
    }

    @Override
    public Optional<DictionaryDocument> edited(Session session, DatasetState now) throws SQLException {
        return comments.edited(session, now.dataset(), now.dictionary().orElseThrow());
    }

    @Override
    public DictionaryDocument adopted(Session session, DatasetId dataset, DictionaryDocument dictionary)
            throws SQLException {
        return comments.edited(session, dataset, dictionary).orElse(dictionary);
    }

    @Override
    public Optional<String> inTheWay(Session session, Manifest staged, boolean isFirst) throws SQLException {
        Optional<String> taken = taken(session, staged.dataset());
        return taken.isPresent() ? taken : views.inTheWay(session, staged);
    }

    /// Whatever has the name and is no table of CKAN's, or another role's; one that is, is taken for the
    /// version before.
    private Optional<String> taken(Session session, DatasetId dataset) throws SQLException {
        return LiveName.isTaken(session, schemas, dataset, TABLE_OF_CKAN)
                ? Optional.of("%s is there already and is no table of CKAN's datastore that this role owns: rename it"
                        .formatted(schemas.live(dataset)))
                : Optional.empty();
    }

    @Override
    public Optional<String> hangingOn(Session session, DatasetId dataset) throws SQLException {
        List<String> names =
                views.over(session, dataset).stream().map(CkanViews.Over::name).toList();
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of("%s hang on %s, which has to go: drop them"
                        .formatted(Excerpt.of(String.join(", ", names)), schemas.live(dataset)));
    }

    @Override
    public void show(Session session, Shown shown) throws SQLException {
        Manifest manifest = shown.manifest();
        DatasetId dataset = manifest.dataset();
        Optional<String> inTheWay = inTheWay(session, manifest, shown.isFirst());
        if (inTheWay.isPresent()) {
            throw BriefLock.inTheWay(inTheWay.get(), new SQLException("others are in the way"));
        }
        String live = schemas.live(dataset);
        String staged = schemas.staged(manifest.table());
        boolean isThere = VersionTables.isThere(session, live);
        comments.write(session, dataset, staged, columns(manifest), shown.dictionary());
        Grants.takeAll(session, staged);
        if (isThere) {
            Grants.copy(session, live, staged);
        } else if (!shown.wasRemoved()) {
            grants.giveUsual(session, staged);
        }
        Optional<String> old = isThere ? Optional.of(oldName(session, shown)) : Optional.empty();
        lock.make(
                session,
                live,
                () -> {
                    List<CkanViews.Over> over = views.over(session, dataset);
                    views.dropAliases(session, over);
                    if (old.isPresent()) {
                        moveOut(session, manifest, old.get());
                    }
                    moveIn(session, manifest);
                    grants.give(session, dataset);
                    views.makeAgain(session, live, over);
                    forgetStats(session, dataset);
                },
                () -> hangingOn(session, dataset).orElse("objects of others hang on " + live));
    }

    /// Its name as a version; of a table that was there before Belay a name of its own, under which it stays.
    private static String oldName(Session session, Shown shown) throws SQLException {
        Optional<Manifest> before = shown.before().isPresent()
                ? Manifest.find(session, shown.before().get())
                : Optional.empty();
        return before.map(Manifest::table)
                .orElseGet(() -> Schemas.table(
                        shown.manifest().dataset(), 0, shown.manifest().commit()));
    }

    /// Names of indexes and sequences are those of one schema: what is not made of a commit id gets such a
    /// name.
    private void moveOut(Session session, Manifest next, String name) throws SQLException {
        String live = schemas.live(next.dataset());
        int number = 0;
        for (String object : session.list("""
                SELECT c.relname FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
                WHERE i.indrelid = ?::regclass AND c.relname !~ '^[0-9A-Z]{26}-[cr]-' ORDER BY 1
                """, row -> row.text("relname"), live)) {
            rename(session, "INDEX", schemas.live(), object, next.commit() + "-before-" + number++);
        }
        for (String object : session.list("""
                SELECT c.relname FROM pg_depend AS d JOIN pg_class AS c ON c.oid = d.objid AND c.relkind = 'S'
                WHERE d.refobjid = ?::regclass AND d.deptype IN ('a', 'i') AND c.relname !~ '^[0-9A-Z]{26}-[cr]-' ORDER BY 1
                """, row -> row.text("relname"), live)) {
            rename(session, "SEQUENCE", schemas.live(), object, next.commit() + "-before-" + number++);
        }
        rename(session, "TABLE", schemas.live(), Schemas.view(next.dataset()), name);
        session.update("ALTER TABLE %s.%s SET SCHEMA %s"
                .formatted(
                        SqlNames.quoted(schemas.live()), SqlNames.quoted(name), SqlNames.quoted(schemas.versions())));
    }

    private void moveIn(Session session, Manifest manifest) throws SQLException {
        session.update("ALTER TABLE %s SET SCHEMA %s"
                .formatted(schemas.staged(manifest.table()), SqlNames.quoted(schemas.live())));
        rename(session, "TABLE", schemas.live(), manifest.table(), Schemas.view(manifest.dataset()));
        for (String index : session.list("""
                SELECT c.relname FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
                WHERE i.indrelid = ?::regclass ORDER BY 1
                """, row -> row.text("relname"), schemas.live(manifest.dataset()))) {
            String wanted = CkanTables.wanted(index, manifest);
            if (!wanted.equals(index)) {
                rename(session, "INDEX", schemas.live(), index, wanted);
            }
        }
    }

    private static void rename(Session session, String kind, String schema, String from, String to)
            throws SQLException {
        session.update("ALTER %s %s.%s RENAME TO %s"
                .formatted(kind, SqlNames.quoted(schema), SqlNames.quoted(from), SqlNames.quoted(to)));
    }

    /// From 2.12 on CKAN keeps numbers of rows. Whatever the table is like: a row that names the resource
    /// goes.
    private void forgetStats(Session session, DatasetId dataset) throws SQLException {
        if (VersionTables.isThere(session, tables.stats())) {
            session.update("""
                    DELETE FROM %s AS s WHERE EXISTS (
                      SELECT 1 FROM jsonb_each_text(to_jsonb(s)) AS field WHERE field.value = ?)
                    """.formatted(tables.stats()), dataset);
        }
    }

    @Override
    public void remove(Session session, Manifest head) throws SQLException {
        String live = schemas.live(head.dataset());
        lock.make(
                session,
                live,
                () -> {
                    grants.keep(session, head.dataset());
                    session.update("DROP TABLE IF EXISTS " + live);
                },
                () -> hangingOn(session, head.dataset()).orElse("objects of others hang on " + live));
    }

    @Override
    public boolean removeOld(Session session, Manifest old) throws SQLException {
        return BriefLock.isMade(
                session, () -> session.update("DROP TABLE IF EXISTS " + schemas.published(old.table())));
    }

    @Override
    public void describe(Session session, DatasetId dataset, List<Column> columns, DictionaryDocument dictionary)
            throws SQLException {
        if (VersionTables.isThere(session, schemas.live(dataset))) {
            comments.write(session, dataset, schemas.live(dataset), columns, dictionary);
        }
    }

    private static List<Column> columns(Manifest manifest) {
        return manifest.columns().stream().map(StoredColumn::column).toList();
    }
}
