package dev.belay.datastore.postgres;

import dev.belay.kit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// What a CKAN site has in its datastore's database, in the schema where people read, and how it asks.
/// Written by us after `docs/ckan.md`; nothing here is CKAN's text.
final class CkanSite {
    private final TestDatabase database;
    private final String schema;

    CkanSite(TestDatabase database, Schemas schemas) {
        this.database = database;
        this.schema = schemas.live();
    }

    /// Of the newest kind: it has what came with 2.12.
    CkanSite installed() throws SQLException {
        return installedBefore212()
                .execute("CREATE TABLE LIVE._table_stats (resource_id text PRIMARY KEY, row_count bigint)");
    }

    CkanSite installedBefore212() throws SQLException {
        execute("CREATE TYPE LIVE.nested AS (json json, extra text)");
        return execute("""
                CREATE FUNCTION LIVE.populate_full_text_trigger() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                  IF NEW._full_text IS NULL THEN
                    NEW._full_text := (SELECT to_tsvector(string_agg(value, ' '))
                      FROM json_each_text(row_to_json(NEW.*)) WHERE key NOT LIKE '\\_%');
                  END IF;
                  RETURN NEW; END $$
                """);
    }

    /// Runs a statement, in which `LIVE` stands for the schema.
    CkanSite execute(String sql) throws SQLException {
        database.execute(sql.replace("LIVE", schema));
        return this;
    }

    /// The first column of a query, in which `LIVE` stands for the schema.
    List<String> texts(String sql) throws SQLException {
        return database.texts(sql.replace("LIVE", schema));
    }

    /// As the site's role for reading asks, which may do nothing but what it was granted.
    List<String> textsAs(String role, String sql) throws SQLException {
        try (Connection connection = database.connect();
                var statement = connection.createStatement()) {
            statement.execute("SET ROLE " + role);
            var found = new ArrayList<String>();
            try (var results = statement.executeQuery(sql.replace("LIVE", schema))) {
                while (results.next()) {
                    found.add(results.getString(1));
                }
            }
            return found;
        }
    }

    /// The dictionary of a resource: comments of columns, looked up by the name of the relation alone.
    List<String> comments(String resource) throws SQLException {
        return texts("""
                SELECT a.attname || '=' || d.description FROM pg_class AS c
                JOIN pg_attribute AS a ON a.attrelid = c.oid
                JOIN pg_description AS d ON d.objoid = c.oid AND d.objsubid = a.attnum
                WHERE c.relname = '%s' AND a.attnum > 0 ORDER BY a.attnum
                """.formatted(resource));
    }

    /// What an upload page shows as resources, up to 2.11: every table of the schema.
    List<String> tables() throws SQLException {
        return texts("SELECT tablename FROM pg_tables WHERE schemaname = 'LIVE' AND tablename !~ '^_' ORDER BY 1");
    }
}
