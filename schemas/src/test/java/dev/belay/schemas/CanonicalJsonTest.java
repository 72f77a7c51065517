package dev.belay.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class CanonicalJsonTest {
    private final JsonMapper mapper = new JsonMapper();
    private final MessageCodec codec = new MessageCodec();

    @ParameterizedTest
    @CsvSource({
        "333333333.33333329, 333333333.3333333",
        "1E30, 1e+30",
        "4.50, 4.5",
        "2e-3, 0.002",
        "0.000000000000000000000000001, 1e-27",
        "-0.0, 0",
        "0, 0",
        "1e21, 1e+21",
        "1e20, 100000000000000000000",
        "0.000001, 0.000001",
        "0.0000001, 1e-7",
        "123e-20, 1.23e-18",
        "5e-324, 5e-324",
        "-1.5, -1.5",
        "10, 10",
        "1.7976931348623157e308, 1.7976931348623157e+308",
        "9007199254740991, 9007199254740991"
    })
    void numbersAreSpeltAsRfc8785Says(String json, String expected) {
        assertThat(canonical(json)).isEqualTo(expected);
    }

    @Test
    void keysAreSortedByCodeUnitsAndTextIsEscapedNoMoreThanNeeded() {
        String json =
                "{\"\\u20ac\":1,\"\\r\":2,\"\\ufb33\":3,\"1\":4,\"\\ud83d\\ude00\":5,\"\\u0080\":6,\"\\u00f6\":7}";

        assertThat(canonical(json)).isEqualTo("{\"\\r\":2,\"1\":4,\"\u0080\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\ufb33\":3}");
        assertThat(canonical("\"\\u000f\\n\\u0041\\/\\\\\\\"\"")).isEqualTo("\"\\u000f\\nA/\\\\\\\"\"");
    }

    @Test
    void whatHasNoCanonicalFormIsRefused() {
        for (String json : List.of("9007199254740993", "1e400", "\"\\ud800\"")) {
            assertThatThrownBy(() -> canonical(json)).as(json).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Property(tries = 300)
    void aDoubleIsReadBackFromItsCanonicalForm(@ForAll double value) {
        assertThat(Double.parseDouble(CanonicalJson.number(value))).isEqualTo(value == 0 ? 0.0 : value);
    }

    @Property(tries = 100)
    void theCanonicalFormOfACanonicalFormIsItself(@ForAll List<Integer> numbers, @ForAll("names") List<String> names) {
        ObjectNode tree = mapper.createObjectNode();
        for (int i = 0; i < names.size(); i++) {
            tree.put(names.get(i), i < numbers.size() ? numbers.get(i) : i);
        }
        String canonical = CanonicalJson.of(tree);

        assertThat(canonical(canonical)).isEqualTo(canonical);
        assertThat(mapper.readTree(canonical)).isEqualTo(tree);
        assertThat(CanonicalJson.of(shuffled(tree, new Random(names.size())))).isEqualTo(canonical);
    }

    @Provide
    Arbitrary<List<String>> names() {
        return Arbitraries.strings()
                .ofMaxLength(8)
                .filter(text -> text.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF))
                .list()
                .ofMaxSize(12);
    }

    @Property(tries = 100)
    void theOrderOfKeysDoesNotChangeTheDigest(@ForAll long seed) {
        JsonNode job = mapper.readTree(SchemaResources.text("examples/job.json"));

        String permuted = shuffled(job, new Random(seed)).toString();

        assertThat(digest(permuted)).isEqualTo(digest(job.toString()));
    }

    @Test
    void aDefaultThatIsSpeltOutDoesNotChangeTheDigestAndTheJobIdIsNotInIt() {
        String small = "{\"dataset\":\"d\",\"source\":{\"url\":\"a\"}}";
        String spelt =
                "{\"jobId\":\"j\",\"dataset\":\"d\",\"source\":{\"url\":\"a\",\"sha256\":null},\"mode\":\"replace\","
                        + "\"key\":[],\"retry\":{},\"rules\":{\"maxRejectedRatio\":5e-2},\"dryRun\":false,\"read\":null}";

        assertThat(digest(spelt)).isEqualTo(digest(small)).matches("[0-9a-f]{64}");
        assertThat(digest(small.replace("\"a\"", "\"b\""))).isNotEqualTo(digest(small));
        assertThat(digest(small.replace("\"d\"", "\"e\""))).isNotEqualTo(digest(small));
        assertThat(digest(small.replace("}}", "},\"publish\":\"in-place\"}"))).isNotEqualTo(digest(small));
    }

    private String canonical(String json) {
        return CanonicalJson.of(mapper.readTree(json));
    }

    private String digest(String json) {
        return codec.requestDigest(((Parsed.Valid<JobMessage>) codec.readJob(json.getBytes(UTF_8))).message());
    }

    private JsonNode shuffled(JsonNode node, Random random) {
        if (!node.isObject()) {
            return node;
        }
        List<String> names = new ArrayList<>(node.propertyNames());
        Collections.shuffle(names, random);
        ObjectNode shuffled = mapper.createObjectNode();
        names.forEach(name -> shuffled.set(name, shuffled(node.path(name), random)));
        return shuffled;
    }
}
