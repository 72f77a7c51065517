package dev.belay.dictionary;

import dev.belay.job.Column;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The rules by which a load keeps what people wrote about a dataset.
///
/// 1. What the live dictionary says wins over the stash, property by property; what only the stash says is kept.
/// 2. A column is recognized by its physical name, then by its header or title ([ColumnMatch]).
/// 3. The file decides the order and the loaded types; people's overrides, titles, descriptions and properties stay.
/// 4. A title that is the header follows the header; a title that someone wrote never changes.
/// 5. A field whose column is gone stays as an orphan and comes back to life with its column.
///
/// Pure and total; merging the result again with the same stash and columns changes nothing.
///
/// To know the types people want before the rows are loaded, merge with the columns as they were detected and ask the
/// result for its [DataDictionary#overrides()]; merge again with the columns as they were loaded.
public final class DictionaryMerge {
    private final SummaryNotes notes = new SummaryNotes();
    private final List<ColumnMatch> sources = new ArrayList<>();

    private DictionaryMerge() {}

    /// What a load publishes, and what to tell people about it.
    public record Merged(DataDictionary dictionary, MergeSummary summary) {}

    /// @param live    the live dictionary, if the dataset has one
    /// @param stashed copies for the same incarnation, newest first: an earlier one wins over a later one
    /// @param columns the columns of the new version, names unique
    public static Merged merge(Optional<DataDictionary> live, List<DataDictionary> stashed, List<Column> columns) {
        return new DictionaryMerge().run(live.orElse(DataDictionary.EMPTY), stashed, columns);
    }

    private Merged run(DataDictionary live, List<DataDictionary> stashed, List<Column> columns) {
        sources.add(new ColumnMatch(live, columns));
        stashed.forEach(copy -> sources.add(new ColumnMatch(copy, columns)));

        List<Field> fields = new ArrayList<>();
        columns.forEach(column -> fields.add(loaded(column)));
        fields.addAll(orphans());

        Map<String, JsonValue> properties = new TreeMap<>(live.properties());
        stashed.forEach(copy -> fill("the dictionary", properties, copy.properties()));
        var dictionary = new DataDictionary(fields, properties);
        return new Merged(dictionary, notes.summary(dictionary));
    }

    private Field loaded(Column column) {
        Optional<Field> live = sources.getFirst().of(column);
        Optional<Field> known = live;
        for (ColumnMatch copy : sources.subList(1, sources.size())) {
            known = filled(known, copy.of(column));
        }
        if (known.isEmpty()) {
            notes.added(column.name());
        } else if (known.get().orphan()) {
            notes.revived(column.name());
        }
        if (live.isEmpty() && known.isPresent()) {
            notes.restored(column.name());
        }
        return known.orElseGet(() -> Field.named(column.name())).loadedAs(column);
    }

    private List<Field> orphans() {
        Map<String, Field> orphans = new LinkedHashMap<>();
        for (Field live : sources.getFirst().orphans()) {
            if (!live.orphan()) {
                notes.orphaned(live.name());
            }
            orphans.put(live.name(), live.asOrphan());
        }
        for (ColumnMatch copy : sources.subList(1, sources.size())) {
            for (Field saved : copy.orphans()) {
                Field known = orphans.get(saved.name());
                if (known == null) {
                    notes.restored(saved.name());
                }
                orphans.put(saved.name(), known == null ? saved.asOrphan() : filled(known, saved));
            }
        }
        return List.copyOf(orphans.values());
    }

    private Optional<Field> filled(Optional<Field> known, Optional<Field> saved) {
        return known.isPresent() && saved.isPresent()
                ? Optional.of(filled(known.get(), saved.get()))
                : known.or(() -> saved);
    }

    /// `known` with what only `saved` says.
    private Field filled(Field known, Field saved) {
        Field filled = known;
        if (saved.hasCuratedTitle()) {
            if (!known.hasCuratedTitle()) {
                filled = filled.withCuratedTitle(saved.title());
            } else if (!known.title().equals(saved.title())) {
                notes.conflict("title of \"" + known.name() + "\"");
            }
        }
        if (known.description().isEmpty()) {
            filled = filled.withDescription(saved.description());
        } else if (!saved.description().isEmpty() && !saved.description().equals(known.description())) {
            notes.conflict("description of \"" + known.name() + "\"");
        }
        if (known.typeOverride().isEmpty()) {
            filled = filled.withTypeOverride(saved.typeOverride());
        } else if (saved.typeOverride().isPresent() && !saved.typeOverride().equals(known.typeOverride())) {
            notes.conflict("type of \"" + known.name() + "\"");
        }
        Map<String, JsonValue> properties = new TreeMap<>(known.properties());
        fill("\"" + known.name() + "\"", properties, saved.properties());
        filled = filled.withProperties(properties);
        if (!filled.equals(known)) {
            notes.restored(known.name());
        }
        return filled;
    }

    private void fill(String whose, Map<String, JsonValue> known, Map<String, JsonValue> saved) {
        saved.forEach((name, value) -> {
            JsonValue present = known.putIfAbsent(name, value);
            if (present != null && !present.equals(value)) {
                notes.conflict("\"" + name + "\" of " + whose);
            }
        });
    }
}
