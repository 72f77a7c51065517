package dev.belay.drill;

import java.io.IOException;
import java.util.Optional;

/// The deaths of the database's server, if there is one and it may be killed.
final class ServerKills {
    private final Optional<DrillServer.Restart> restart;
    private final Counts counts;

    ServerKills(Optional<DrillServer> server, Counts counts) {
        this.restart = server.flatMap(DrillServer::restart);
        this.counts = counts;
    }

    boolean isKilled() {
        return restart.isPresent();
    }

    /// `kill -9`, and the same server once more.
    void killAndStart() throws IOException, InterruptedException {
        if (restart.isPresent()) {
            counts.serverKills.incrementAndGet();
            restart.get().killAndStart();
            counts.serverReturns.incrementAndGet();
        }
    }
}
