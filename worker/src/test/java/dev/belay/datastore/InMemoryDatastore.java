package dev.belay.datastore;

import dev.belay.job.CollectedRows;
import dev.belay.job.Column;
import dev.belay.job.CommitId;
import dev.belay.job.DatasetId;
import dev.belay.job.DictionaryDocument;
import dev.belay.job.Epoch;
import dev.belay.job.Excerpt;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.Fenced;
import dev.belay.job.Incarnation;
import dev.belay.job.JobFailure;
import dev.belay.job.Mode;
import dev.belay.job.OperationId;
import dev.belay.job.Place;
import dev.belay.job.Progress;
import dev.belay.job.TypedTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The datastore in memory, for tests of what stands on it: passes the contract suite, needs no disk, and does the same
/// thing every time. What was staged survives, as it would survive the death of a process.
public final class InMemoryDatastore implements Datastore {
    private final Map<DatasetId, DatasetState> states = new TreeMap<>();
    private final Map<CommitId, Commit> history = new LinkedHashMap<>();
    private final Map<CommitId, Table> published = new HashMap<>();
    private final Map<CommitId, Table> staging = new LinkedHashMap<>();

    /// Rows and manifest of one version.
    private record Table(
            StagingPlan plan,
            List<List<@Nullable Object>> rows,
            Staged manifest,
            boolean sealed,
            Set<IndexPlan> indexes) {
        Table with(Staged other, boolean nowSealed) {
            return new Table(plan, rows, other, nowSealed, indexes);
        }
    }

    /// All rows of what is published; empty when nothing is.
    public synchronized List<List<@Nullable Object>> rows(DatasetId dataset) {
        return state(dataset)
                .head()
                .map(head -> preview(head, Integer.MAX_VALUE))
                .orElse(List.of());
    }

    /// The data of a version are not there any more, as after a damage of the disk.
    public synchronized void lose(CommitId commit) {
        if (published.remove(commit) == null) {
            throw new IllegalArgumentException("there are no data of " + commit);
        }
    }

    /// The dataset is dropped on purpose.
    public synchronized void drop(DatasetId dataset) {
        DatasetState now = state(dataset);
        states.put(
                dataset,
                new DatasetState(
                        dataset,
                        Presence.DROPPED,
                        now.incarnation(),
                        Optional.empty(),
                        Optional.empty(),
                        now.dictionaryRevision(),
                        Optional.empty(),
                        now.fence(),
                        now.nextVersion()));
    }

    @Override
    public synchronized void fence(DatasetId dataset, Epoch epoch) {
        DatasetState now = state(dataset);
        if (now.fence().compareTo(epoch) > 0) {
            throw new Fenced(dataset, epoch, now.fence());
        }
        states.put(
                dataset,
                new DatasetState(
                        dataset,
                        now.presence(),
                        now.incarnation(),
                        now.head(),
                        now.dictionary(),
                        now.dictionaryRevision(),
                        now.emptiedBy(),
                        epoch,
                        now.nextVersion()));
    }

    @Override
    public synchronized DatasetState state(DatasetId dataset) {
        DatasetState known = states.get(dataset);
        return known != null
                ? known
                : new DatasetState(
                        dataset,
                        Presence.UNKNOWN,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        Optional.empty(),
                        new Epoch(0),
                        1);
    }

    @Override
    public synchronized List<DatasetState> datasets() {
        return states.values().stream()
                .filter(state -> state.presence() != Presence.UNKNOWN)
                .toList();
    }

    @Override
    public synchronized List<Commit> commits(DatasetId dataset) {
        return history.values().stream()
                .filter(commit -> commit.dataset().equals(dataset))
                .toList()
                .reversed();
    }

    @Override
    public synchronized Optional<Commit> commit(CommitId id) {
        return Optional.ofNullable(history.get(id));
    }

    @Override
    public synchronized Optional<Commit> commit(DatasetId dataset, int version) {
        return commits(dataset).stream()
                .filter(commit -> commit.version() == version)
                .findFirst();
    }

    @Override
    public synchronized boolean isIntact(Commit commit) {
        return published.containsKey(commit.id()) && commit.equals(history.get(commit.id()));
    }

