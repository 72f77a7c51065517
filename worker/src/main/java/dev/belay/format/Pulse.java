package dev.belay.format;

import java.io.IOException;

/// Hears how far the work is, and may end it. Called often, from the working thread.
@FunctionalInterface
public interface Pulse {
    /// Hears nothing and ends nothing.
    Pulse STEADY = bytes -> {};

    /// @param bytes read of the file at work so far
    /// @throws IOException to end the work; it comes out of [Formats#prepare] as it is
    void at(long bytes) throws IOException;
}
