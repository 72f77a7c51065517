package dev.belay.datastore.postgres;

import dev.belay.job.DatasetId;
import dev.belay.sql.Session;
import java.sql.SQLException;

/// What people are allowed on what they read; that of its owner is not counted.
final class Grants {
    /// undefined_object
    private static final String NO_SUCH_ROLE = "42704";

    private final Schemas schemas;

    Grants(Schemas schemas) {
        this.schemas = schemas;
    }

    /// Notes what is allowed on a dataset that is about to be removed.
    void keep(Session session, DatasetId dataset) throws SQLException {
        session.update("""
                INSERT INTO kept_grant (dataset, statement)
                SELECT ?, format('GRANT %s ON TABLE %I.%I TO %s%s', a.privilege_type, n.nspname, c.relname,
                  CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END,
                  CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
                FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace, aclexplode(c.relacl) AS a
                WHERE n.nspname = ? AND c.relname = ? AND a.grantee <> c.relowner
                ON CONFLICT DO NOTHING
                """, dataset, schemas.live(), Schemas.view(dataset));
    }

    /// Allows what was noted. A role that is gone since is passed over.
    void give(Session session, DatasetId dataset) throws SQLException {
        for (String grant : session.list(
                "SELECT statement FROM kept_grant WHERE dataset = ? ORDER BY statement",
                row -> row.text("statement"),
                dataset)) {
            session.update("SAVEPOINT belay_grant");
            try {
                session.update(grant);
            } catch (SQLException failed) {
                if (!NO_SUCH_ROLE.equals(failed.getSQLState())) {
                    throw failed;
                }
                session.update("ROLLBACK TO SAVEPOINT belay_grant");
            }
            session.update("RELEASE SAVEPOINT belay_grant");
        }
        session.update("DELETE FROM kept_grant WHERE dataset = ?", dataset);
    }

    /// Allows what was noted, and nothing else: what default privileges give to all that is new may have
    /// been taken from what was removed.
    void giveOnly(Session session, DatasetId dataset) throws SQLException {
        takeAll(session, schemas.live(dataset));
        give(session, dataset);
    }

    /// Leaves a relation to its owner alone.
    ///
    /// @param of its quoted name
    static void takeAll(Session session, String of) throws SQLException {
        for (String grantee : session.list("""
                SELECT DISTINCT CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END AS name
                FROM pg_class AS c, aclexplode(c.relacl) AS a WHERE c.oid = ?::regclass AND a.grantee <> c.relowner
                """, row -> row.text("name"), of)) {
            session.update("REVOKE ALL ON TABLE %s FROM %s".formatted(of, grantee));
        }
    }

    /// Allows on one relation what is allowed on another one.
    ///
    /// @param from its quoted name
    /// @param to   its quoted name
    static void copy(Session session, String from, String to) throws SQLException {
        grant(
                session,
                to,
                "(SELECT c.relowner AS owner, a.* FROM pg_class AS c, aclexplode(c.relacl) AS a WHERE c.oid = ?::regclass)",
                from);
    }

    /// Allows on a table what would be allowed on one that is made in a schema: a table that moves there has
    /// nothing of that.
    void giveUsual(Session session, String to) throws SQLException {
        grant(session, to, """
                (SELECT d.defaclrole AS owner, a.* FROM pg_default_acl AS d, aclexplode(d.defaclacl) AS a
                 WHERE d.defaclobjtype = 'r' AND d.defaclrole = (SELECT oid FROM pg_roles WHERE rolname = current_user)
                   AND d.defaclnamespace IN (0, (SELECT oid FROM pg_namespace WHERE nspname = ?)))
                """, schemas.live());
    }

    private static void grant(Session session, String to, String acl, String of) throws SQLException {
        for (String grant : session.list("""
                SELECT format('GRANT %%s ON TABLE %%s TO %%s%%s', acl.privilege_type, '%s',
                  CASE WHEN acl.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(acl.grantee)) END,
                  CASE WHEN acl.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END) AS statement
                FROM %s AS acl WHERE acl.grantee <> acl.owner
                """.formatted(to.replace("'", "''"), acl), row -> row.text("statement"), of)) {
            session.update(grant);
        }
    }
}
