package dev.belay.tabular;

import dev.belay.job.ColumnType;
import dev.belay.job.Excerpt;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Place;
import dev.belay.job.Progress;
import dev.belay.job.ReadOptions;
import dev.belay.job.TypedTable;
import dev.belay.parts.Cores;
import dev.belay.screen.ColumnScreen;
import dev.belay.screen.Finding;
import dev.belay.screen.Screening;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads delimited text in UTF-8 (RFC 4180 with any delimiter and line end) in three steps: how it is
/// written, what every value of it says, and its rows.
///
/// Holds no state between calls and may be used by several threads. Memory is bounded by the [ReadLimits], not
/// by the file. What makes the whole file unreadable is a [JobFailure]; what is wrong with one record only
/// makes it a [RejectedRecord].
public final class DelimitedReader {
    private static final int MOST_NULL_TEXTS = 20;

    // Columns that are described together.
    private static final int TOGETHER = 16;

    private final ReadLimits limits;
    private final Cores cores;
    private final Chunking chunking;

    /// @param limits what to take in at most
    /// @param cores  on which parts of a table are read; the caller's
    public DelimitedReader(ReadLimits limits, Cores cores) {
        this(limits, cores, Chunking.USUAL);
    }

    /// @param chunking how long parts are
    public DelimitedReader(ReadLimits limits, Cores cores, Chunking chunking) {
        this.limits = limits;
        this.cores = cores;
        this.chunking = chunking;
    }

    /// With a thread of its own.
    public static DelimitedReader alone(ReadLimits limits) {
        return new DelimitedReader(limits, new Cores(1));
    }

    /// Finds delimiter and header from the first bytes.
    ///
    /// @throws JobFailure `EMPTY_FILE`, `NOT_TABULAR`, `HEADER_ROW_NOT_FOUND`, `ENCODING_INVALID`,
    /// `TOO_MANY_COLUMNS`, `CSV_UNCLOSED_QUOTE`, `CSV_QUOTE`, `FIELD_TOO_LARGE`, `ROW_TOO_LARGE`, or
    /// `JOB_INVALID` for a delimiter that cannot be one
    public Dialect detect(TableBytes bytes, ReadOptions options) throws JobFailure, IOException {
        return new Detection(bytes, limits).dialect(options);
    }

    /// Walks over every byte and says what is there.
    ///
    /// @param overrides the types that are demanded, by physical column name or by header; a name wins over a
    /// header, and what names no column is ignored
    /// @param progress  hears the bytes read
    /// @throws JobFailure as the other `profile` does
    public TableProfile profile(TableBytes bytes, Dialect dialect, Map<String, ColumnType> overrides, Progress progress)
            throws JobFailure, IOException {
        return profile(bytes, dialect, Wishes.ofTypes(overrides), Optional.empty(), progress);
    }

    /// The same with all that job and dictionary say about the values.
    public TableProfile profile(TableBytes bytes, Dialect dialect, Wishes wishes, Progress progress)
            throws JobFailure, IOException {
        return profile(bytes, dialect, wishes, Optional.empty(), progress);
    }

    /// Walks over every byte and says what is there.
    ///
    /// @param wishes    what job and dictionary say about the values
    /// @param screening what is looked for in every value of every row; nothing when it is empty, which costs
    /// nothing
    /// @param progress  hears the bytes read
    /// @throws JobFailure `CSV_UNCLOSED_QUOTE`, `CSV_QUOTE`, `FIELD_TOO_LARGE` or `ROW_TOO_LARGE`
    public TableProfile profile(
            TableBytes bytes, Dialect dialect, Wishes wishes, Optional<Screening> screening, Progress progress)
            throws JobFailure, IOException {
        return profile(bytes, dialect, wishes, screening, progress, Drafting.NONE);
    }

    /// The same, with the rows written meanwhile.
    public TableProfile profile(
            TableBytes bytes,
            Dialect dialect,
            Wishes wishes,
            Optional<Screening> screening,
            Progress progress,
            Drafting drafting)
            throws JobFailure, IOException {
        TextFormat format = dialect.format();
        Header header = Header.read(bytes, format, limits).orElseThrow(DelimitedReader::changed);
        var vote = new MarkVote(wishes.numbers(), dialect, wishes.types(dialect));
        List<List<String>> nullTexts = wishes.nulls().of(dialect);
        var plan = new Survey.Plan(
                bytes,
                format,
                dialect.headers(),
                wishes.types(dialect),
                wishes.dateOrders(dialect),
                vote.assumed(),
                nullTexts,
                limits,
                chunking,
                screening,
                header.end(),
                header.lines(),
                bytes.size());
        var walk = new Walk(cores, progress, dialect, wishes, drafting);
        Survey survey = walk.over(plan, vote);
        var profiles = new Profiles(survey.sample(), new TopValues(bytes, format));
        List<ColumnProfile> columns = columns(profiles, survey, dialect);
        return new TableProfile(
                dialect,
                columns,
                survey.records(),
                survey.rows(),
                survey.rejected(),
                survey.rejects(),
                warnings(
                        dialect,
                        survey,
                        columns,
                        nullTexts,
                        walk.widened(screening.isPresent()),
                        screening.isPresent()),
                plan.size(),
                survey.parts(),
                findings(dialect, survey),
                nullTexts,
                survey.misfits(dialect));
    }

