package dev.belay.journal;

import java.util.Optional;

/// Something an attempt makes durable, written before it is done.
///
/// @param ordinal    its place in the attempt, from 1, in the order of planning
/// @param stage      the stage's name
/// @param planJson   all its compensation needs
/// @param outputJson what came of it, once it is done
/// @param undone     the compensation's result, once it has run
public record Effect(
        int ordinal, String stage, String planJson, Optional<String> outputJson, Optional<Compensation> undone) {}
