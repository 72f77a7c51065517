package dev.belay.dictionary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import dev.belay.job.JobFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// What holds for every live dictionary, stash and file. Names, headers and titles come from few words, so that they
/// meet each other in every way.
final class DictionaryMergeProperties {
    @Property
    void mergingAgainChangesNothing(
            @ForAll("dictionaries") DataDictionary live,
            @ForAll("stashes") List<DataDictionary> stash,
            @ForAll("files") List<Column> columns) {
        DataDictionary once =
                DictionaryMerge.merge(Optional.of(live), stash, columns).dictionary();

        var again = DictionaryMerge.merge(Optional.of(once), stash, columns);

        assertThat(again.dictionary()).isEqualTo(once);
        assertThat(again.summary().added()).isEmpty();
        assertThat(again.summary().restored()).isEmpty();
        assertThat(again.summary().revived()).isEmpty();
        assertThat(again.summary().orphaned()).isEmpty();
    }

    @Property
    void nothingThatPeopleWroteInTheLiveDictionaryIsLost(
            @ForAll("dictionaries") DataDictionary live,
            @ForAll("stashes") List<DataDictionary> stash,
            @ForAll("files") List<Column> columns) {
        DataDictionary merged =
                DictionaryMerge.merge(Optional.of(live), stash, columns).dictionary();

        for (Field field : live.fields()) {
            assertThat(merged.fields())
                    .as("a field that says all that %s says, in %s", field, merged)
                    .anyMatch(found -> saysAllOf(found, field));
        }
        assertThat(merged.properties()).containsAllEntriesOf(live.properties());
    }

    @Property
    void withoutALiveDictionaryNothingOfTheNewestCopyIsLost(
            @ForAll("dictionaries") DataDictionary stashed, @ForAll("files") List<Column> columns) {
        DataDictionary merged = DictionaryMerge.merge(Optional.empty(), List.of(stashed), columns)
                .dictionary();

        assertThat(stashed.fields())
                .allMatch(field -> merged.fields().stream().anyMatch(found -> saysAllOf(found, field)));
    }

    @Property
    void theFileDecidesOrderAndTypesAndOrphansFollow(
            @ForAll("dictionaries") DataDictionary live,
            @ForAll("stashes") List<DataDictionary> stash,
            @ForAll("files") List<Column> columns) {
        List<Field> fields = DictionaryMerge.merge(Optional.of(live), stash, columns)
                .dictionary()
                .fields();

        List<Field> loaded = fields.subList(0, columns.size());
        assertThat(loaded)
                .extracting(Field::name)
                .containsExactlyElementsOf(columns.stream().map(Column::name).toList());
        assertThat(loaded)
                .extracting(Field::type)
                .containsExactlyElementsOf(
                        columns.stream().map(Column::type).map(Optional::of).toList());
        assertThat(loaded).noneMatch(Field::orphan);
        assertThat(fields.subList(columns.size(), fields.size())).allMatch(Field::orphan);
    }

    @Property
    void whatIsStoredReadsBackEqual(@ForAll("dictionaries") DataDictionary live, @ForAll("files") List<Column> columns)
            throws JobFailure {
        DataDictionary merged =
                DictionaryMerge.merge(Optional.of(live), List.of(), columns).dictionary();

        assertThat(DataDictionary.parse(merged.toDocument())).isEqualTo(merged);
        assertThat(DataDictionary.parse(merged.toDocument()).toDocument()).isEqualTo(merged.toDocument());
    }

    @Property
    void anyHeaderAtAllGivesADictionaryThatCanBeStored(@ForAll String header) throws JobFailure {
        var column = new Column("a", header, ColumnType.TEXT, 0, 0);

        DataDictionary merged = DictionaryMerge.merge(Optional.empty(), List.of(), List.of(column))
                .dictionary();

        assertThat(DataDictionary.ofTableSchema(merged.toDocument().json(), DictionaryLimits.DEFAULT))
                .isEqualTo(merged);
    }

    @Property
    void importingWhatWasExportedChangesNothing(
            @ForAll("dictionaries") DataDictionary live, @ForAll("files") List<Column> columns) throws JobFailure {
        DataDictionary merged =
                DictionaryMerge.merge(Optional.of(live), List.of(), columns).dictionary();
        String exported = merged.toDocument().json();

        DataDictionary imported = merged.withSchema(DataDictionary.ofTableSchema(exported, DictionaryLimits.DEFAULT));

        assertThat(imported).isEqualTo(merged);
    }

    private static boolean saysAllOf(Field found, Field field) {
        return (!field.hasCuratedTitle()
                        || (found.hasCuratedTitle() && found.title().equals(field.title())))
                && (field.description().isEmpty() || found.description().equals(field.description()))
                && (field.typeOverride().isEmpty() || found.typeOverride().equals(field.typeOverride()))
                && found.properties().entrySet().containsAll(field.properties().entrySet());
    }

    @Provide
    Arbitrary<List<Column>> files() {
        Arbitrary<Column> columns = Combinators.combine(
                        Arbitraries.of("a", "b", "c", "d"),
                        Arbitraries.of("a", "b", "A", "B", "C", ""),
                        Arbitraries.of(ColumnType.class))
                .as((name, header, type) -> new Column(name, header, type, 0, 0));
        return columns.list().uniqueElements(Column::name).ofMaxSize(4);
    }

    @Provide
    Arbitrary<List<DataDictionary>> stashes() {
        return dictionaries().list().ofMaxSize(2);
    }

    @Provide
    Arbitrary<DataDictionary> dictionaries() {
        Arbitrary<List<Field>> fields =
                fields().list().uniqueElements(Field::name).ofMaxSize(4);
        return Combinators.combine(fields, properties()).as(DataDictionary::new);
    }

    private static Arbitrary<Field> fields() {
        Arbitrary<String> texts = Arbitraries.of("", "one", "two");
        Arbitrary<Optional<String>> headers = Arbitraries.of("a", "A", "B", "C").optional();
        return Combinators.combine(
                        Arbitraries.of("a", "b", "c", "A", "e"),
                        Arbitraries.of("", "a", "A", "B", "Curated"),
                        texts,
                        Arbitraries.of(ColumnType.class).optional(),
                        Arbitraries.of(ColumnType.class).optional(),
                        headers,
                        Arbitraries.of(true, false),
                        properties())
                .as(Field::new);
    }

    private static Arbitrary<Map<String, JsonValue>> properties() {
        Arbitrary<JsonValue> values = Arbitraries.of(Stream.of("1", "1.50", "{\"b\":1,\"a\":[null]}", "\"x\"")
                .map(JsonValue::new)
                .toList());
        return Arbitraries.maps(Arbitraries.of("x", "y"), values).ofMaxSize(2);
    }
}
