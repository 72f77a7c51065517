package dev.belay.tabular;

import java.io.IOException;
import java.io.InputStream;

/// The bytes of one table. They are read more than once, from the first byte each time, and must be the same each
/// time.
@FunctionalInterface
public interface TableBytes {
    /// A fresh stream over the bytes; whoever opens it closes it.
    InputStream open() throws IOException;
}
