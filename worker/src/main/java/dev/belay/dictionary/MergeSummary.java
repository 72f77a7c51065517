package dev.belay.dictionary;

import dev.belay.job.ColumnType;
import dev.belay.job.Excerpt;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What a merge did, for people. Columns are named by their physical names.
///
/// @param kept      how much of what people wrote is in the result
/// @param applied   columns that have the type people want
/// @param unmet     columns that were loaded as another type than people want, with the wanted one
/// @param added     columns nobody knew before
/// @param orphaned  fields whose column was in the file before and is not now
/// @param revived   orphans whose column came back
/// @param restored  fields that got something back from the stash
/// @param conflicts what the live dictionary says otherwise than the stash; the live word stands
public record MergeSummary(
        Kept kept,
        Map<String, ColumnType> applied,
        Map<String, ColumnType> unmet,
        List<String> added,
        List<String> orphaned,
        List<String> revived,
        List<String> restored,
        List<String> conflicts) {
    private static final int NAMES_SHOWN = 3;

    /// How much of what people wrote is in the result, orphans included.
    public record Kept(int titles, int descriptions, int otherProperties) {}

    public MergeSummary {
        applied = Collections.unmodifiableMap(new LinkedHashMap<>(applied));
        unmet = Collections.unmodifiableMap(new LinkedHashMap<>(unmet));
        added = List.copyOf(added);
        orphaned = List.copyOf(orphaned);
        revived = List.copyOf(revived);
        restored = List.copyOf(restored);
        conflicts = List.copyOf(conflicts);
    }

    /// One line, such as `dictionary: 3 titles, 1 description kept; type of "code" set to text; 1 column added`.
    public String text() {
        List<String> parts = new ArrayList<>();
        keptText(parts);
        typesText(parts, applied, "set to");
        typesText(parts, unmet, "could not be set to");
        add(parts, added, count(added.size(), "column") + " added");
        add(
                parts,
                revived,
                count(revived.size(), "column") + " back with what was written about it: " + names(revived));
        add(parts, orphaned, count(orphaned.size(), "column") + " gone from the file, kept aside: " + names(orphaned));
        add(parts, restored, count(restored.size(), "column") + " restored from the stash: " + names(restored));
        String conflictText = conflicts.stream().limit(NAMES_SHOWN).collect(Collectors.joining(", "));
        add(
                parts,
                conflicts,
                count(conflicts.size(), "difference") + " to the stash, the live one stays: " + conflictText
                        + more(conflicts));
        return "dictionary: " + (parts.isEmpty() ? "nothing to keep" : String.join("; ", parts));
    }

    private void keptText(List<String> parts) {
        List<String> counts = new ArrayList<>();
        if (kept.titles > 0) {
            counts.add(count(kept.titles, "title"));
        }
        if (kept.descriptions > 0) {
            counts.add(count(kept.descriptions, "description"));
        }
        if (kept.otherProperties == 1) {
            counts.add("1 other property");
        } else if (kept.otherProperties > 1) {
            counts.add(kept.otherProperties + " other properties");
        }
        add(parts, counts, String.join(", ", counts) + " kept");
    }

    private static void typesText(List<String> parts, Map<String, ColumnType> types, String verb) {
        if (types.size() > NAMES_SHOWN) {
            parts.add("types of " + names(types.keySet()) + " " + verb + " what is wanted");
            return;
        }
        types.forEach((name, type) -> parts.add("type of " + quoted(name) + " " + verb + " " + type.label()));
    }

    private static void add(List<String> parts, Collection<String> about, String text) {
        if (!about.isEmpty()) {
            parts.add(text);
        }
    }

    private static String count(int number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }

    private static String names(Collection<String> names) {
        return names.stream().limit(NAMES_SHOWN).map(MergeSummary::quoted).collect(Collectors.joining(", "))
                + more(names);
    }

    private static String more(Collection<String> all) {
        return all.size() > NAMES_SHOWN ? " and " + (all.size() - NAMES_SHOWN) + " more" : "";
    }

    private static String quoted(String name) {
        return "\"" + Excerpt.of(name) + "\"";
    }
}
