package dev.belay.sql;

import dev.belay.fault.FaultPoint;
import org.jspecify.annotations.Nullable;

/// A database of ours with its schema, shared with other processes. Safe for many threads.
///
/// Every method throws [dev.belay.job.Unavailable] when the database cannot be used.
public interface Database extends AutoCloseable {
    /// Runs `work` in one durable transaction: all of it is kept, or, when it throws, nothing. It may be run again
    /// from the beginning when another transaction was in its way, so it does nothing but what the session does.
    ///
    /// @param point the name of what becomes durable: no transaction of ours is without
    <T extends @Nullable Object> T write(FaultPoint point, Work<T> work);

    /// Runs `work` on one consistent snapshot.
    <T extends @Nullable Object> T read(Work<T> work);

    /// Runs `work` on one consistent snapshot whose reading is a step of its own.
    <T extends @Nullable Object> T read(FaultPoint point, Work<T> work);

    @Override
    void close();
}
