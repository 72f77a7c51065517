package dev.belay.runtime.folder;

import dev.belay.disk.DurableFiles;
import dev.belay.disk.StorageFailures;
import dev.belay.job.JobFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// `endpoint.json`: how commands find the `belay dev` that runs on their data folder.
///
/// A file that its process left behind when it was killed does no harm: it counts only while that process lives.
public final class EndpointFile {
    private static final long LARGEST = 64 * 1024;

    /// Start times are computed from a boot time that moves when the clock is set.
    private static final Duration CLOCK_CORRECTION = Duration.ofSeconds(5);

    private final Path file;

    EndpointFile(Path file) {
        this.file = file;
    }

    /// Replaces the file in one step.
    ///
    /// @throws JobFailure when it cannot be written
    public void write(Endpoint endpoint) throws JobFailure {
        var bytes = new ByteArrayOutputStream();
        try (var json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            json.writeStringProperty("bootstrapServers", endpoint.bootstrapServers());
            json.writeStringProperty("kind", endpoint.kind().text());
            json.writeNumberProperty("pid", endpoint.pid());
            json.writeStringProperty("processStarted", endpoint.processStarted().toString());
            json.writeEndObject();
        }
        Path partial = file.resolveSibling("endpoint.json." + endpoint.pid());
        try {
            // What a killed process with the same id may have left.
            Files.deleteIfExists(partial.resolveSibling(partial.getFileName() + ".partial"));
            DurableFiles.replace(file, bytes.toByteArray(), String.valueOf(partial.getFileName()));
        } catch (IOException failed) {
            throw new JobFailure(StorageFailures.of(failed, file), failed);
        }
    }

    /// What runs here now; empty when nothing does, when its process is gone, or when the file is not ours.
    public Optional<Endpoint> living() {
        return read().filter(EndpointFile::lives);
    }

    /// Removes the file if this process wrote it.
    public void removeOwn() {
        long own = ProcessHandle.current().pid();
        if (read().filter(endpoint -> endpoint.pid() == own).isPresent()) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException left) {
                // It counts for nothing once this process has ended.
                return;
            }
        }
    }

    private static boolean lives(Endpoint endpoint) {
        return ProcessHandle.of(endpoint.pid())
                .filter(ProcessHandle::isAlive)
                .filter(process -> process.info()
                        .startInstant()
                        .map(started -> near(started, endpoint.processStarted()))
                        .orElse(true))
                .isPresent();
    }

    private static boolean near(Instant left, Instant right) {
        return Duration.between(left, right).abs().compareTo(CLOCK_CORRECTION) <= 0;
    }

    private Optional<Endpoint> read() {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > LARGEST) {
                return Optional.empty();
            }
            return parsed(Files.readAllBytes(file));
        } catch (IOException | JacksonException | DateTimeParseException | NumberFormatException notOurs) {
            return Optional.empty();
        }
    }

    private static Optional<Endpoint> parsed(byte[] content) {
        var members = new HashMap<String, String>();
        try (var json = new JsonFactory().createParser(ObjectReadContext.empty(), content)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                if (json.nextToken().isScalarValue()) {
                    members.put(name, json.getString());
                } else {
                    json.skipChildren();
                }
            }
        }
        String servers = members.get("bootstrapServers");
        String pid = members.get("pid");
        String started = members.get("processStarted");
        if (servers == null || pid == null || started == null) {
            return Optional.empty();
        }
        return Endpoint.Kind.of(members.getOrDefault("kind", ""))
                .map(kind -> new Endpoint(servers, kind, Long.parseLong(pid), Instant.parse(started)));
    }
}
