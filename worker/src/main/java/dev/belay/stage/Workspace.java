package dev.belay.stage;

import dev.belay.disk.DurableFiles;
import dev.belay.disk.StorageFailures;
import dev.belay.fault.FaultPoint;
import dev.belay.job.OperationId;
import dev.belay.job.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The private files of attempts: one folder each, named by the operation id. Nothing in it outlives its attempt.
///
/// @param root the folder that holds them
public record Workspace(Path root) {
    /// The attempt's fetched file, in its folder that is made if it is missing.
    Path sourceFile(OperationId operation) {
        return make(operation).resolve("source");
    }

    /// Makes the attempt's folder if it is missing.
    ///
    /// @return the folder
    public Path make(OperationId operation) {
        Path folder = root.resolve(operation.value());
        try {
            FaultPoint.WORKSPACE_MAKE.before();
            Files.createDirectories(folder);
            FaultPoint.WORKSPACE_MAKE.after();
        } catch (IOException failed) {
            throw new Unavailable(StorageFailures.of(failed, root), failed);
        }
        return folder;
    }

    /// The attempt's draft of a table, in the folder that its fetched file has made.
    Path draftFile(OperationId operation) {
        return root.resolve(operation.value()).resolve("draft");
    }

    /// Removes the attempt's folder and all that is in it.
    ///
    /// @return whether there was one
    public boolean remove(OperationId operation) {
        try {
            FaultPoint.WORKSPACE_REMOVE.before();
            boolean removed = DurableFiles.remove(root.resolve(operation.value()));
            FaultPoint.WORKSPACE_REMOVE.after();
            return removed;
        } catch (IOException failed) {
            throw new Unavailable(StorageFailures.of(failed, root), failed);
        }
    }

    /// Whose folders there are. A name that is no operation id is not ours and is left alone.
    public List<OperationId> operations() {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(root)) {
            return folders.map(folder -> folder.getFileName().toString())
                    .filter(OperationId::isValid)
                    .map(OperationId::new)
                    .toList();
        } catch (IOException failed) {
            throw new Unavailable(StorageFailures.of(failed, root), failed);
        }
    }
}
