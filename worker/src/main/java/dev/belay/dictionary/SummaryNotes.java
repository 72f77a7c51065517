package dev.belay.dictionary;

import dev.belay.job.ColumnType;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What one merge notes down while it works.
final class SummaryNotes {
    private final Set<String> added = new LinkedHashSet<>();
    private final Set<String> orphaned = new LinkedHashSet<>();
    private final Set<String> revived = new LinkedHashSet<>();
    private final Set<String> restored = new LinkedHashSet<>();
    private final Set<String> conflicts = new LinkedHashSet<>();

    void added(String name) {
        added.add(name);
    }

    void orphaned(String name) {
        orphaned.add(name);
    }

    void revived(String name) {
        revived.add(name);
    }

    void restored(String name) {
        restored.add(name);
    }

    void conflict(String what) {
        conflicts.add(what);
    }

    MergeSummary summary(DataDictionary dictionary) {
        int titles = 0;
        int descriptions = 0;
        int properties = dictionary.properties().size();
        Map<String, ColumnType> applied = new LinkedHashMap<>();
        Map<String, ColumnType> unmet = new LinkedHashMap<>();
        for (Field field : dictionary.fields()) {
            titles += field.hasCuratedTitle() ? 1 : 0;
            descriptions += field.description().isEmpty() ? 0 : 1;
            properties += field.properties().size();
            if (field.typeOverride().isPresent() && !field.orphan()) {
                ColumnType wanted = field.typeOverride().get();
                (field.type().equals(field.typeOverride()) ? applied : unmet).put(field.name(), wanted);
            }
        }
        return new MergeSummary(
                new MergeSummary.Kept(titles, descriptions, properties),
                applied,
                unmet,
                List.copyOf(added),
                List.copyOf(orphaned),
                List.copyOf(revived),
                List.copyOf(restored),
                List.copyOf(conflicts));
    }
}
