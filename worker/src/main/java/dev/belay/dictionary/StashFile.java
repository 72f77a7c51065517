package dev.belay.dictionary;

import dev.belay.job.DatasetId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/// Reads one copy from its place, which says whose it has to be.
final class StashFile {
    private StashFile() {}

    /// @param operation what the file's name says
    /// @throws StashEnvelope.Damaged when it is not the whole copy of this dataset and operation
    /// @throws IOException           when it cannot be read at all, or is gone
    static StashEntry read(Path file, DatasetId dataset, String operation) throws IOException, StashEnvelope.Damaged {
        var attributes = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isRegularFile()) {
            throw new StashEnvelope.Damaged("it is a link, a folder or a device, not a file");
        }
        if (attributes.size() > StashEnvelope.LIMIT) {
            throw new StashEnvelope.Damaged(
                    "it has %,d bytes, the limit is %,d".formatted(attributes.size(), StashEnvelope.LIMIT));
        }
        return StashEnvelope.read(bytes(file), dataset, operation);
    }

    private static byte[] bytes(Path file) throws IOException {
        try (var input = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            // One more than the limit: a file that grows meanwhile does not match its digest.
            return input.readNBytes(StashEnvelope.LIMIT + 1);
        }
    }
}
