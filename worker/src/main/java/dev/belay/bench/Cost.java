package dev.belay.bench;

import java.util.OptionalLong;

/// What one load cost.
///
/// @param nanos     from its beginning to its end
/// @param cpuNanos  of all its processes and threads, in user and in system, where it can be known
/// @param peakBytes the most memory that was resident at once, where it can be known
/// @param rows      that were loaded
public record Cost(long nanos, OptionalLong cpuNanos, OptionalLong peakBytes, long rows) {}
