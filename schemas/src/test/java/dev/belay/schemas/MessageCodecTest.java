package dev.belay.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.schemas.JobMessage.Rules.Dedupe;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageCodecTest {
    private static final String SMALL = "{\"dataset\":\"d\",\"source\":{\"url\":\"a.csv\"}}";

    private final MessageCodec codec = new MessageCodec();
    private final SchemaCheck schemas = new SchemaCheck();

    @Test
    void onlyDatasetAndSourceAreRequiredAndEverythingElseHasItsDefault() {
        assertThat(valid(SMALL)).isEqualTo(JobMessage.replace("d", JobMessage.Source.url("a.csv")));
    }

    @Test
    void everyJobRoundTripsAndItsJsonIsAsTheSchemaSays() {
        JobMessage file = JobMessage.replace("d", new JobMessage.Source.Url("a.csv", "0".repeat(64), null));
        List<JobMessage> jobs = List.of(
                file,
                file.withJobId("job-1").withMode(Mode.UPSERT, List.of("a", "b")),
                file.withMode(Mode.APPEND, List.of()).withPublish(PublishStrategy.IN_PLACE),
                file.withRetry(new JobMessage.Retry(7, JobMessage.Retry.On.ANY)),
                file.withRead(JobMessage.Read.csv(";", "windows-1252")),
                file.withRules(new JobMessage.Rules(
                        0, JobMessage.Rules.Screen.OFF, null, null, JobMessage.Rules.OverridePolicy.WIDEN)),
                file.withMode(Mode.APPEND, List.of("k"))
                        .withRules(deduped(Dedupe.By.RECORD, List.of(), Dedupe.Keep.LAST)),
                file.withMode(Mode.REPLACE, List.of("k"))
                        .withRules(deduped(Dedupe.By.KEY, List.of(), Dedupe.Keep.FIRST)),
                file.withRules(deduped(Dedupe.By.COLUMNS, List.of("a", "b"), Dedupe.Keep.FIRST)),
                JobMessage.replace("d", JobMessage.Source.version(3)));

        for (JobMessage job : jobs) {
            String json = new String(codec.writeJob(job), UTF_8);
            assertThat(valid(json)).isEqualTo(job);
            assertThat(schemas.problems(SchemaResources.JOB, json)).isEmpty();
        }
    }

    private static JobMessage.Rules deduped(Dedupe.By by, List<String> columns, Dedupe.Keep keep) {
        return JobMessage.Rules.DEFAULT.withDedupe(new Dedupe(by, columns, keep));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            replace | "record"                            | {"by":"record","keep":"first"}
            append  | "key"                               | {"by":"key","keep":"first"}
            upsert  | "key"                               | {"by":"key","keep":"last"}
            upsert  | {"by":["a","b"]}                    | {"by":["a","b"],"keep":"last"}
            upsert  | {"by":["a"],"keep":"first"}         | {"by":["a"],"keep":"first"}
            replace | {"by":"key","keep":null}            | {"by":"key","keep":"first"}
            replace | null                                | false
            replace | false                               | false
            """)
    void whatIsDeduplicatedIsWrittenOut(String mode, String said, String written) {
        String json =
                "{\"dataset\":\"d\",\"source\":{\"url\":\"a\"},\"mode\":\"%s\",\"key\":[\"k\"],\"rules\":{\"dedupe\":%s}}"
                        .formatted(mode, said);

        assertThat(new String(codec.writeJob(valid(json)), UTF_8)).contains("\"dedupe\":" + written);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "rules":{"dedupe":true}                | /rules/dedupe: must be false, "record", "key" or an object with by and keep, not true
            "rules":{"dedupe":"key"}               | /key: must name the key columns, because rules.dedupe is by "key"
            "rules":{"dedupe":{"keep":"last"}}     | /rules/dedupe/by: is required and must be "record", "key" or a list of columns
            "rules":{"dedupe":{"by":[]}}           | /rules/dedupe/by: must name at least one column
            "rules":{"dedupe":{"by":"all"}}        | /rules/dedupe/by: must be "record", "key" or a list of columns, not "all"
            "rules":{"dedupe":{"by":["a","a"]}}    | /rules/dedupe/by/1: "a" is in the list twice
            """)
    void whatCannotBeDeduplicatedIsToldWithItsPointer(String rules, String problem) {
        assertThat(invalid("{\"dataset\":\"d\",\"source\":{\"url\":\"a\"}," + rules + "}")
                        .summary())
                .contains(problem);
    }

    @Test
    void anEarlierVersionIsNotDeduplicated() {
        assertThat(invalid("{\"dataset\":\"d\",\"source\":{\"version\":3},\"rules\":{\"dedupe\":\"record\"}}")
                        .summary())
                .contains("/rules/dedupe: goes with source.url");
    }

    @ParameterizedTest
    @ValueSource(strings = {"replace-air-quality", "append", "upsert", "retry-any", "in-place"})
    void theExamplesForPeopleAreValid(String name) {
        String json = RepositoryFile.text("examples/jobs/" + name + ".json");

        assertThat(codec.readJob(json.getBytes(UTF_8))).isInstanceOf(Parsed.Valid.class);
        assertThat(schemas.problems(SchemaResources.JOB, json)).isEmpty();
    }

    @Test
    void theExamplesInTheJarAreValid() {
        Map<String, String> examples = Map.of(
                "examples/job.json", SchemaResources.JOB,
                "examples/control.json", SchemaResources.CONTROL,
                "examples/dictionary.json", SchemaResources.DICTIONARY,
                "examples/dead-letter.json", SchemaResources.DEAD_LETTER);

        examples.forEach((example, schema) -> assertThat(schemas.problems(schema, SchemaResources.text(example)))
                .as(example)
                .isEmpty());
        valid(SchemaResources.text("examples/job.json"));
    }

    @Test
    void anInvalidMessageStillTellsItsJobAndDataset() {
        Parsed.Invalid<JobMessage> invalid = invalid("{\"jobId\":\"j\",\"dataset\":\"d\",\"source\":{},\"mod\":1}");

        assertThat(invalid.jobId()).isEqualTo("j");
        assertThat(invalid.dataset()).isEqualTo("d");
        assertThat(invalid.problems()).extracting(Problem::pointer).containsExactly("/mod", "/source");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"dataset":"d"                                                | not proper JSON
            {"dataset":"d","dataset":"e","source":{"url":"a"}}            | uplicate
            {"dataset":"d","source":{"url":"a"}} {}                       | after the end
            {"dataset":"d","source":{"url":"a\\u0000b"}}                  | NUL
            {"dataset":"d","source":{"url":"a\\ud800b"}}                  | lone surrogate
            [[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]                    | depth
            []                                                            | must be a JSON object
            null                                                          | must be a JSON object
            nonsense                                                      | not proper JSON
            """)
    void brokenJsonIsToldInOneSentence(String json, String expected) {
        Parsed.Invalid<JobMessage> invalid = invalid(json);

        assertThat(invalid.problems()).hasSize(1);
        assertThat(invalid.summary()).contains(expected).hasSizeLessThan(400).doesNotContain("\n");
    }

    @Test
    void bytesThatAreNoMessageAreRefused() {
        assertThat(summary(new byte[0])).contains("empty");
        assertThat(summary(new byte[] {(byte) 0xc3, 0x28})).contains("UTF-8");
        assertThat(summary(("{\"x\":\"" + "a".repeat(300_000) + "\"}").getBytes(UTF_8)))
                .contains("262144");
        assertThat(summary(("{\"x\":" + "1".repeat(200) + "}").getBytes(UTF_8))).contains("not proper JSON");
    }

    @Test
    void aUrlIsNeverRepeatedInAProblem() {
        Parsed.Invalid<JobMessage> invalid =
                invalid("{\"dataset\":\"d\",\"source\":{\"url\":\"http://me:secret@host/a\\nb\"}}");

        assertThat(invalid.summary()).contains("/source/url").doesNotContain("secret");
    }

    @Test
    void aCloudEventIsReadInEveryMode() {
        JobMessage job = valid(SMALL);
        String attributes =
                "\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/me\",\"type\":\"dev.belay.job.requested\"";
        String structured = "{" + attributes + ",\"data\":" + SMALL + "}";
        String encoded = "{" + attributes + ",\"data_base64\":\""
                + Base64.getEncoder().encodeToString(SMALL.getBytes(UTF_8)) + "\"}";
        Map<String, String> says = Map.of("content-type", "application/cloudevents+json; charset=UTF-8");
        Map<String, String> binary = Map.of("ce_specversion", "1.0", "ce_type", "dev.belay.job.requested");

        assertThat(codec.readJob(says, structured.getBytes(UTF_8))).isEqualTo(new Parsed.Valid<>(job));
        assertThat(codec.readJob(structured.getBytes(UTF_8))).isEqualTo(new Parsed.Valid<>(job));
        assertThat(codec.readJob(says, encoded.getBytes(UTF_8))).isEqualTo(new Parsed.Valid<>(job));
        assertThat(codec.readJob(binary, SMALL.getBytes(UTF_8))).isEqualTo(new Parsed.Valid<>(job));
    }

    @Test
    void aCloudEventThatIsNoJobIsRefusedWithTheAttribute() {
        String wrongType = "{\"specversion\":\"1.0\",\"type\":\"com.example.other\",\"data\":" + SMALL + "}";
        String wrongVersion = "{\"specversion\":\"0.3\",\"type\":\"dev.belay.job.requested\",\"data\":" + SMALL + "}";
        String noData = "{\"specversion\":\"1.0\",\"type\":\"dev.belay.job.requested\"}";
        String badData = "{\"specversion\":\"1.0\",\"type\":\"dev.belay.job.requested\",\"data\":{\"x\":1}}";

        assertThat(invalid(wrongType).summary()).contains("/type").contains("com.example.other");
        assertThat(invalid(wrongVersion).summary()).contains("/specversion").contains("0.3");
        assertThat(invalid(noData).summary()).contains("/data");
        assertThat(invalid(badData).summary()).contains("/data/x").contains("/data/dataset");
        assertThat(codec.readJob(Map.of("content-type", "application/cloudevents+avro"), new byte[1]))
                .isInstanceOf(Parsed.Invalid.class);
        assertThat(codec.readJob(Map.of("ce_specversion", "1.0", "ce_type", "x"), SMALL.getBytes(UTF_8)))
                .isInstanceOf(Parsed.Invalid.class);
    }

    @Test
    void controlMessagesRoundTripAndAreClosed() {
        ControlMessage cancel = new ControlMessage(ControlMessage.Command.CANCEL, "job-1", null, "ops", null);

        byte[] written = codec.writeControl(cancel);

        assertThat(codec.readControl(written)).isEqualTo(new Parsed.Valid<>(cancel));
        assertThat(schemas.problems(SchemaResources.CONTROL, new String(written, UTF_8)))
                .isEmpty();
        assertThat(codec.readControl("{\"command\":\"cancel\",\"jobId\":\"j\",\"now\":1}".getBytes(UTF_8)))
                .isInstanceOfSatisfying(
                        Parsed.Invalid.class,
                        refused -> assertThat(refused.summary()).contains("/now"));
        assertThat(codec.readControl("{}".getBytes(UTF_8))).isInstanceOf(Parsed.Invalid.class);
    }

    @Test
    void aDictionaryRoundTripsAndWhatIsNotKeptIsNamed() {
        byte[] example = SchemaResources.text("examples/dictionary.json").getBytes(UTF_8);
        DictionaryDocument read = ((Parsed.Valid<DictionaryDocument>) codec.readDictionary(example)).message();

        assertThat(new String(codec.writeDictionary(read), UTF_8))
                .satisfies(json -> assertThat(schemas.problems(SchemaResources.DICTIONARY, json))
                        .isEmpty());
        assertThat(codec.readDictionary(codec.writeDictionary(read))).isEqualTo(new Parsed.Valid<>(read));
        byte[] foreign = "{\"primaryKey\":\"a\",\"fields\":[{\"name\":\"a\",\"constraints\":{}}]}".getBytes(UTF_8);
        assertThat(codec.readDictionary(foreign))
                .isEqualTo(new Parsed.Valid<>(new DictionaryDocument(
                        List.of(new DictionaryDocument.Field("a", "any", null, null, null, null)),
                        List.of("/primaryKey", "/fields/0/constraints"))));
        byte[] wrong = "{\"fields\":[{\"name\":\"a\",\"type\":\"varchar\"},{\"name\":\"a\"},{}]}".getBytes(UTF_8);
        assertThat(codec.readDictionary(wrong))
                .isInstanceOfSatisfying(
                        Parsed.Invalid.class,
                        refused -> assertThat(refused.summary())
                                .contains("/fields/0/type")
                                .contains("/fields/1/name")
                                .contains("/fields/2/name"));
    }

    @Test
    void aDeadLetterHoldsTheOriginalAndRoundTrips() {
        Instant now = Instant.parse("2026-11-21T08:00:00Z");
        byte[] value = {1, 2, (byte) 0xff};
        DeadLetter letter = DeadLetter.of(
                new DeadLetter.Reason(Failure.Kind.PERMANENT, "JOB_MESSAGE_INVALID", "not proper JSON"),
                new DeadLetter.Known(null, null, 0),
                new Origin("belay.jobs", 3, 42, now),
                DeadLetter.Original.of(null, value, List.of(DeadLetter.Header.of("h", null))),
                now);

        byte[] written = codec.writeDeadLetter(letter);

        assertThat(codec.readDeadLetter(written)).isEqualTo(letter);
        assertThat(codec.readDeadLetter(written).originalValue()).hasValue(value);
        assertThat(letter.originalKey()).isEmpty();
        assertThat(schemas.problems(SchemaResources.DEAD_LETTER, new String(written, UTF_8)))
                .isEmpty();
        assertThatThrownBy(() -> codec.readDeadLetter("{}".getBytes(UTF_8))).isInstanceOf(MessageFormatException.class);
    }

    @Test
    void anOversizedOriginalIsLeftOutSoThatTheDeadLetterFitsItsTopic() {
        DeadLetter.Original large = DeadLetter.Original.of(null, new byte[DeadLetter.MAX_VALUE_BYTES + 1], List.of());

        assertThat(large.value()).isNull();
        assertThat(large.valueBytes()).isEqualTo(DeadLetter.MAX_VALUE_BYTES + 1L);
        assertThat(large.valueSha256()).hasSize(64);
    }

    /// As the worker gave them that knew no `decimalMark`, `groupMark` and `overridePolicy`: a job that it has seen is
    /// delivered again to this one.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"dataset":"d","source":{"url":"a.csv"}}|6987991597c5701e1209b652ea375b99cdf4aa8a6a0db16945f4657b8ac9554a
            {"dataset":"d","source":{"url":"a.csv"},"mode":"upsert","key":["k"],"rules":{"maxRejectedRatio":0.5},"read":{"format":"csv"}}|dc1b0aea915d1b4dfc4a422ef7e7cc0806995431deaadee625b9cbef7c1876cc
            """)
    void digestsStayWhatTheyWere(String json, String digest) {
        assertThat(codec.requestDigest(valid(json))).isEqualTo(digest);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"read\":{\"decimalMark\":\",\"}",
                "\"read\":{\"groupMark\":\".\"}",
                "\"rules\":{\"overridePolicy\":\"fail\"}",
                "\"rules\":{\"dedupe\":\"record\"}"
            })
    void whatAJobSaysChangesItsDigest(String said) {
        JobMessage silent = valid("{\"dataset\":\"d\",\"source\":{\"url\":\"a.csv\"}}");
        JobMessage job = valid("{\"dataset\":\"d\",\"source\":{\"url\":\"a.csv\"}," + said + "}");

        assertThat(codec.requestDigest(job)).isNotEqualTo(codec.requestDigest(silent));
    }

    private JobMessage valid(String json) {
        return ((Parsed.Valid<JobMessage>) codec.readJob(json.getBytes(UTF_8))).message();
    }

    private Parsed.Invalid<JobMessage> invalid(String json) {
        return (Parsed.Invalid<JobMessage>) codec.readJob(json.getBytes(UTF_8));
    }

    private String summary(byte[] bytes) {
        return ((Parsed.Invalid<JobMessage>) codec.readJob(bytes)).summary();
    }
}
