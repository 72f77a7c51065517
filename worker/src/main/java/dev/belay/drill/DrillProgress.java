package dev.belay.drill;

import java.time.Duration;

/// How far a drill has come.
///
/// @param phase what is going on, in a few words
public record DrillProgress(
        String phase, long ended, int jobs, int kills, int killsPlanned, long reads, Duration took) {}
