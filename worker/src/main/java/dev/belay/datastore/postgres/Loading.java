package dev.belay.datastore.postgres;

import dev.belay.parts.Cores;

/// Over which connections and on which threads tables are loaded.
///
/// @param connections of the pool
/// @param turns       who may hold them
/// @param cores       where rows are encoded
/// @param isOwner     whether the threads end with this
record Loading(int connections, LoadingTurns turns, Cores cores, boolean isOwner) implements AutoCloseable {
    /// With one thread of its own.
    static Loading alone(int connections) {
        return new Loading(connections, new LoadingTurns(connections), new Cores(1), true);
    }

    /// With threads that belong to the caller.
    static Loading on(int connections, Cores cores) {
        return new Loading(connections, new LoadingTurns(connections), cores, false);
    }

    @Override
    public void close() {
        if (isOwner) {
            cores.close();
        }
    }
}
