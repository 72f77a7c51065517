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
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The view of a dataset, where people read: it leads to the table of the head.
///
/// Why a view and not a table that is renamed: tables of versions never change their names, so nothing but
/// the view is ever locked; what people were allowed on it, and views of their own over it, stay when its
/// columns do.
///
/// Changing it takes an exclusive lock: see [BriefLock].
final class LiveView implements Layout {
    private final Schemas schemas;
    private final BriefLock lock;
    private final Grants grants;

    /// @param random for the pauses; safe for many threads
    LiveView(Schemas schemas, RandomGenerator random) {
        this.schemas = schemas;
        lock = new BriefLock(random);
        grants = new Grants(schemas);
    }

    @Override
    public boolean isDirect() {
        return true;
    }

    @Override
    public void refuseImpossible(List<Column> columns) throws JobFailure {
        VersionTables.refuseImpossible(columns, VersionTables.MOST_COLUMNS);
    }

    @Override
    public List<StoredColumn> kept(Session session, List<StoredColumn> incoming) {
        return incoming;
    }

    @Override
    public void create(Session session, String table, List<StoredColumn> kept) throws SQLException {
        VersionTables.create(session, table, kept);
    }

    @Override
    public String copy(String table, List<StoredColumn> kept, IntStream order) {
        return VersionTables.copy(table, kept, order);
    }

    @Override
    public String copied(List<StoredColumn> kept) {
        return VersionTables.copied("_id", kept);
    }

    @Override
    public String query(String rows, List<StoredColumn> incoming, List<StoredColumn> kept) {
        return rows;
    }

    @Override
    public void finish(Session session, StagingPlan plan, List<StoredColumn> kept) throws SQLException {
        VersionTables.makePrimaryKey(session, schemas.staged(Schemas.table(plan)), plan.commit());
    }

    @Override
    public String table(Session session, Manifest published) {
        return schemas.published(published.table());
    }

    /// Nobody changes it.
    @Override
    public boolean hasItsColumns(Session session, Manifest published, String table) {
        return true;
    }

    @Override
    public void holdWords(Session session, DatasetId dataset) {
        // Nobody writes there.
    }

    /// Nobody writes there.
    @Override
    public Optional<DictionaryDocument> edited(Session session, DatasetState now) {
        return Optional.empty();
    }

    @Override
    public DictionaryDocument adopted(Session session, DatasetId dataset, DictionaryDocument dictionary) {
        return dictionary;
    }

    @Override
    public Optional<String> inTheWay(Session session, Manifest staged, boolean isFirst) throws SQLException {
        Optional<String> taken = taken(session, staged.dataset(), isFirst);
        boolean isKept = taken.isPresent()
                || !isThere(session, staged.dataset())
                || isReplaceable(session, staged, schemas.staging());
        return isKept ? taken : hangingOn(session, staged.dataset());
    }

    @Override
    public Optional<String> hangingOn(Session session, DatasetId dataset) throws SQLException {
        List<String> hanging = hanging(session, dataset);
        return hanging.isEmpty() ? Optional.empty() : Optional.of(goes(dataset, hanging));
    }

    /// Comments that readers of the view before may see already are written before the lock.
    @Override
    public void show(Session session, Shown shown) throws SQLException {
        Manifest manifest = shown.manifest();
        DictionaryDocument dictionary = shown.dictionary();
        DatasetId dataset = manifest.dataset();
        Optional<String> taken = taken(session, dataset, shown.isFirst());
        if (taken.isPresent()) {
            throw BriefLock.inTheWay(taken.get(), new SQLException("the name is taken"));
        }
        boolean isThere = isThere(session, dataset);
        boolean isReplaceable = isThere && isReplaceable(session, manifest, schemas.staging());
        List<Column> columns = columns(manifest);
        if (isReplaceable) {
            describe(session, dataset, columns, dictionary);
        }
        changing(session, dataset, () -> {
            session.update("ALTER TABLE %s SET SCHEMA %s"
                    .formatted(schemas.staged(manifest.table()), SqlNames.quoted(schemas.versions())));
            if (isThere && !isReplaceable) {
                grants.keep(session, dataset);
                session.update("DROP VIEW " + schemas.live(dataset));
            }
            session.update("CREATE OR REPLACE VIEW %s AS SELECT %s FROM %s"
                    .formatted(schemas.live(dataset), selected(manifest), schemas.published(manifest.table())));
            if ((isThere && !isReplaceable) || shown.wasRemoved()) {
                grants.giveOnly(session, dataset);
            }
            describe(session, dataset, columns, dictionary);
        });
    }

    @Override
    public void remove(Session session, Manifest manifest) throws SQLException {
        DatasetId dataset = manifest.dataset();
        changing(session, dataset, () -> {
            grants.keep(session, dataset);
            session.update("DROP VIEW IF EXISTS " + schemas.live(dataset));
            session.update("DROP TABLE IF EXISTS " + schemas.published(manifest.table()));
        });
    }

