package dev.belay.bench;

import dev.belay.intake.EventFollower;
import dev.belay.intake.JobSubmitter;

/// Workers and a broker that are up, and clients to them.
interface Crew extends AutoCloseable {
    JobSubmitter submitter();

    EventFollower follower();

    /// What all of them have used since they were started.
    Usage usage();

    @Override
    void close();
}