    /// Side by side where there is much to do: digits of many sums, samples to be sorted, values to be read again.
    private List<ColumnProfile> columns(Profiles profiles, Survey survey, Dialect dialect)
            throws JobFailure, IOException {
        ColumnTally[] totals = survey.totals();
        // No more groups than the table has parts: a small one does not wait for large ones here either.
        int together = Math.max(
                TOGETHER, Math.ceilDiv(totals.length, Math.max(1, survey.parts().size())));
        List<ColumnProfile> columns = new ArrayList<>();
        cores.<List<ColumnProfile>>inOrder(
                Math.max(1, (totals.length + together - 1) / together),
                group -> {
                    List<ColumnProfile> some = new ArrayList<>();
                    int end = Math.min(totals.length, (group + 1) * together);
                    for (int column = group * together; column < end; column++) {
                        String name = dialect.names().get(column);
                        some.add(profiles.of(
                                totals[column], column, name, dialect.headers().get(column)));
                    }
                    return some;
                },
                (_, some) -> columns.addAll(some));
        return columns;
    }

    private static JobFailure changed() {
        return JobFailure.transientFailure(
                FailureCode.SOURCE_CHANGED, "the file had a header when it was first read and has none now");
    }

    /// The rows: as many as `profile.rows()`, in file order, in the profile's column types. Records the profile
    /// rejected are passed over again.
    ///
    /// @param bytes from here on closed by the rows
    /// @return rows whose `read` fails with `SOURCE_CHANGED` when there are fewer or more than counted
    public TypedTable rows(TableBytes bytes, TableProfile profile) throws IOException {
        return rows(bytes, profile, Drafting.NONE);
    }

    /// The same, with what was written while they were profiled.
    public TypedTable rows(TableBytes bytes, TableProfile profile, Drafting drafting) throws IOException {
        return new DelimitedTable(bytes, limits, profile, drafting.whole(profile));
    }

    /// Where some of these rows stand, by their numbers from 0: record and line of each.
    ///
    /// @throws JobFailure `SOURCE_CHANGED` when the file has not the rows that were counted
    public Map<Long, Place> places(TableBytes bytes, TableProfile profile, SortedSet<Long> rows)
            throws JobFailure, IOException {
        return new RowPlaces(bytes, limits, profile).of(rows);
    }

    private static List<Finding> findings(Dialect dialect, Survey survey) {
        List<Finding> findings = new ArrayList<>();
        for (int column = 0; column < survey.screens().length; column++) {
            findings.addAll(survey.screens()[column].findings(
                    Excerpt.of(dialect.headers().get(column))));
        }
        return findings;
    }

    private static List<String> warnings(
            Dialect dialect,
            Survey survey,
            List<ColumnProfile> columns,
            List<List<String>> nullTexts,
            List<Misfit> widened,
            boolean masked) {
        var warnings = new ArrayList<>(dialect.passedOver().warnings(masked));
        warnings.addAll(dialect.warnings());
        long cut = Stream.of(survey.screens()).mapToLong(ColumnScreen::cut).sum();
        if (cut > 0) {
            warnings.add("%,d values are longer than screen.patternBytes: own patterns saw their beginnings alone"
                    .formatted(cut));
        }
        if (survey.markSeen()) {
            warnings.add("a byte order mark (U+FEFF) stands inside the text; it is kept as part of its value");
        }
        if (survey.nulled() > 0) {
            warnings.add("%d values are read as null, being one of %s"
                    .formatted(
                            survey.nulled(),
                            nullTexts.stream()
                                    .flatMap(List::stream)
                                    .distinct()
                                    .limit(MOST_NULL_TEXTS)
                                    .map(Quoted::of)
                                    .collect(Collectors.joining(", "))));
        }
        for (Misfit misfit : widened) {
            warnings.add(widened(misfit, columns));
        }
        for (ColumnProfile column : columns) {
            column.ruledOut().stream()
                    .filter(DelimitedReader::isUndecided)
                    .findFirst()
                    .ifPresent(unclear -> warnings.add("column %s stays text: %s"
                            .formatted(Quoted.of(column.column().title()), unclear.reason())));
        }
        return warnings;
    }

    private static String widened(Misfit misfit, List<ColumnProfile> columns) {
        String type = columns.stream()
                .map(ColumnProfile::column)
                .filter(column -> column.name().equals(misfit.name()))
                .map(column -> column.type().label())
                .findFirst()
                .orElseThrow();
        return "column %s is %s, not %s as the dictionary says (rules.overridePolicy is widen): %s"
                .formatted(Quoted.of(misfit.title()), type, misfit.demanded().label(), misfit.shown());
    }

    /// Whether a person's word would make another type of a column.
    private static boolean isUndecided(RuledOut ruledOut) {
        return ruledOut.reason().equals(Profiles.AMBIGUOUS)
                || (ruledOut.type() == ColumnType.DECIMAL && !ruledOut.reason().isEmpty());
    }
}
