package dev.belay.dictionary;

import dev.belay.job.CommitId;
import dev.belay.job.DatasetId;
import dev.belay.job.DictionaryDocument;
import dev.belay.job.Excerpt;
import dev.belay.job.Incarnation;
import dev.belay.job.OperationId;
import dev.belay.job.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The bytes of one copy: a JSON object on one line, closed by the SHA-256 of the same line without that
/// property.
///
/// An entry has exactly one spelling. What is read is spelled again and must give the same bytes, so no bit of the file
/// (not of the dictionary, not of the ids, not of the white space) can change without being noticed.
public final class StashEnvelope {
    static final int VERSION = 1;

    /// The largest envelope that is written or read, in bytes.
    public static final int LIMIT = 64 * 1024 * 1024;

    private StashEnvelope() {}

    /// Says why bytes are no whole copy.
    public static final class Damaged extends Exception {
        Damaged(String reason) {
            super(reason);
        }
    }

    /// The bytes of a copy.
    ///
    /// @throws IllegalArgumentException when the entry holds something that would not come back as it is
    public static byte[] write(StashEntry entry) {
        byte[] bytes = spelled(entry);
        try {
            if (!read(bytes).equals(entry)) {
                throw new IllegalArgumentException("the copy of " + entry.dataset() + " would not read back as it is");
            }
        } catch (Damaged damaged) {
            throw new IllegalArgumentException(
                    "the copy of " + entry.dataset() + " would not read back: " + damaged.getMessage(), damaged);
        }
        return bytes;
    }

    /// The copy that bytes are, which say whose it is.
    ///
    /// @param dataset   whose it has to be by its place
    /// @param operation whose it has to be by its name
    /// @throws Damaged saying what does not match
    public static StashEntry read(byte[] bytes, DatasetId dataset, String operation) throws Damaged {
        StashEntry entry = read(bytes);
        if (!entry.dataset().equals(dataset)) {
            throw new Damaged("it is a copy of dataset " + entry.dataset());
        }
        if (!entry.operation().value().equals(operation)) {
            throw new Damaged("it is the copy of operation " + entry.operation());
        }
        return entry;
    }

    /// @throws Damaged saying what does not match
    static StashEntry read(byte[] bytes) throws Damaged {
        JsonNode node = tree(bytes);
        int version = node.path("version").asInt(0);
        if (version > VERSION) {
            throw new Damaged("its envelope has version " + version + ", this build reads up to " + VERSION
                    + ": it may come from a newer Belay");
        }
        StashEntry entry = entry(node);
        if (!Arrays.equals(bytes, spelled(entry))) {
            throw new Damaged("its SHA-256 does not match its content");
        }
        return entry;
    }

    private static JsonNode tree(byte[] bytes) throws Damaged {
        if (bytes.length == 0) {
            throw new Damaged("it is empty");
        }
        try {
            return DictionaryJson.read(new String(bytes, StandardCharsets.UTF_8));
        } catch (DictionaryJson.NotJson broken) {
            throw new Damaged("it " + broken.getMessage());
        }
    }

    private static StashEntry entry(JsonNode node) throws Damaged {
        try {
            return new StashEntry(
                    new DatasetId(node.path("dataset").asString("")),
                    new Incarnation(node.path("incarnation").asString("")),
                    new OperationId(node.path("operation").asString("")),
                    node.path("attempt").asInt(0),
                    new CommitId(node.path("base").asString("")),
                    Instant.parse(node.path("createdAt").asString("")),
                    new DictionaryDocument(node.path("dictionary").asString("")));
        } catch (IllegalArgumentException | DateTimeException wrong) {
            throw new Damaged("it holds a value that is none: " + Excerpt.of(String.valueOf(wrong.getMessage())));
        }
    }

    private static byte[] spelled(StashEntry entry) {
        ObjectNode node = DictionaryJson.object();
        node.put("version", VERSION)
                .put("dataset", entry.dataset().value())
                .put("incarnation", entry.incarnation().value())
                .put("operation", entry.operation().value())
                .put("attempt", entry.attempt())
                .put("base", entry.base().value())
                .put("createdAt", entry.createdAt().toString())
                .put("dictionary", entry.dictionary().json());
        node.put("sha256", Sha256.of(bytes(node)).hex());
        return bytes(node);
    }

    private static byte[] bytes(ObjectNode node) {
        return (DictionaryJson.write(node) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
