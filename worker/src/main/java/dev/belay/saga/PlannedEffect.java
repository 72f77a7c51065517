package dev.belay.saga;

import dev.belay.journal.Compensation;
import dev.belay.stage.Plan;
import java.util.Optional;

/// An effect of an attempt, as the journal has it.
///
/// @param undone what its compensation did the last time it ran
record PlannedEffect(int ordinal, Plan plan, Optional<Compensation> undone) {}
