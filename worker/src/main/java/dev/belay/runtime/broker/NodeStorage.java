package dev.belay.runtime.broker;

import dev.belay.disk.DurableFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/// Gives a new log folder its cluster id and first metadata, once.
///
/// Kafka's formatter fsyncs only a part of what it writes: a power cut soon after would leave a folder that counts as
/// formatted and cannot be started from. So it writes beside, everything there is made durable, and `meta.properties`,
/// by which a folder counts as formatted, comes last. Killed or cut off before that, it is formatted again.
record NodeStorage(Path logFolder) {
    private static final String MARK = "meta.properties";

    void formatOnce() throws Exception {
        if (Files.exists(logFolder.resolve(MARK))) {
            return;
        }
        Path beside = logFolder.resolveSibling(logFolder.getFileName() + ".formatting");
        DurableFiles.remove(beside);
        DurableFiles.createFolders(beside);
        DurableFiles.createFolders(logFolder);
        format(beside);
        List<Path> made = filesIn(beside);
        for (Path file : made) {
            DurableFiles.fsync(file);
        }
        for (Path file : made) {
            if (!file.endsWith(MARK)) {
                take(file);
            }
        }
        take(beside.resolve(MARK));
        DurableFiles.remove(beside);
    }

    private static void format(Path folder) throws Exception {
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(NodeProperties.NODE_ID)
                .setControllerListenerName(NodeProperties.CONTROLLER_LISTENER)
                .setReleaseVersion(MetadataVersion.latestProduction())
                .setMetadataLogDirectory(folder.toString())
                .addDirectory(folder.toString())
                .run();
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private void take(Path file) throws IOException {
        DurableFiles.move(file, logFolder.resolve(file.getFileName()));
    }
}
