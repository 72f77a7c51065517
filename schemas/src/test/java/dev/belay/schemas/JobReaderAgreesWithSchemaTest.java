package dev.belay.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The checks by hand and the published schema must take and refuse the same messages. Every field gets every
/// value of a list of likely and unlikely ones, and both are asked.
class JobReaderAgreesWithSchemaTest {
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "false",
            "0",
            "1",
            "1.0",
            "2",
            "-1",
            "0.05",
            "1.5",
            "100",
            "101",
            "9007199254740991",
            "9007199254740992",
            "1e400",
            "\"\"",
            "\"a\"",
            "\"A\"",
            "\"a..b\"",
            "\"../etc\"",
            "\"a b\"",
            "\"a.b-c_d:e\"",
            "\";\"",
            "\",\"",
            "\".\"",
            "\" \"",
            "\"'\"",
            "{\"decimalMark\":\",\",\"groupMark\":\".\"}",
            "{\"decimalMark\":\".\",\"groupMark\":\".\"}",
            "{\"decimalMark\":\",\",\"groupMark\":\",\"}",
            "{\"decimalMark\":null,\"groupMark\":\",\"}",
            "\"😀\"",
            "\"\\\"\"",
            "\"\\t\"",
            "\"\\n\"",
            "\"\\u007f\"",
            "\"auto\"",
            "\"csv\"",
            "\"xlsx\"",
            "\"off\"",
            "\"reject\"",
            "\"fail\"",
            "\"widen\"",
            "\"block\"",
            "\"replace\"",
            "\"append\"",
            "\"upsert\"",
            "\"swap\"",
            "\"in-place\"",
            "\"transient\"",
            "\"any\"",
            "\"utf-8\"",
            "\"UTF-8\"",
            "\"utf-16le\"",
            "[]",
            "[\"a\"]",
            "[\"a\",\"a\"]",
            "[\"a\",\"b\"]",
            "[1]",
            "[\"\"]",
            "{}",
            "{\"x\":1}",
            "\"record\"",
            "\"key\"",
            "\"columns\"",
            "{\"by\":\"record\"}",
            "{\"by\":\"key\",\"keep\":\"last\"}",
            "{\"by\":\"key\",\"keep\":null}",
            "{\"by\":\"columns\"}",
            "{\"by\":null}",
            "{\"by\":true}",
            "{\"by\":[]}",
            "{\"by\":[\"a\",\"b\"],\"keep\":\"first\"}",
            "{\"by\":[\"a\",\"a\"]}",
            "{\"by\":[\"a\",1]}",
            "{\"by\":[\"a\"],\"columns\":[\"a\"]}",
            "{\"by\":\"record\",\"keep\":\"any\"}",
            "{\"keep\":\"first\"}",
            "{\"url\":\"a\"}",
            "{\"url\":null}",
            "{\"version\":1}",
            "{\"version\":0}",
            "{\"url\":\"a\",\"version\":1}",
            "{\"url\":\"a\",\"version\":null}",
            "{\"version\":2,\"url\":null}",
            "{\"version\":2,\"sha256\":\"" + "0".repeat(64) + "\"}",
            "\"" + "0".repeat(64) + "\"",
            "\"" + "G".repeat(64) + "\"",
            "\"" + "a".repeat(100) + "\"",
            "\"" + "a".repeat(101) + "\"",
            "\"" + "a".repeat(128) + "\"",
            "\"" + "a".repeat(129) + "\"",
            "\"" + "a".repeat(200) + "\"",
            "\"" + "a".repeat(201) + "\"",
            "\"" + "a".repeat(4097) + "\"");

    private final JsonMapper mapper = new JsonMapper();
    private final MessageCodec codec = new MessageCodec();
    private final SchemaCheck schemas = new SchemaCheck();

    @ParameterizedTest
    @CsvSource({"'',false", "source,false", "source,true", "retry,false", "read,false", "rules,false", "'',true"})
    void bothTakeAndRefuseTheSame(String object, boolean fromVersion) {
        List<String> disagreements = new ArrayList<>();
        ObjectNode full = full(fromVersion);
        JsonNode place = object.isEmpty() ? full : full.path(object);
        List<String> fields = new ArrayList<>(place.propertyNames());
        fields.addAll(List.of("x", "version", "sha256"));
        for (String field : fields) {
            for (String value : VALUES) {
                for (String mode : List.of("replace", "upsert")) {
                    ObjectNode job = full(fromVersion);
                    job.put("mode", mode);
                    if (mode.equals("upsert")) {
                        job.putArray("key").add("id");
                    }
                    ((ObjectNode) (object.isEmpty() ? job : job.path(object))).set(field, mapper.readTree(value));
                    compare(job.toString(), disagreements);
                }
            }
        }
        assertThat(disagreements).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'',''", "source,/source", "retry,/retry", "read,/read", "rules,/rules"})
    void anUnknownFieldAtEveryLevelIsToldWithItsPointer(String object, String pointer) {
        ObjectNode job = full(false);
        ((ObjectNode) (object.isEmpty() ? job : job.path(object))).put("a/b~c", 1);

        Parsed.Invalid<JobMessage> invalid = (Parsed.Invalid<JobMessage>) read(job.toString());

        assertThat(invalid.problems()).hasSize(1);
        assertThat(invalid.problems().getFirst().pointer()).isEqualTo(pointer + "/a~1b~0c");
        assertThat(invalid.summary()).contains("unknown field");
    }

    @Test
    void valuesNotYetSupportedAreRefusedInSoManyWords() {
        List<String> unsupported =
                List.of("\"callback\":\"http://x\"", "\"rules\":{\"expect\":{}}", "\"read\":{\"locale\":\"de\"}");

        for (String field : unsupported) {
            Parsed<JobMessage> parsed = read("{\"dataset\":\"d\",\"source\":{\"url\":\"a\"}," + field + "}");
            assertThat(parsed)
                    .isInstanceOfSatisfying(
                            Parsed.Invalid.class,
                            invalid -> assertThat(invalid.summary()).as(field).contains("not supported yet"));
        }
    }

    private void compare(String json, List<String> disagreements) {
        boolean taken = read(json) instanceof Parsed.Valid;
        List<String> problems = schemas.problems(SchemaResources.JOB, json);
        if (taken != problems.isEmpty()) {
            disagreements.add((taken ? "only we take " : "only the schema takes ") + json + " " + problems);
        }
    }

    private Parsed<JobMessage> read(String json) {
        return codec.readJob(json.getBytes(UTF_8));
    }

    private ObjectNode full(boolean fromVersion) {
        ObjectNode job = (ObjectNode) mapper.readTree(SchemaResources.text("examples/job.json"));
        if (fromVersion) {
            job.putObject("source").put("version", 3);
        }
        return job;
    }
}
