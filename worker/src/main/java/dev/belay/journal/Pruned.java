package dev.belay.journal;

import java.util.OptionalLong;

/// What one step of pruning did.
///
/// @param details  jobs whose attempts, effects, audit rows and event bytes are gone
/// @param receipts jobs that are forgotten altogether
/// @param next     where the next step begins; empty when there is nothing older than the retention left to look at
public record Pruned(int details, int receipts, OptionalLong next) {}
