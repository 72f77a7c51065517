package dev.belay.schemas;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// The documents of the wire contract, as they lie in this jar beside this class.
public final class SchemaResources {
    /// What every `$id` begins with. The addresses are names; nothing is ever fetched from them.
    public static final String BASE = "https://belay.dev/schemas/1/";

    public static final String JOB = "job.schema.json";
    public static final String CONTROL = "control.schema.json";
    public static final String DICTIONARY = "dictionary.schema.json";
    public static final String DEAD_LETTER = "dead-letter.schema.json";
    public static final String CLOUD_EVENT = "cloudevent.schema.json";
    public static final String COMMON = "common.schema.json";
    public static final String RECEIPT = "receipt.schema.json";
    public static final String ASYNC_API = "asyncapi.yaml";

    private SchemaResources() {}

    /// The text of one document, named as the constants above or by [EventType#schemaResource()].
    ///
    /// @throws IllegalArgumentException if this jar holds no such document
    public static String text(String resource) {
        try (InputStream in = SchemaResources.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalArgumentException("no document \"" + resource + "\" in belay-schemas");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource + " from belay-schemas", e);
        }
    }
}
