package dev.belay.sql;

import dev.belay.fault.FaultPoint;
import java.sql.SQLException;

/// What becomes durable with a transaction besides, in another schema of the same database: see
/// [PostgresDatabase#write(FaultPoint, Addition, Work)].
///
/// @param schema whose names stand without one
/// @param point  the name of what becomes durable
/// @param step   what is done
/// @param <A>    what it is done about, known inside the transaction only
public record Addition<A>(String schema, FaultPoint point, Step<A> step) {
    /// Like [Work], about something.
    @FunctionalInterface
    public interface Step<A> {
        /// @param session usable until this method returns
        void in(Session session, A about) throws SQLException;
    }
}
