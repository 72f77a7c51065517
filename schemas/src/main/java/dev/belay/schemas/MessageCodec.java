package dev.belay.schemas;

import dev.belay.schemas.JobMessage.Rules.Dedupe;
import dev.belay.schemas.JobMessage.Source;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Reads and writes job messages, control messages, dictionaries and dead letters. Messages of others are read strictly
/// and give a [Parsed]; dead letters are Belay's own, so a broken one is an exception. Safe for use by many threads.
public final class MessageCodec {
    /// The longest message that is read; a longer one is a problem, not an error of memory.
    public static final int MAX_MESSAGE_BYTES = StrictJson.MAX_BYTES;

    private final StrictJson strict = new StrictJson();
    private final CloudEventReader cloudEvents = new CloudEventReader(strict);
    private final JobReader jobs = new JobReader();
    private final JsonMapper mapper = Wire.mapper();

    /// Reads a job message as bare JSON, or as a structured CloudEvent that says so itself by its `specversion`.
    public Parsed<JobMessage> readJob(byte[] value) {
        return readJob(Map.of(), value);
    }

    /// Reads a job message from a Kafka record: binary or structured CloudEvent or bare JSON.
    ///
    /// @param headers the record's headers as UTF-8 text, names in lower case; of several with a name, the last
    public Parsed<JobMessage> readJob(Map<String, String> headers, byte[] value) {
        return switch (cloudEvents.open(headers, value)) {
            case Parsed.Invalid<CloudEventReader.Located> invalid -> Parsed.invalid(invalid.problems());
            case Parsed.Valid<CloudEventReader.Located> valid ->
                jobs.job(valid.message().tree(), valid.message().pointer());
        };
    }

    /// The job as bare JSON with every default written out.
    public byte[] writeJob(JobMessage job) {
        return mapper.writeValueAsBytes(tree(job));
    }

    /// The SHA-256, as 64 lower-case hexadecimal digits, of the canonical JSON of the request without its job id
    /// and with every default filled in: neither the order of keys nor a default that is spelt out changes it.
    ///
    /// What messages could not say from the beginning is left out at its default, so that a job redelivered after
    /// an upgrade has the digest it had before.
    public String requestDigest(JobMessage job) {
        ObjectNode tree = tree(job);
        tree.remove("jobId");
        removeDefault(tree, "read", "decimalMark", JobMessage.Read.DEFAULT.decimalMark());
        removeDefault(tree, "read", "groupMark", JobMessage.Read.DEFAULT.groupMark());
        removeDefault(
                tree,
                "rules",
                "overridePolicy",
                JobMessage.Rules.DEFAULT.overridePolicy().wire());
        return DeadLetter.sha256(CanonicalJson.of(tree).getBytes(StandardCharsets.UTF_8));
    }

    private static void removeDefault(ObjectNode tree, String part, String key, @Nullable String usual) {
        ObjectNode its = (ObjectNode) tree.path(part);
        if (Objects.equals(its.path(key).stringValue(null), usual)) {
            its.remove(key);
        }
    }

    /// Reads a control message.
    public Parsed<ControlMessage> readControl(byte[] value) {
        return switch (strict.parse(value)) {
            case Parsed.Invalid<JsonNode> invalid -> Parsed.invalid(invalid.problems());
            case Parsed.Valid<JsonNode> valid -> jobs.control(valid.message());
        };
    }

    /// The message as JSON.
    public byte[] writeControl(ControlMessage message) {
        return mapper.writeValueAsBytes(message);
    }

    /// Reads a Frictionless Table Schema; what Belay does not keep of it is in [DictionaryDocument#ignored()].
    public Parsed<DictionaryDocument> readDictionary(byte[] value) {
        return switch (strict.parse(value)) {
            case Parsed.Invalid<JsonNode> invalid -> Parsed.invalid(invalid.problems());
            case Parsed.Valid<JsonNode> valid -> new DictionaryReader().read(valid.message());
        };
    }

    /// The document for people: indented, with a line break at the end.
    public byte[] writeDictionary(DictionaryDocument document) {
        String text = mapper.writerWithDefaultPrettyPrinter().writeValueAsString(document);
        return (text + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /// The dead letter as JSON.
    public byte[] writeDeadLetter(DeadLetter letter) {
        return mapper.writeValueAsBytes(letter);
    }

    /// Reads a dead letter.
    ///
    /// @throws MessageFormatException if it is none, or one of a later schema version
    public DeadLetter readDeadLetter(byte[] value) {
        try {
            DeadLetter letter = mapper.readValue(value, DeadLetter.class);
            if (letter.schemaVersion() != DeadLetter.SCHEMA_VERSION) {
                throw new MessageFormatException("the dead letter has schema version " + letter.schemaVersion()
                        + ", this Belay knows " + DeadLetter.SCHEMA_VERSION);
            }
            return letter;
        } catch (JacksonException e) {
            throw new MessageFormatException("not a dead letter: " + Clipped.to(300, e.getOriginalMessage()), e);
        }
    }

    /// The job's tree; a source has only the fields of its kind, and what is not deduplicated says `false`.
    private ObjectNode tree(JobMessage job) {
        ObjectNode tree = mapper.valueToTree(job);
        ObjectNode source = tree.putObject("source");
        switch (job.source()) {
            case Source.Url file ->
                source.put("url", file.url()).put("sha256", file.sha256()).put("secretRef", file.secretRef());
            case Source.Version earlier -> source.put("version", earlier.version());
        }
        ObjectNode rules = (ObjectNode) tree.path("rules");
        Dedupe dedupe = job.rules().dedupe();
        if (dedupe == null) {
            rules.put("dedupe", false);
        } else {
            ObjectNode said = rules.putObject("dedupe");
            if (dedupe.by() == Dedupe.By.COLUMNS) {
                dedupe.columns().forEach(said.putArray("by")::add);
            } else {
                said.put("by", dedupe.by().wire());
            }
            said.put("keep", dedupe.keep().wire());
        }
        return tree;
    }
}
