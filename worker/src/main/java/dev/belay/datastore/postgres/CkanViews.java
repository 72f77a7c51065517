package dev.belay.datastore.postgres;

import dev.belay.job.DatasetId;
import dev.belay.job.Excerpt;
import dev.belay.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Views over the table of a resource. They would stay with the table that goes: CKAN's aliases, views of
/// all its columns and nothing else, are made anew over the next one; those of others are led there as they
/// are, which asks for the columns they use.
final class CkanViews {
    private static final String OVER = """
            FROM pg_depend AS d JOIN pg_rewrite AS r ON r.oid = d.objid JOIN pg_class AS v ON v.oid = r.ev_class
            WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass
              AND d.refobjid = to_regclass(?) AND v.oid <> d.refobjid
            """;

    private final Schemas schemas;

    CkanViews(Schemas schemas) {
        this.schemas = schemas;
    }

    /// A view over a table.
    ///
    /// @param name       quoted, with its schema
    /// @param definition its query
    /// @param isAlias    whether it is all of the table's columns and nothing else
    /// @param grants     what people are allowed on it
    record Over(String name, String definition, boolean isAlias, List<String> grants) {
        Over {
            grants = List.copyOf(grants);
        }
    }

    /// Until PostgreSQL 15 a view's definition names each column with its table, since 16 without.
    List<Over> over(Session session, DatasetId dataset) throws SQLException {
        var found = new ArrayList<Over>();
        for (Over view : session.list(
                """
                SELECT DISTINCT v.oid::regclass::text AS name, pg_get_viewdef(v.oid) AS definition,
                  (regexp_replace(pg_get_viewdef(v.oid), '\\s+', ' ', 'g') IN (
                    SELECT ' SELECT ' || string_agg(q.prefix || quote_ident(a.attname), ', ' ORDER BY a.attnum)
                      || ' FROM ' || d.refobjid::regclass::text || ';'
                    FROM pg_attribute AS a, (SELECT '' AS prefix
                      UNION ALL SELECT quote_ident(relname) || '.' FROM pg_class WHERE oid = d.refobjid) AS q
                    WHERE a.attrelid = v.oid AND a.attnum > 0 AND NOT a.attisdropped
                    GROUP BY q.prefix))::int AS alias
                """ + OVER + " ORDER BY 1",
                row -> new Over(row.text("name"), row.text("definition"), row.number("alias") == 1, List.of()),
                schemas.live(dataset))) {
            List<String> grants = session.list("""
                    SELECT format('GRANT %s ON TABLE %s TO %s', a.privilege_type, c.oid::regclass,
                      CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END) AS statement
                    FROM pg_class AS c, aclexplode(c.relacl) AS a WHERE c.oid = ?::regclass AND a.grantee <> c.relowner
                    """, row -> row.text("statement"), view.name());
            found.add(new Over(view.name(), view.definition(), view.isAlias(), grants));
        }
        return found;
    }

    /// What cannot be led to a staged table: views of another role's; views that use columns it has not,
    /// or of another type; and materialized ones, which hold rows of their own.
    Optional<String> inTheWay(Session session, Manifest staged) throws SQLException {
        List<String> foreign = session.list(
                "SELECT DISTINCT v.oid::regclass::text AS name " + OVER + """
                  AND NOT (pg_has_role(v.relowner, 'USAGE') AND has_schema_privilege(v.relnamespace, 'USAGE')
                    AND has_schema_privilege(v.relnamespace, 'CREATE')) ORDER BY 1
                """,
                row -> row.text("name"),
                schemas.live(staged.dataset()));
        if (!foreign.isEmpty()) {
            return Optional.of("%s hang on %s and cannot be changed by this role: drop them, or give them to it"
                    .formatted(Excerpt.of(String.join(", ", foreign)), schemas.live(staged.dataset())));
        }
        List<String> aliases = over(session, staged.dataset()).stream()
                .filter(Over::isAlias)
                .map(Over::name)
                .toList();
        List<String> stuck = session
                .list(
                        "SELECT DISTINCT v.oid::regclass::text AS name " + OVER + """
                          AND (v.relkind <> 'v' OR d.refobjsubid > 0 AND NOT EXISTS (
                            SELECT 1 FROM pg_attribute AS old JOIN pg_attribute AS new
                              ON new.attname = old.attname AND new.atttypid = old.atttypid AND NOT new.attisdropped
                            WHERE old.attrelid = d.refobjid AND old.attnum = d.refobjsubid
                              AND new.attrelid = to_regclass(?))) ORDER BY 1
                        """,
                        row -> row.text("name"),
                        schemas.live(staged.dataset()),
                        schemas.staged(staged.table()))
                .stream()
                .filter(name -> !aliases.contains(name))
                .toList();
        return stuck.isEmpty()
                ? Optional.empty()
                : Optional.of("%s cannot be led to the next version of %s, whose columns are others: drop them"
                        .formatted(Excerpt.of(String.join(", ", stuck)), schemas.live(staged.dataset())));
    }

    void dropAliases(Session session, List<Over> over) throws SQLException {
        for (Over view : over) {
            if (view.isAlias()) {
                session.update("DROP VIEW " + view.name());
            }
        }
    }

    /// @param live the table they are made over now, quoted
    void makeAgain(Session session, String live, List<Over> over) throws SQLException {
        for (Over view : over) {
            if (view.isAlias()) {
                session.update("CREATE VIEW %s AS SELECT * FROM %s".formatted(view.name(), live));
                for (String grant : view.grants()) {
                    session.update(grant);
                }
            } else {
                session.update("CREATE OR REPLACE VIEW %s AS %s".formatted(view.name(), view.definition()));
            }
        }
    }
}
