package dev.belay.format;

import dev.belay.job.ReadOptions;
import java.nio.file.Path;
import java.util.Optional;

/// What is to be made readable.
///
/// @param fetched   the file as it came; never changed
/// @param folder    where files may be made; whoever owns it removes it with all that is in it
/// @param name      the source's own name: second evidence of its format, never a path
/// @param mediaType what the server called it, if one did
/// @param read      what the producer knows
public record Order(
        Path fetched, Path folder, String name, Optional<String> mediaType, ReadOptions read, Pulse pulse) {}
