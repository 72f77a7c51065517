package dev.belay.saga;

import dev.belay.dictionary.DataDictionary;
import dev.belay.dictionary.Field;
import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import dev.belay.job.Excerpt;
import dev.belay.job.Place;
import dev.belay.schemas.Receipt;
import dev.belay.stage.StageRows;
import dev.belay.tabular.ColumnProfile;
import dev.belay.tabular.Dialect;
import dev.belay.tabular.RuledOut;
import dev.belay.tabular.TableProfile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a dry run says a job would do, from what was found before anything would be made. Pure.
///
/// @param columns of the version that would be published
/// @param plan    as the receipt says it
record DryPlan(List<Column> columns, Receipt.DryRun plan) {
    /// Copies the list.
    DryPlan {
        columns = List.copyOf(columns);
    }

    static DryPlan of(Material material, DataDictionary merged) {
        List<Column> columns = material.target().columns();
        Optional<TableProfile> profile =
                material.rows() instanceof StageRows.Rows.OfFile file ? Optional.of(file.profile()) : Optional.empty();
        long kept = material.rows() instanceof StageRows.Rows.OfCommit(var earlier) ? earlier.rows() : 0;
        var plan = new Receipt.DryRun(
                profile.map(TableProfile::records).orElse(kept),
                profile.map(found -> found.rows() - material.found().deduplicated())
                        .orElse(kept),
                profile.map(TableProfile::dialect).map(DryPlan::words).orElse(null),
                columns(columns, profile, merged),
                material.changes());
        return new DryPlan(columns, plan);
    }

    private static String words(Dialect dialect) {
        return "fields parted by %s, the header in line %d%s: %d columns, %s"
                .formatted(
                        dialect.delimiter().equals("\t") ? "tabs" : "\"" + dialect.delimiter() + "\"",
                        dialect.linesAbove() + 1,
                        dialect.passedOver().units().isPresent() ? ", units below it" : "",
                        dialect.headers().size(),
                        Excerpt.of(String.join(", ", dialect.headers())));
    }

    private static List<Receipt.DryRun.PlannedColumn> columns(
            List<Column> columns, Optional<TableProfile> profile, DataDictionary merged) {
        Map<String, Field> fields = new HashMap<>();
        merged.fields().forEach(field -> fields.put(field.name(), field));
        Map<String, ColumnProfile> profiles = new HashMap<>();
        profile.ifPresent(known ->
                known.columns().forEach(one -> profiles.put(one.column().name(), one)));
        var planned = new ArrayList<Receipt.DryRun.PlannedColumn>();
        for (Column column : columns) {
            Optional<Field> field = Optional.ofNullable(fields.get(column.name()));
            planned.add(new Receipt.DryRun.PlannedColumn(
                    column.name(),
                    column.type().label(),
                    field.map(Field::title).map(Excerpt::of).orElse(column.title()),
                    field.map(Field::description)
                            .filter(text -> !text.isEmpty())
                            .map(Excerpt::of)
                            .orElse(null),
                    reason(column, profiles.get(column.name()))));
        }
        return planned;
    }

    private static @Nullable String reason(Column column, @Nullable ColumnProfile profile) {
        if (profile == null) {
            return null;
        }
        if (profile.demanded().isPresent()) {
            return "the dictionary says so";
        }
        if (profile.count() == 0) {
            return "there is no value";
        }
        return narrowest(profile.ruledOut())
                .map(out -> "not %s: %s".formatted(out.type().label(), where(out.place())))
                .orElseGet(() -> "each of %,d values is %s"
                        .formatted(profile.count(), column.type().label()));
    }

    /// A truth is ruled out by nearly everything and says nothing; the last of the others was nearest.
    private static Optional<RuledOut> narrowest(List<RuledOut> all) {
        return all.stream()
                .filter(out -> out.type() != ColumnType.BOOLEAN)
                .max(java.util.Comparator.comparingLong(
                        out -> out.place().record().orElse(0)));
    }

    private static String where(Place place) {
        String line = place.line().isPresent() ? ", line " + place.line().getAsLong() : "";
        return "record %d%s: \"%s\""
                .formatted(
                        place.record().orElse(0), line, Excerpt.of(place.value().orElse("")));
    }
}
