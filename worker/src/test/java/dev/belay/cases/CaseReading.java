package dev.belay.cases;

import dev.belay.dedupe.DuplicateSearch;
import dev.belay.dedupe.Duplicates;
import dev.belay.dedupe.Sameness;
import dev.belay.dictionary.DataDictionary;
import dev.belay.dictionary.DictionaryLimits;
import dev.belay.format.FormatLimits;
import dev.belay.format.Formats;
import dev.belay.format.Order;
import dev.belay.format.Prepared;
import dev.belay.format.Pulse;
import dev.belay.job.CollectedRows;
import dev.belay.job.ColumnType;
import dev.belay.job.DateOrder;
import dev.belay.job.DedupeRule;
import dev.belay.job.JobFailure;
import dev.belay.job.NumberMarks;
import dev.belay.job.OperationId;
import dev.belay.job.OverridePolicy;
import dev.belay.job.Progress;
import dev.belay.job.ReadOptions;
import dev.belay.job.TypedTable;
import dev.belay.stage.Dedupe;
import dev.belay.stage.Examine;
import dev.belay.stage.Prepare;
import dev.belay.stage.Watch;
import dev.belay.tabular.DelimitedReader;
import dev.belay.tabular.Dialect;
import dev.belay.tabular.Drafting;
import dev.belay.tabular.NullTexts;
import dev.belay.tabular.NumberWords;
import dev.belay.tabular.ReadLimits;
import dev.belay.tabular.TableBytes;
import dev.belay.tabular.TableProfile;
import dev.belay.tabular.Wishes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Reads a case as a job would: what is prepared, its profile, and its rows. All that knows the reader's methods.
///
/// @param plain whether the file was left as it is
/// @param rows  each in storage form, values with ` | ` between them and ∅ for null
/// @param duplicates the first records that were left out, each as `RECORD of RECORD`, the latter being the one that
/// stays
/// @param deduplicated how many were left out
record CaseReading(
        Prepared prepared,
        boolean plain,
        TableProfile profile,
        List<String> rows,
        List<String> duplicates,
        long deduplicated) {
    private static final OperationId ATTEMPT = new OperationId("01JD5Z8Q4T0K7V2M9XN3RB6WCE");
    private static final long DEDUPE_BYTES = 1 << 20;

    static CaseReading of(Case one, Path folder) throws JobFailure, IOException {
        Path fetched = folder.resolve("source");
        Files.write(fetched, one.bytes());
        var formats = new Formats(formatLimits(one));
        var order = new Order(fetched, folder, one.called(), Optional.empty(), options(one), Pulse.STEADY);
        CaseReading reading = of(one, fetched, formats.prepare(order));
        return Prepare.isInDoubt(reading.prepared(), order.read(), reading.profile())
                ? of(one, fetched, formats.prepareAnew(order))
                : reading;
    }

    private static CaseReading of(Case one, Path fetched, Prepared prepared) throws JobFailure, IOException {
        var reader = DelimitedReader.alone(readLimits(one));
        TableBytes bytes = TableBytes.of(Files.readAllBytes(prepared.file()));
        var examine = new Examine(reader);
        Dialect dialect = examine.detect(prepared.file(), prepared.read());
        var watch = new Watch(Progress.SILENT, () -> false);
        TableProfile profile = examine.profile(prepared, dialect, wishes(one), Optional.empty(), watch, Drafting.NONE);
        Examine.refuseMisfits(profile, policy(one), "d");
        Optional<Dedupe.Output> left = Optional.empty();
        if (one.node().path("rules").has("dedupe")) {
            var dedupe = new Dedupe(examine, DuplicateSearch.alone(DEDUPE_BYTES));
            left = Optional.of(
                    dedupe.search(new Dedupe.Input(ATTEMPT, prepared, profile, sameness(one, profile)), watch));
        }
        return new CaseReading(
                prepared,
                prepared.file().equals(fetched),
                profile,
                rows(reader.rows(bytes, profile), profile, left),
                left.map(Dedupe.Output::first).orElse(List.of()).stream()
                        .map(pair -> "%d of %d".formatted(pair.record(), pair.kept()))
                        .toList(),
                left.map(Dedupe.Output::count).orElse(0L));
    }

    private static Sameness sameness(Case one, TableProfile profile) {
        List<String> names =
                profile.columns().stream().map(column -> column.column().name()).toList();
        JsonNode by = one.node().path("rules").path("dedupe");
        List<Integer> key = by.isArray()
                ? one.texts("rules", "dedupe").stream().map(names::indexOf).toList()
                : List.of();
        DedupeRule.Keep keep = one.text("rules", "keep")
                .map(which -> DedupeRule.Keep.valueOf(which.toUpperCase(Locale.ROOT)))
                .orElse(DedupeRule.Keep.FIRST);
        return new Sameness(
                profile.columns().stream().map(column -> column.column().type()).toList(), key, keep);
    }

    private static List<String> rows(TypedTable all, TableProfile profile, Optional<Dedupe.Output> left)
            throws JobFailure, IOException {
        Optional<Duplicates> out = left.flatMap(found -> found.rows().duplicates());
        try (TypedTable table = out.isPresent() ? out.get().leftOutOf(all) : all) {
            return CollectedRows.of(table, profile.columns().size()).stream()
                    .map(row -> row.stream()
                            .map(value -> value == null ? "∅" : value.toString())
                            .collect(Collectors.joining(" | ")))
                    .toList();
        }
    }

    String columns() {
        return String.join(
                ", ",
                profile.columns().stream()
                        .map(column -> column.column().name() + " "
                                + column.column().type().label())
                        .toList());
    }

    /// The reasons for rejecting, as people will read them.
    List<String> rejects() {
        return profile.rejects().stream()
                .map(reject -> "%s: %s".formatted(reject.code(), reject.message()))
                .toList();
    }

    /// Notes and warnings.
    List<String> warnings() {
        var all = new ArrayList<>(prepared.notes());
        all.addAll(profile.warnings());
        return all;
    }

    private static ReadOptions options(Case one) {
        return new ReadOptions(
                one.text("read", "format").map(name -> ReadOptions.Format.valueOf(name.toUpperCase(Locale.ROOT))),
                one.text("read", "member"),
                one.text("read", "sheet"),
                one.text("read", "delimiter"),
                one.text("read", "quote").map(text -> text.charAt(0)),
                one.text("read", "encoding"),
                one.number("read", "headerRow").map(OptionalInt::of).orElse(OptionalInt.empty()),
                one.text("read", "dateOrder").flatMap(DateOrder::of),
                one.texts("read", "nullTokens"),
                new NumberMarks(
                        one.text("read", "decimalMark").flatMap(NumberMarks.Decimal::of),
                        one.text("read", "groupMark").flatMap(NumberMarks.Group::of)));
    }

    /// As the saga makes them of a job and a live dictionary.
    private static Wishes wishes(Case one) throws JobFailure {
        ReadOptions read = options(one);
        JsonNode schema = one.node().path("dictionary");
        DataDictionary dictionary = schema.isMissingNode()
                ? DataDictionary.EMPTY
                : DataDictionary.ofTableSchema(schema.toString(), DictionaryLimits.DEFAULT);
        var nulls = new NullTexts(
                read.nullTokens(), dictionary.missingValues().orElse(List.of()), dictionary.columnMissingValues());
        var numbers = new NumberWords(read.numberMarks(), dictionary.numberMarks());
        return new Wishes(
                types(one, dictionary), dictionary.dateOrders(), read.dateOrder(), nulls, numbers, policy(one));
    }

    private static OverridePolicy policy(Case one) {
        return one.text("rules", "overridePolicy")
                .map(policy -> OverridePolicy.valueOf(policy.toUpperCase(Locale.ROOT)))
                .orElse(OverridePolicy.REJECT);
    }

    private static Map<String, ColumnType> types(Case one, DataDictionary dictionary) {
        Map<String, ColumnType> types = new HashMap<>(dictionary.overrides());
        one.node()
                .path("types")
                .properties()
                .forEach(type -> types.put(
                        type.getKey(), ColumnType.of(type.getValue().asString()).orElseThrow()));
        return types;
    }

    private static FormatLimits formatLimits(Case one) {
        FormatLimits all = FormatLimits.DEFAULTS;
        return new FormatLimits(
                limit(one, "unpackedBytes", all.unpackedBytes()),
                (int) limit(one, "unpackRatio", all.unpackRatio()),
                (int) limit(one, "archiveEntries", all.entries()),
                (int) limit(one, "archiveDepth", all.archiveDepth()),
                (int) limit(one, "jsonDepth", all.jsonDepth()),
                limit(one, "fieldBytes", all.fieldBytes()),
                limit(one, "recordBytes", all.recordBytes()),
                (int) limit(one, "columns", all.columns()));
    }

    private static ReadLimits readLimits(Case one) {
        ReadLimits all = ReadLimits.DEFAULTS;
        return new ReadLimits(
                limit(one, "fieldBytes", all.fieldBytes()),
                limit(one, "recordBytes", all.recordBytes()),
                (int) limit(one, "columns", all.columns()),
                (int) limit(one, "rejectExamples", all.rejectExamples()));
    }

    private static long limit(Case one, String name, long standard) {
        return one.node().path("limits").path(name).asLong(standard);
    }
}
