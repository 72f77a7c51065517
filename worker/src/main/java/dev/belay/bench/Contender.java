package dev.belay.bench;

import dev.belay.job.JobFailure;
import java.io.IOException;
import java.nio.file.Path;

/// A way to load a file. What it makes lies in a folder of its own and is removed after each load, outside of what is
/// measured.
interface Contender extends AutoCloseable {
    /// How it stands in tables.
    String name();

    /// What it does and does not, in a sentence.
    String terms();

    /// Whether it stays up between loads and gets faster by the first ones.
    default boolean warmsUp() {
        return false;
    }

    /// Loads a file once.
    ///
    /// @param folder empty, removed afterwards
    /// @throws IOException when it fails, with its words
    Cost load(LoadedFile file, Path folder) throws IOException, JobFailure, InterruptedException;

    @Override
    default void close() throws IOException {}
}