    @Override
    public synchronized Staged stage(StagingPlan plan, TypedTable rows, Progress progress)
            throws JobFailure, IOException {
        refuseTaken(plan);
        var collected = new CollectedRows(plan.columns().size());
        var incoming = new IncomingRows(plan, 0, collected, progress);
        for (int part = 0; part < rows.parts(); part++) {
            rows.read(part, incoming);
        }
        progress.at(incoming.count(), incoming.count());
        List<List<@Nullable Object>> table = plan.mode() == Mode.REPLACE ? new ArrayList<>() : baseRows(plan);
        int baseSize = table.size();
        boolean upsert = plan.mode() == Mode.UPSERT;
        Map<List<@Nullable Object>, Integer> places = upsert ? places(plan, table) : Map.of();
        Set<Integer> touched = new HashSet<>();
        for (List<@Nullable Object> row : collected.rows()) {
            Integer place = upsert ? places.putIfAbsent(key(plan, row), table.size()) : null;
            touched.add(place == null ? table.size() : place);
            if (place == null) {
                table.add(row);
            } else {
                table.set(place, row);
            }
        }
        long loaded = upsert ? touched.size() : table.size() - baseSize;
        var manifest = new Staged(
                table.size(),
                loaded,
                incoming.count() - loaded + rows.deduplicated(),
                0,
                incoming.digest().finish());
        staging.put(plan.commit(), new Table(plan, table, manifest, false, new HashSet<>()));
        return manifest;
    }

    private void refuseTaken(StagingPlan plan) {
        if (staging.containsKey(plan.commit()) || history.containsKey(plan.commit())) {
            throw new IllegalStateException(plan.commit() + " is already there and is never adopted");
        }
    }

    private List<List<@Nullable Object>> baseRows(StagingPlan plan) throws JobFailure {
        if (plan.base().isEmpty()) {
            return new ArrayList<>();
        }
        Commit base = plan.base().get();
        Table old = published.get(base.id());
        if (old == null) {
            throw new JobFailure(new Failure.Corrupt(FailureCode.STORE_CORRUPT, base.id() + " is missing", Place.NONE));
        }
        var rows = new ArrayList<List<@Nullable Object>>();
        for (List<@Nullable Object> row : old.rows()) {
            rows.add(widened(row, base.columns(), plan.columns()));
        }
        return rows;
    }

    private static List<@Nullable Object> widened(List<@Nullable Object> row, List<Column> from, List<Column> to) {
        List<@Nullable Object> wide = new ArrayList<>();
        for (Column column : to) {
            Object value = null;
            for (int at = 0; at < from.size(); at++) {
                if (from.get(at).name().equals(column.name())) {
                    value = Widening.widened(row.get(at), from.get(at).type(), column.type());
                }
            }
            wide.add(value);
        }
        return wide;
    }

    private static Map<List<@Nullable Object>, Integer> places(StagingPlan plan, List<List<@Nullable Object>> rows)
            throws JobFailure {
        var places = new HashMap<List<@Nullable Object>, Integer>();
        for (int at = 0; at < rows.size(); at++) {
            List<@Nullable Object> key = key(plan, rows.get(at));
            // Rows of the base without a key stay: none matches them.
            if (!key.contains(null) && places.put(key, at) != null) {
                throw notUnique(key);
            }
        }
        return places;
    }

    private static List<@Nullable Object> key(StagingPlan plan, List<@Nullable Object> row) {
        List<@Nullable Object> key = new ArrayList<>();
        for (int column : IncomingRows.keyColumns(plan)) {
            key.add(row.get(column));
        }
        return key;
    }

    private static JobFailure notUnique(List<@Nullable Object> key) {
        String shown = Excerpt.of(key.toString());
        return JobFailure.permanent(
                FailureCode.KEY_NOT_UNIQUE, "two rows have the same key: " + shown, Place.NONE.withValue(shown));
    }

