package dev.belay.bench;

import java.nio.file.Path;

/// A file that is to be loaded.
///
/// @param title for people
/// @param rows  its records, the header not counted; -1 when nobody has counted them
public record LoadedFile(String title, Path path, long bytes, long rows) {}
