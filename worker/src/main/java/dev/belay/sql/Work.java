package dev.belay.sql;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// What happens inside one transaction.
@FunctionalInterface
public interface Work<T extends @Nullable Object> {
    /// @param session usable until this method returns
    /// @throws SQLException as JDBC threw it: rolls the transaction back
    T in(Session session) throws SQLException;
}
