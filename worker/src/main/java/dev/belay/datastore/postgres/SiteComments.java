package dev.belay.datastore.postgres;

import dev.belay.job.Column;
import dev.belay.job.DatasetId;
import dev.belay.job.DictionaryDocument;
import dev.belay.sql.Session;
import dev.belay.sql.SqlNames;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/// The dictionary as CKAN keeps it, in comments of columns: what people write on the site comes into ours,
/// and ours is written beside the columns of the next table. The last words are kept in the catalog, so that
/// an edit is told from what was there, and a dictionary that was erased with its table comes back.
final class SiteComments {
    private final Schemas schemas;
    private final String stats;

    /// @param stats a table that CKAN has from 2.12 on
    SiteComments(Schemas schemas, String stats) {
        this.schemas = schemas;
        this.stats = stats;
    }

    /// The dictionary with what people have written since the last time; notes it.
    ///
    /// @return empty when there is nothing new
    Optional<DictionaryDocument> edited(Session session, DatasetId dataset, DictionaryDocument dictionary)
            throws SQLException {
        Map<String, String> known = known(session, dataset);
        var news = new LinkedHashMap<String, CkanComment>();
        for (Map.Entry<String, String> comment :
                written(session, schemas.live(dataset)).entrySet()) {
            String column = comment.getKey();
            Optional<CkanComment> said = CkanComment.read(comment.getValue());
            if (said.isPresent() && !comment.getValue().equals(known.get(column))) {
                news.put(column, said.get());
                note(session, dataset, column, comment.getValue());
            }
        }
        return news.isEmpty() ? Optional.empty() : Optional.of(DictionaryWords.with(dictionary, news));
    }

    /// Writes comments of a table's columns, in the format the site has, where they are others than before.
    ///
    /// @param table its quoted name
    void write(Session session, DatasetId dataset, String table, List<Column> columns, DictionaryDocument dictionary)
            throws SQLException {
        Map<String, String> there = written(session, table);
        Map<String, String> known = known(session, dataset);
        Map<String, DictionaryWords> words = DictionaryWords.of(dictionary);
        boolean isNested = isNestedFormat(session, known);
        for (Column column : columns) {
            String name = column.name();
            CkanComment base = Optional.ofNullable(known.get(name))
                    .flatMap(CkanComment::read)
                    .orElseGet(() -> CkanComment.none(isNested));
            DictionaryWords said = words.getOrDefault(name, new DictionaryWords(column.title(), "", ""));
            Optional<String> text = base.with(said.besideColumn(name)).text();
            if (text.isPresent() && !Objects.equals(text.get(), there.get(name))) {
                session.update("COMMENT ON COLUMN %s.%s IS %s"
                        .formatted(table, SqlNames.quoted(name), LiveView.literal(text.get())));
            }
            if (text.isPresent()) {
                note(session, dataset, name, text.get());
            }
        }
    }

    private static void note(Session session, DatasetId dataset, String column, String words) throws SQLException {
        session.update("""
                INSERT INTO site_comment (dataset, column_name, words) VALUES (?, ?, ?)
                ON CONFLICT (dataset, column_name) DO UPDATE SET words = excluded.words
                """, dataset, column, words);
    }

    private static Map<String, String> known(Session session, DatasetId dataset) throws SQLException {
        return session
                .list(
                        "SELECT column_name, words FROM site_comment WHERE dataset = ?",
                        row -> Map.entry(row.text("column_name"), row.text("words")),
                        dataset)
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /// The comments of a table's columns, by column.
    private static Map<String, String> written(Session session, String table) throws SQLException {
        return session.list("""
                        SELECT a.attname, d.description FROM pg_attribute AS a
                        JOIN pg_description AS d ON d.objoid = a.attrelid AND d.objsubid = a.attnum
                          AND d.classoid = 'pg_class'::regclass
                        WHERE a.attrelid = to_regclass(?) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
                        """, row -> Map.entry(row.text("attname"), row.text("description")), table).stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one, LinkedHashMap::new));
    }

    /// That of the resource's own comments; else of any others of the site; else that of the site's age.
    private boolean isNestedFormat(Session session, Map<String, String> known) throws SQLException {
        Optional<String> own = known.values().stream().findFirst();
        Optional<String> any =
                own.isPresent() ? own : session.first("""
                        SELECT d.description FROM pg_description AS d JOIN pg_class AS c ON c.oid = d.objoid
                        JOIN pg_namespace AS n ON n.oid = c.relnamespace
                        WHERE d.classoid = 'pg_class'::regclass AND d.objsubid > 0 AND n.nspname = ?
                          AND d.description ~ '^ ?\\{' LIMIT 1
                        """, row -> row.text("description"), schemas.live());
        return any.isPresent() ? any.get().startsWith(" ") : VersionTables.isThere(session, stats);
    }
}
