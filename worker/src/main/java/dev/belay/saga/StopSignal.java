package dev.belay.saga;

/// Asks whether the work is to be given up at the next safe point.
@FunctionalInterface
public interface StopSignal {
    /// Never.
    StopSignal NEVER = () -> false;

    /// Whether to stop.
    boolean isRaised();
}
