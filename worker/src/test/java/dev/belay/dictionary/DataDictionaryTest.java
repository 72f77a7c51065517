package dev.belay.dictionary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.job.ColumnType;
import dev.belay.job.DateOrder;
import dev.belay.job.DictionaryDocument;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.NumberMarks;
import dev.belay.job.NumberMarks.Decimal;
import dev.belay.job.NumberMarks.Group;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DataDictionaryTest {
    private static final String STORED = """
            {"fields":[\
            {"name":"code","type":"string","title":"Station","description":"Ours.","belay:typeOverride":"text","belay:originalHeader":"CODE"},\
            {"name":"pm10","type":"number","title":"PM10","belay:type":"double","belay:originalHeader":"PM10",\
            "ckan":{"label":"x","z":1,"a":[1.50,1E+400,null,true,12345678901234567890123]},"constraints":{"minimum":0}},\
            {"name":"gone","type":"datetime","title":"Gone","belay:originalHeader":"Gone","belay:orphan":true}],\
            "missingValues":["","-"],"primaryKey":"code"}""";

    @Test
    void givesTheStoredFormBackWordForWord() throws JobFailure {
        DataDictionary dictionary = DataDictionary.parse(new DictionaryDocument(STORED));

        assertThat(dictionary.toDocument().json()).isEqualTo(STORED);
        assertThat(DataDictionary.ofTableSchema(STORED, DictionaryLimits.DEFAULT))
                .isEqualTo(dictionary);
        assertThat(dictionary.overrides()).isEqualTo(Map.of("code", ColumnType.TEXT));
        assertThat(dictionary.field("pm10").type()).contains(ColumnType.DOUBLE);
        assertThat(dictionary.field("gone").orphan()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "boolean,BOOLEAN",
        "integer,INTEGER",
        "number,DECIMAL",
        "decimal,DECIMAL",
        "double,DOUBLE",
        "date,DATE",
        "datetime,TIMESTAMP",
        "timestamp,TIMESTAMP",
        "string,TEXT",
        "text,TEXT"
    })
    void understandsTheTypeNamesOfBothVocabularies(String name, ColumnType type) throws JobFailure {
        var dictionary = schema("{\"fields\":[{\"name\":\"a\",\"type\":\"%s\"}]}".formatted(name));

        assertThat(dictionary.field("a").type()).contains(type);
        assertThat(schema(dictionary.toDocument().json())).isEqualTo(dictionary);
        assertThat(dictionary.toDocument().json())
                .containsPattern("\"type\":\"(boolean|integer|number|date|datetime|string)\"");
    }

    @Test
    void keepsADeclaredTypeItDoesNotKnow() throws JobFailure {
        var dictionary = schema("{\"fields\":[{\"name\":\"a\",\"type\":\"geojson\",\"format\":\"topojson\"}]}");

        assertThat(dictionary.toDocument().json())
                .isEqualTo(
                        "{\"fields\":[{\"name\":\"a\",\"belay:declaredType\":\"geojson\",\"format\":\"topojson\"}]}");
    }

    @Test
    void takesNullAsNothingSaid() throws JobFailure {
        assertThat(schema("""
                {"fields":[{"name":"a","type":"string","title":null,"description":null,"belay:type":null,\
                "belay:typeOverride":null}]}""")).isEqualTo(schema("{\"fields\":[{\"name\":\"a\",\"type\":\"string\"}]}"));
    }

    @Test
    void takesTheTwoOrdersOfDatesAndNoOther() throws JobFailure {
        assertThat(schema("{\"fields\":[{\"name\":\"a\",\"belay:dateOrder\":\"mdy\"}]}")
                        .dateOrders())
                .containsExactly(Map.entry("a", DateOrder.MDY));
        assertInvalid("{\"fields\":[{\"name\":\"a\",\"belay:dateOrder\":\"ymd\"}]}")
                .hasMessageContaining("/fields/0/belay:dateOrder is \"ymd\"; use \"dmy\"");
    }

    @Test
    void readsMissingValuesOfTheTableAndOfItsColumns() throws JobFailure {
        var dictionary = schema("""
                {"missingValues":["","NA"],"fields":[{"name":"a","missingValues":[{"value":"-99","label":"refused"}]},\
                {"name":"b","missingValues":[]},{"name":"c","missingValues":null}]}""");

        assertThat(dictionary.missingValues()).contains(List.of("", "NA"));
        assertThat(dictionary.columnMissingValues()).isEqualTo(Map.of("a", List.of("-99"), "b", List.of()));
        assertThat(DataDictionary.parse(dictionary.toDocument())).isEqualTo(dictionary);
    }

    @Test
    void refusesMissingValuesThatAreNoTextsWhenTheyArePutIn() {
        assertInvalid("""
                {"missingValues":"NA","fields":[{"name":"a","missingValues":["",-99]},\
                {"name":"b","missingValues":[{"label":"x"}]}]}""")
                .hasMessageContainingAll(
                        "/missingValues is \"NA\"; use a list of at most 100 texts",
                        "/fields/0/missingValues holds -99; each is a text",
                        "/fields/1/missingValues holds {\"label\":\"x\"}; each is a text");
    }

    @Test
    void keepsStoredMissingValuesFromATimeWhenNobodyReadThem() throws JobFailure {
        var dictionary =
                DataDictionary.parse(new DictionaryDocument("{\"missingValues\":7,\"fields\":[{\"name\":\"a\"}]}"));

        assertThat(dictionary.missingValues()).isEmpty();
        assertThat(dictionary.toDocument().json()).contains("\"missingValues\":7");
    }

    @Test
    void readsHowTheNumbersOfAColumnAreWritten() throws JobFailure {
        var dictionary = schema("""
                {"fields":[{"name":"a","decimalChar":",","groupChar":"."},{"name":"b","groupChar":"\u00a0"},\
                {"name":"c","decimalChar":null}]}""");

        assertThat(dictionary.numberMarks())
                .isEqualTo(Map.of(
                        "a", new NumberMarks(Optional.of(Decimal.COMMA), Optional.of(Group.POINT)),
                        "b", new NumberMarks(Optional.empty(), Optional.of(Group.SPACE))));
        assertThat(DataDictionary.parse(dictionary.toDocument())).isEqualTo(dictionary);
    }

    @Test
    void refusesMarksOfNumbersThatItCannotRead() throws JobFailure {
        String odd =
                "{\"fields\":[{\"name\":\"a\",\"decimalChar\":\";\"},{\"name\":\"b\",\"decimalChar\":\",\",\"groupChar\":\",\"}]}";

        assertInvalid(odd)
                .hasMessageContainingAll(
                        "/fields/0/decimalChar is \";\"; use \".\" or \",\"",
                        "/fields/1/groupChar is \",\", which is decimalChar too");
        assertThat(DataDictionary.parse(new DictionaryDocument(odd)).numberMarks())
                .isEmpty();
    }

    @Test
    void namesEveryProblemByItsPointer() {
        assertInvalid("""
                {"fields":[{"title":7},5,{"name":"a","belay:typeOverride":"colour"},{"name":"a"},\
                {"name":"b","a/b~c":["x\\u0000"]},{"name":"c","title":"\\ud800"},{"name":"d","belay:orphan":"no"}]}""")
                .hasMessageContainingAll(
                        "/fields/0/name is missing or empty",
                        "/fields/0/title is not a string",
                        "/fields/1 is not an object",
                        "/fields/2/belay:typeOverride \"colour\" is no type",
                        "/fields/3/name \"a\" is the name of /fields/2 too",
                        "/fields/4/a~1b~0c/0 holds a NUL character at character 2",
                        "/fields/5/title holds half of a surrogate pair",
                        "/fields/6/belay:orphan is not true or false");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "7",
                "{}",
                "{\"fields\":{}}",
                "{\"fields\":[]}{}",
                "{\"fields\":[],\"fields\":[]}",
                "{\"fields\":[],\"x\":1e99999999999}",
                "{\"fields\":[],\"x\":NaN}"
            })
    void refusesWhatIsNoTableSchema(String json) {
        assertInvalid(json);
    }

    @Test
    void refusesAMegabyteOfTitleNamingTheLimit() throws JobFailure {
        String title = "x".repeat(1_000_000);

        assertInvalid("{\"fields\":[{\"name\":\"a\",\"title\":\"" + title + "\"}]}")
                .hasMessageContaining("/fields/0/title has 1,000,000 characters, the limit is 4,096");
        DataDictionary dictionary = schema("{\"fields\":[{\"name\":\"a\"}]}");
        assertFails(FailureCode.DICTIONARY_INVALID, () -> dictionary.withTitle("a", title))
                .hasMessageContaining("the title of column \"a\" has 1,000,000 characters, the limit is 4,096");
        assertFails(FailureCode.DICTIONARY_INVALID, () -> dictionary.withDescription("a", "\0"));
    }

    @Test
    void limitsEverythingPeoplePutIn() {
        var tight = new DictionaryLimits(2, 6, 6, 6, 6, 200);

        assertTooMuch(
                "{\"fields\":[{\"name\":\"a\"},{\"name\":\"b\"},{\"name\":\"c\"}]}", tight, "3 fields, the limit is 2");
        assertTooMuch("{\"fields\":[{\"name\":\"abcdefg\"}]}", tight, "/fields/0/name has 7");
        assertTooMuch("{\"fields\":[{\"name\":\"a\",\"description\":\"abcdefg\"}]}", tight, "/description has 7");
        assertTooMuch("{\"fields\":[{\"name\":\"a\",\"x\":[1,2,3]}]}", tight, "/fields/0/x has 7");
        assertTooMuch("{\"fields\":[],\"abcdefg\":1}", tight, "/abcdefg its name has 7");
        assertTooMuch("{\"fields\":[]" + " ".repeat(200) + "}", tight, "the document has 213");
    }

    @Test
    void readsAStoredDictionaryThatIsOverALimitOfToday() throws JobFailure {
        String text = "x".repeat(20_000);

        var dictionary = DataDictionary.parse(
                new DictionaryDocument("{\"fields\":[{\"name\":\"a\",\"title\":\"" + text + "\"}]}"));

        assertThat(dictionary.field("a").title()).isEqualTo(text);
    }

    @Test
    void editsAColumnByNameTitleOrHeader() throws JobFailure {
        DataDictionary edited = DataDictionary.parse(new DictionaryDocument(STORED))
                .withTitle("pm10", "Fine dust")
                .withDescription("Fine dust", "µg/m³")
                .withTypeOverride("PM10", ColumnType.DECIMAL)
                .withoutTypeOverride("Station");

        Field field = edited.field("pm10");
        assertThat(field.title()).isEqualTo("Fine dust");
        assertThat(field.description()).isEqualTo("µg/m³");
        assertThat(edited.overrides()).isEqualTo(Map.of("pm10", ColumnType.DECIMAL));
        assertThat(field.properties()).containsKey("ckan");
    }

    @Test
    void bringsTheHeaderBackWhenATitleIsRemoved() throws JobFailure {
        DataDictionary dictionary =
                DataDictionary.parse(new DictionaryDocument(STORED)).withTitle("code", " ");

        assertThat(dictionary.field("code").title()).isEqualTo("CODE");
        assertThat(dictionary.field("code").hasCuratedTitle()).isFalse();
    }

    @Test
    void namesNearColumnsWhenThereIsNone() throws JobFailure {
        DataDictionary dictionary = DataDictionary.parse(new DictionaryDocument(STORED));

        assertFails(FailureCode.COLUMN_NOT_FOUND, () -> dictionary.withTitle("cdoe", "x"))
                .hasMessageContaining("there is no column \"cdoe\"; near it: \"code\"");
        assertFails(FailureCode.COLUMN_NOT_FOUND, () -> dictionary.withTitle("temperature", "x"))
                .hasMessageContaining("there are \"code\", \"pm10\", \"gone\"");
        assertFails(FailureCode.COLUMN_NOT_FOUND, () -> DataDictionary.EMPTY.withTitle("a", "x"))
                .hasMessageContaining("no columns yet");
        assertFails(
                        FailureCode.COLUMN_NOT_FOUND,
                        () -> dictionary
                                .withTitle("pm10", "Same")
                                .withTitle("code", "Same")
                                .withDescription("Same", "which?"))
                .hasMessageContaining("several columns are called \"Same\"; use the name: \"code\", \"pm10\"");
    }

    @Test
    void importsAForeignSchemaByHeader() throws JobFailure {
        DataDictionary live = DataDictionary.parse(new DictionaryDocument(STORED));

        DataDictionary imported = live.withSchema(schema("""
                {"fields":[{"name":"PM10","type":"integer","title":"Dust","unit":"µg"},\
                {"name":"code","type":"string"},{"name":"Later","description":"to come"}],"missingValues":["n/a"]}"""));

        assertThat(imported.field("pm10").title()).isEqualTo("Dust");
        assertThat(imported.field("pm10").typeOverride()).contains(ColumnType.INTEGER);
        assertThat(imported.field("pm10").properties()).containsKeys("unit", "ckan", "constraints");
        assertThat(imported.field("code").description()).isEqualTo("Ours.");
        assertThat(imported.field("Later").orphan()).isTrue();
        assertThat(imported.properties()).containsEntry("missingValues", new JsonValue("[\"n/a\"]"));
        assertThat(live.withSchema(live)).isEqualTo(live);
    }

    @Test
    void takesATypeChangedInAnExportAsAWish() throws JobFailure {
        DataDictionary live = DataDictionary.parse(new DictionaryDocument(STORED));
        String exported =
                STORED.replace("\"name\":\"pm10\",\"type\":\"number\"", "\"name\":\"pm10\",\"type\":\"string\"");

        DataDictionary imported = live.withSchema(schema(exported));

        assertThat(imported.field("pm10").typeOverride()).contains(ColumnType.TEXT);
        assertThat(imported.field("pm10").type()).contains(ColumnType.DOUBLE);
    }

    private static DataDictionary schema(String json) throws JobFailure {
        return DataDictionary.ofTableSchema(json, DictionaryLimits.DEFAULT);
    }

    private static void assertTooMuch(String json, DictionaryLimits limits, String message) {
        assertFails(FailureCode.DICTIONARY_INVALID, () -> DataDictionary.ofTableSchema(json, limits))
                .hasMessageContaining(message);
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertInvalid(String json) {
        return assertFails(FailureCode.DICTIONARY_INVALID, () -> schema(json));
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertFails(
            FailureCode code, ThrowingCallable call) {
        return assertThatThrownBy(call).isInstanceOfSatisfying(JobFailure.class, failed -> {
            assertThat(failed.failure()).isInstanceOf(Failure.Permanent.class);
            assertThat(failed.failure().code()).isEqualTo(code);
        });
    }
}
