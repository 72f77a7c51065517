package dev.belay.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;

/// The statements of a connection to SQLite that lives long, compiled once: every job asks the same. SQLite compiles
/// one anew by itself when the schema has changed. They hold no values between uses, and end with the connection.
final class KeptStatements implements Statements {
    /// Some times as many as there are; a limit for those that are put together.
    private static final int MOST = 256;

    private final Connection connection;
    private final LinkedHashMap<String, PreparedStatement> kept = new LinkedHashMap<>();

    KeptStatements(Connection connection) {
        this.connection = connection;
    }

    /// What is in use is not among the kept, so whoever runs the same meanwhile gets another.
    @Override
    public Taken take(String sql) throws SQLException {
        PreparedStatement known = kept.remove(sql);
        return new Taken(known == null ? connection.prepareStatement(sql) : known, statement -> keep(sql, statement));
    }

    private void keep(String sql, PreparedStatement statement) throws SQLException {
        statement.clearParameters();
        PreparedStatement another = kept.put(sql, statement);
        if (another != null) {
            another.close();
        }
        if (kept.size() > MOST) {
            kept.pollFirstEntry().getValue().close();
        }
    }
}
