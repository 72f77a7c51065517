package dev.belay.datastore.postgres;

import dev.belay.job.DatasetId;
import dev.belay.sql.Session;
import java.sql.SQLException;

/// The name under which people read a dataset: whether others have it. Relations and types share one room
/// of names.
final class LiveName {
    /// For a dataset whose name nothing may have yet.
    static final String NOTHING = "false";

    private LiveName() {}

    /// Whether something has the name that this role cannot put another one in the place of: a relation
    /// of another kind or of another role's, or a type.
    ///
    /// @param replaceable a condition on `c`, a row of `pg_class`: relations that a version may replace
    static boolean isTaken(Session session, Schemas schemas, DatasetId dataset, String replaceable)
            throws SQLException {
        String name = Schemas.view(dataset);
        return session.first("""
                SELECT 1 FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
                WHERE n.nspname = ? AND c.relname = ? AND NOT (pg_has_role(c.relowner, 'USAGE') AND %s)
                UNION ALL
                SELECT 1 FROM pg_type AS t JOIN pg_namespace AS n ON n.oid = t.typnamespace
                WHERE n.nspname = ? AND t.typname = ? AND t.typrelid = 0 AND t.typcategory <> 'A'
                """.formatted(replaceable), row -> true, schemas.live(), name, schemas.live(), name)
                .isPresent();
    }
}
