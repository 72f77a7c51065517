package dev.belay.runtime.broker;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/// Gives a new log folder its cluster id and first metadata, once.
///
/// The formatter writes `meta.properties` last: a folder killed while it was being formatted has none and is formatted
/// again.
record NodeStorage(Path logFolder) {

    void formatOnce() throws Exception {
        if (Files.exists(logFolder.resolve("meta.properties"))) {
            return;
        }
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(NodeProperties.NODE_ID)
                .setControllerListenerName(NodeProperties.CONTROLLER_LISTENER)
                .setReleaseVersion(MetadataVersion.latestProduction())
                .setMetadataLogDirectory(logFolder.toString())
                .addDirectory(logFolder.toString())
                .run();
    }
}
