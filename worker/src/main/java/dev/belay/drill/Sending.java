package dev.belay.drill;

import dev.belay.schemas.JobMessage;

/// One message of the load.
///
/// @param work    the job it is for
/// @param message its own one, or one that contradicts it
record Sending(Work work, JobMessage message) {}