    @Override
    public synchronized Staged stageCopy(StagingPlan plan, Commit earlier) throws JobFailure {
        refuseTaken(plan);
        if (!plan.columns().equals(earlier.columns())) {
            throw new IllegalArgumentException("a copy has the columns of version " + earlier.version());
        }
        Table old = published.get(earlier.id());
        if (old == null) {
            throw JobFailure.permanent(FailureCode.VERSION_NOT_FOUND, earlier.id() + " is not kept any more");
        }
        long rows = old.manifest().rows();
        var manifest = new Staged(rows, rows, 0, 0, old.manifest().digest());
        staging.put(plan.commit(), new Table(plan, old.rows(), manifest, false, new HashSet<>(old.indexes())));
        return manifest;
    }

    @Override
    public synchronized void index(StagingPlan plan, List<IndexPlan> indexes) throws JobFailure {
        Table table = staging.get(plan.commit());
        if (table == null || table.sealed()) {
            throw new IllegalStateException(plan.commit() + " was not staged");
        }
        for (IndexPlan index : indexes) {
            if (index.unique()) {
                refuseUnlessKey(table, index);
            }
            table.indexes().add(index);
        }
    }

    private static void refuseUnlessKey(Table table, IndexPlan index) throws JobFailure {
        List<String> names = table.plan().columns().stream().map(Column::name).toList();
        var seen = new HashSet<List<@Nullable Object>>();
        for (int at = 0; at < table.rows().size(); at++) {
            List<@Nullable Object> key = new ArrayList<>();
            for (String column : index.columns()) {
                key.add(table.rows().get(at).get(names.indexOf(column)));
            }
            if (key.contains(null)) {
                throw JobFailure.permanent(
                        FailureCode.KEY_NULL,
                        "row %d has no value in a key column of %s".formatted(at + 1, index.columns()));
            }
            if (!seen.add(key)) {
                throw notUnique(key);
            }
        }
    }

    @Override
    public synchronized Staged seal(StagingPlan plan, Staged expected) throws JobFailure {
        Table table = staging.get(plan.commit());
        var unsized = new Staged(expected.rows(), expected.loaded(), expected.deduplicated(), 0, expected.digest());
        if (table == null || !unsized.equals(unsized(table.manifest()))) {
            throw new JobFailure(new Failure.Corrupt(
                    FailureCode.UNVERIFIABLE, plan.commit() + " is not what was staged", Place.NONE));
        }
        // Any size does, as long as it is the same for the same table.
        var sized = new Staged(
                expected.rows(),
                expected.loaded(),
                expected.deduplicated(),
                1 + table.rows().size() * 8L * plan.columns().size(),
                expected.digest());
        staging.put(plan.commit(), table.with(sized, true));
        return sized;
    }

    private static Staged unsized(Staged staged) {
        return new Staged(staged.rows(), staged.loaded(), staged.deduplicated(), 0, staged.digest());
    }

    @Override
    public synchronized StagedReading staged(StagingPlan plan) {
        Table table = staging.get(plan.commit());
        return table == null ? new StagedReading.Absent() : new StagedReading.Whole(table.manifest());
    }

    @Override
    public synchronized boolean dropStaged(DatasetId dataset, OperationId operation) {
        return staging.values()
                .removeIf(table -> table.plan().dataset().equals(dataset)
                        && table.plan().operation().equals(operation));
    }

    @Override
    public synchronized List<StagedObject> stagedObjects() {
        return staging.values().stream()
                .map(Table::plan)
                .map(plan -> new StagedObject(plan.dataset(), plan.operation(), plan.version() + "-" + plan.commit()))
                .toList();
    }

    @Override
    public synchronized boolean deleteLive(
            DatasetId dataset, Epoch epoch, OperationId operation, @Nullable CommitId base, long dictionaryRevision) {
        DatasetState now = checked(dataset, epoch);
        if (now.emptiedBy().equals(Optional.of(operation))) {
            return true;
        }
        if (!Objects.equals(now.head().map(Commit::id).orElse(null), base)) {
            return false;
        }
        if (now.presence() == Presence.LIVE && now.dictionaryRevision() != dictionaryRevision) {
            return false;
        }
        if (now.presence() == Presence.LIVE && base != null) {
            published.remove(base);
            states.put(
                    dataset,
                    new DatasetState(
                            dataset,
                            Presence.EMPTIED,
                            now.incarnation(),
                            Optional.empty(),
                            Optional.empty(),
                            now.dictionaryRevision(),
                            Optional.of(operation),
                            now.fence(),
                            now.nextVersion()));
        }
        return true;
    }

