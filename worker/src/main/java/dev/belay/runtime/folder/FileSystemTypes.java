package dev.belay.runtime.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Asks for the type of the file system that a folder is on.
@FunctionalInterface
interface FileSystemTypes {
    /// What the operating system says.
    FileSystemTypes SYSTEM = folder -> Files.getFileStore(folder).type();

    /// @param folder one that exists
    String typeOf(Path folder) throws IOException;
}
