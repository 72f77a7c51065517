package dev.belay.datastore;

import dev.belay.job.Column;
import dev.belay.job.ColumnType;
import dev.belay.job.DatasetId;
import dev.belay.job.DictionaryDocument;
import dev.belay.job.Epoch;
import dev.belay.job.IdSource;
import dev.belay.job.Incarnation;
import dev.belay.job.JobFailure;
import dev.belay.job.JobId;
import dev.belay.job.ListRows;
import dev.belay.job.Mode;
import dev.belay.job.OperationId;
import dev.belay.job.Progress;
import dev.belay.job.SourcePosition;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Plays the saga for one dataset of one store: plans, stages and publishes with values that are the same every time.
public final class DatasetScript {
    /// Ids in ascending order.
    public static IdSource ids() {
        var next = new AtomicLong();
        return () -> "01%024d".formatted(next.getAndIncrement());
    }

    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private final Datastore store;
    private final DatasetId dataset;
    private final IdSource ids;
    private long offset = 100;

    /// @param store what is played on
    public DatasetScript(Datastore store, String dataset, IdSource ids) {
        this.store = store;
        this.dataset = new DatasetId(dataset);
        this.ids = ids;
    }

    public DatasetId dataset() {
        return dataset;
    }

    public DatasetState state() {
        return store.state(dataset);
    }

    public Commit head() {
        return state().head().orElseThrow();
    }

    public OperationId operation() {
        return ids.nextOperation();
    }

    /// A row of a source.
    public static List<@Nullable Object> row(@Nullable Object... values) {
        return Arrays.asList(values);
    }

    /// Columns of the given types named `a`, `b`, `c` …
    public static List<Column> columns(ColumnType... types) {
        return IntStream.range(0, types.length)
                .mapToObj(at -> Column.of(String.valueOf((char) ('a' + at)), types[at]))
                .toList();
    }

    /// A plan on what is published now, with every column in the file.
    public StagingPlan plan(Mode mode, List<Column> columns, String... key) {
        OperationId operation = operation();
        return new StagingPlan(
                dataset,
                operation,
                operation.commitId(),
                state().nextVersion(),
                mode,
                state().head(),
                columns,
                IntStream.range(0, columns.size()).boxed().toList(),
                List.of(key));
    }

    /// Stages and seals.
    @SafeVarargs
    // Sound: the array is only read.
    @SuppressWarnings("varargs")
    public final Staged sealed(StagingPlan plan, List<@Nullable Object>... rows) throws JobFailure, IOException {
        return store.seal(plan, store.stage(plan, new ListRows(List.of(rows)), Progress.SILENT));
    }

    /// A publication of what was sealed, as things stand now.
    public Publication publication(StagingPlan plan, Staged manifest) {
        DatasetState now = state();
        return new Publication(
                plan,
                manifest,
                CommitKind.PUBLISH,
                now.fence(),
                now.incarnation().orElse(new Incarnation("first")),
                new DictionaryDocument("{\"version\":" + plan.version() + "}"),
                now.dictionaryRevision(),
                provenance(plan.mode(), offset++),
                "{}",
                NOON);
    }

    static Provenance provenance(Mode mode, long offset) {
        return new Provenance(
                new JobId("job-" + offset),
                mode,
                new SourcePosition("topic", 0, offset),
                "file.csv",
                Optional.empty(),
                Optional.empty());
    }

    static Publication with(Publication old, Epoch epoch) {
        return new Publication(
                old.staging(),
                old.manifest(),
                old.kind(),
                epoch,
                old.incarnation(),
                old.dictionary(),
                old.dictionaryRevision(),
                old.provenance(),
                old.profileJson(),
                old.publishedAt());
    }

    static Publication with(Publication old, Incarnation incarnation) {
        return new Publication(
                old.staging(),
                old.manifest(),
                old.kind(),
                old.epoch(),
                incarnation,
                old.dictionary(),
                old.dictionaryRevision(),
                old.provenance(),
                old.profileJson(),
                old.publishedAt());
    }

    static Publication with(Publication old, CommitKind kind, Provenance provenance) {
        return new Publication(
                old.staging(),
                old.manifest(),
                kind,
                old.epoch(),
                old.incarnation(),
                old.dictionary(),
                old.dictionaryRevision(),
                provenance,
                old.profileJson(),
                old.publishedAt());
    }

    /// The whole way of a job that succeeds.
    @SafeVarargs
    // Sound: the array is only read.
    @SuppressWarnings("varargs")
    public final Commit load(Mode mode, List<Column> columns, List<String> key, List<@Nullable Object>... rows)
            throws JobFailure, IOException {
        return loadAll(mode, columns, key, List.of(rows));
    }

    /// The whole way of a job that succeeds.
    public Commit loadAll(
            Mode mode, List<Column> columns, List<String> key, List<? extends List<? extends @Nullable Object>> rows)
            throws JobFailure, IOException {
        StagingPlan plan = plan(mode, columns, key.toArray(String[]::new));
        Staged staged = store.stage(plan, new ListRows(rows), Progress.SILENT);
        PublishResult result = store.publish(publication(plan, store.seal(plan, staged)));
        return ((PublishResult.Published) result).commit();
    }

    public List<List<@Nullable Object>> rows() {
        return store.preview(head(), 1_000_000);
    }
}
