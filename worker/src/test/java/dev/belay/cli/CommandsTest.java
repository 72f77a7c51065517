package dev.belay.cli;

import dev.belay.runtime.folder.DataFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// Over the stores in files that an installation has unless it says otherwise.
final class CommandsTest extends CommandsContract {
    @Override
    Map<String, String> stores() {
        return Map.of();
    }

    @Override
    BooleanSupplier damagedCopy(Path data, String dataset, String operation) throws Exception {
        Path copy = DataFolder.at(data).stash().resolve(dataset).resolve(operation + ".json");
        Files.createDirectories(copy.getParent());
        Files.writeString(copy, "not an envelope");
        return () -> Files.exists(copy);
    }
}
