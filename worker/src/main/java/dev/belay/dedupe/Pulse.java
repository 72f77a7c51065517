package dev.belay.dedupe;

import java.io.IOException;

/// Is felt now and then while a search goes on, and may end it.
@FunctionalInterface
public interface Pulse {
    /// @throws IOException to end the search
    void beat() throws IOException;
}