    @Override
    public boolean removeOld(Session session, Manifest old) throws SQLException {
        return BriefLock.isMade(
                session, () -> session.update("DROP TABLE IF EXISTS " + schemas.published(old.table())));
    }

    /// Columns that the view has not yet are passed over.
    @Override
    public void describe(Session session, DatasetId dataset, List<Column> columns, DictionaryDocument dictionary)
            throws SQLException {
        Map<String, String> fields = FieldComments.of(dictionary);
        Map<String, String> old = comments(session, dataset);
        String view = schemas.live(dataset);
        String sql = columns.stream()
                .filter(column -> old.containsKey(column.name()))
                .filter(column -> !words(column, fields).equals(old.get(column.name())))
                .map(column -> "COMMENT ON COLUMN %s.%s IS %s"
                        .formatted(view, SqlNames.quoted(column.name()), literal(words(column, fields))))
                .collect(Collectors.joining(";\n"));
        if (!sql.isEmpty()) {
            session.update(sql);
        }
    }

    private static String words(Column column, Map<String, String> fields) {
        return fields.getOrDefault(column.name(), column.title());
    }

    /// By column; empty for one without.
    private Map<String, String> comments(Session session, DatasetId dataset) throws SQLException {
        return session
                .list(
                        """
                SELECT a.attname, coalesce(col_description(a.attrelid, a.attnum), '') AS words
                FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
                JOIN pg_namespace AS n ON n.oid = c.relnamespace
                WHERE n.nspname = ? AND c.relname = ? AND a.attnum > 0 AND NOT a.attisdropped
                """,
                        row -> Map.entry(row.text("attname"), row.text("words")),
                        schemas.live(),
                        Schemas.view(dataset))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static List<Column> columns(Manifest manifest) {
        return manifest.columns().stream().map(StoredColumn::column).toList();
    }

    private static String selected(Manifest manifest) {
        return VersionTables.copied("_id", manifest.columns());
    }

    /// A text as a literal of SQL, whatever `standard_conforming_strings` says.
    static String literal(String text) {
        return "E'" + text.replace("\\", "\\\\").replace("'", "''").replace("\0", "") + "'";
    }

    /// Why the view's name cannot be taken, if others have it.
    private Optional<String> taken(Session session, DatasetId dataset, boolean isFirst) throws SQLException {
        return LiveName.isTaken(session, schemas, dataset, isFirst ? LiveName.NOTHING : "c.relkind = 'v'")
                ? Optional.of("%s is there already and is not Belay's: rename it".formatted(schemas.live(dataset)))
                : Optional.empty();
    }

    private boolean isThere(Session session, DatasetId dataset) throws SQLException {
        return VersionTables.isThere(session, schemas.live(dataset));
    }

    /// PostgreSQL replaces a view only by one that begins with the same columns.
    ///
    /// @param schema where the table is
    private boolean isReplaceable(Session session, Manifest manifest, String schema) throws SQLException {
        List<String> old = shape(session, schemas.live(), Schemas.view(manifest.dataset()));
        List<String> wanted = shape(session, schema, manifest.table());
        return old.size() <= wanted.size() && wanted.subList(0, old.size()).equals(old);
    }

    /// Views, and whatever else has a rule, over the dataset's view.
    private List<String> hanging(Session session, DatasetId dataset) throws SQLException {
        return session.list("""
                SELECT DISTINCT r.ev_class::regclass::text AS name FROM pg_depend AS d
                JOIN pg_rewrite AS r ON r.oid = d.objid
                JOIN pg_class AS c ON c.oid = d.refobjid JOIN pg_namespace AS n ON n.oid = c.relnamespace
                WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass
                  AND n.nspname = ? AND c.relname = ? AND r.ev_class <> c.oid ORDER BY 1
                """, row -> row.text("name"), schemas.live(), Schemas.view(dataset));
    }

    private String goes(DatasetId dataset, List<String> hanging) {
        return "%s hang on %s, which has to go for others of its columns: drop them"
                .formatted(
                        hanging.isEmpty() ? "objects of others" : Excerpt.of(String.join(", ", hanging)),
                        schemas.live(dataset));
    }

    /// Names and types of the columns of a table or view.
    private static List<String> shape(Session session, String schema, String relation) throws SQLException {
        return session.list("""
                SELECT a.attname || ' ' || format_type(a.atttypid, a.atttypmod) AS shape
                FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
                JOIN pg_namespace AS n ON n.oid = c.relnamespace
                WHERE n.nspname = ? AND c.relname = ? AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
                """, row -> row.text("shape"), schema, relation);
    }

    private void changing(Session session, DatasetId dataset, BriefLock.Change change) throws SQLException {
        lock.make(session, schemas.live(dataset), change, () -> goes(dataset, hanging(session, dataset)));
    }
}