    private DatasetState checked(DatasetId dataset, Epoch epoch) {
        DatasetState now = state(dataset);
        if (!now.fence().equals(epoch)) {
            throw new Fenced(dataset, epoch, now.fence());
        }
        return now;
    }

    @Override
    public synchronized PublishResult publish(Publication publication) {
        return publish(publication, _ -> {});
    }

    /// Publishes, where something else happens in the same step: when that throws, nothing has changed.
    ///
    /// @param besides given what is published, before anybody sees it
    public synchronized PublishResult publish(Publication publication, Consumer<Commit> besides) {
        StagingPlan plan = publication.staging();
        DatasetState now = checked(plan.dataset(), publication.epoch());
        Commit mine = history.get(plan.commit());
        if (mine != null) {
            besides.accept(mine);
            return new PublishResult.Published(mine);
        }
        Optional<PublishResult> refusal = PublicationRules.refusal(now, publication);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        Table table = staging.get(plan.commit());
        if (table == null || !table.sealed() || plan.version() != now.nextVersion()) {
            throw new IllegalStateException(plan.commit() + " was not sealed for version " + now.nextVersion());
        }
        Commit commit = commit(publication);
        besides.accept(commit);
        staging.remove(plan.commit());
        published.put(commit.id(), table);
        history.put(commit.id(), commit);
        states.put(plan.dataset(), live(now, publication.incarnation(), commit, publication.dictionary()));
        return new PublishResult.Published(commit);
    }

    private static Commit commit(Publication publication) {
        StagingPlan plan = publication.staging();
        return new Commit(
                plan.commit(),
                plan.dataset(),
                plan.operation(),
                publication.kind(),
                plan.version(),
                plan.base().map(Commit::id),
                publication.manifest().rows(),
                publication.manifest().bytes(),
                plan.columns(),
                publication.provenance(),
                publication.profileJson(),
                publication.publishedAt());
    }

    private static DatasetState live(
            DatasetState now, Incarnation incarnation, Commit head, DictionaryDocument dictionary) {
        boolean newVersion = !now.head().equals(Optional.of(head));
        return new DatasetState(
                now.dataset(),
                Presence.LIVE,
                Optional.of(incarnation),
                Optional.of(head),
                Optional.of(dictionary),
                now.dictionaryRevision() + 1,
                Optional.empty(),
                now.fence(),
                newVersion ? now.nextVersion() + 1 : now.nextVersion());
    }

    @Override
    public void expose(DatasetId dataset) {
        // Nothing is derived from the head here.
    }

    @Override
    public synchronized boolean editDictionary(
            DatasetId dataset, long expectedRevision, DictionaryDocument dictionary) {
        DatasetState now = state(dataset);
        if (now.presence() != Presence.LIVE || now.dictionaryRevision() != expectedRevision) {
            return false;
        }
        states.put(
                dataset, live(now, now.incarnation().orElseThrow(), now.head().orElseThrow(), dictionary));
        return true;
    }

    @Override
    public synchronized int retire(DatasetId dataset, int keep) {
        if (keep < 1) {
            throw new IllegalArgumentException("at least one version is kept, not " + keep);
        }
        return (int) commits(dataset).stream()
                .skip(keep)
                .filter(commit -> published.remove(commit.id()) != null)
                .count();
    }

    @Override
    public synchronized List<List<@Nullable Object>> preview(Commit commit, int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("a limit is never negative: " + limit);
        }
        Table table = published.get(commit.id());
        if (table == null) {
            throw new IllegalStateException(commit.id() + " is not kept any more");
        }
        return List.copyOf(table.rows().subList(0, Math.min(limit, table.rows().size())));
    }

    @Override
    public Optional<Path> file(Commit commit) {
        return Optional.empty();
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
