package dev.belay.datastore.postgres;

import dev.belay.datastore.Commit;
import dev.belay.datastore.DatasetState;
import dev.belay.datastore.Presence;
import dev.belay.datastore.Publication;
import dev.belay.datastore.PublicationRules;
import dev.belay.datastore.PublishResult;
import dev.belay.datastore.StagingPlan;
import dev.belay.fault.FaultPoint;
import dev.belay.job.CommitId;
import dev.belay.job.DatasetId;
import dev.belay.job.DictionaryDocument;
import dev.belay.job.Epoch;
import dev.belay.job.FailureCode;
import dev.belay.job.Fenced;
import dev.belay.job.Incarnation;
import dev.belay.job.JobFailure;
import dev.belay.job.OperationId;
import dev.belay.sql.Addition;
import dev.belay.sql.PostgresDatabase;
import dev.belay.sql.Row;
import dev.belay.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What is published: heads, history, dictionaries and fences. Each method is one transaction, so a kill
/// leaves all of it or nothing; each that changes something shared locks the dataset's row first and checks
/// the fence in it.
final class Catalog {
    private static final Besides NOTHING = _ -> {};

    private final PostgresDatabase database;
    private final Schemas schemas;
    private final Layout layout;

    Catalog(PostgresDatabase database, Schemas schemas, Layout layout) {
        this.database = database;
        this.schemas = schemas;
        this.layout = layout;
    }

    void fence(DatasetId dataset, Epoch epoch) {
        database.write(FaultPoint.DATASTORE_FENCE, session -> {
            session.update("""
                    INSERT INTO dataset (id, presence, dictionary_revision, fence, next_version)
                    VALUES (?, 'UNKNOWN', 0, 0, 1) ON CONFLICT DO NOTHING
                    """, dataset);
            Epoch current = locked(session, dataset).fence();
            if (current.compareTo(epoch) > 0) {
                throw new Fenced(dataset, epoch, current);
            }
            session.updateOne("UPDATE dataset SET fence = ? WHERE id = ?", epoch.value(), dataset);
            heard(session, locked(session, dataset));
            return true;
        });
    }

    DatasetState state(DatasetId dataset) {
        return database.read(session -> state(session, dataset, ""));
    }

    List<DatasetState> datasets() {
        return database.read(session -> {
            List<DatasetId> ids = session.list(
                    "SELECT id FROM dataset WHERE presence <> 'UNKNOWN' ORDER BY id",
                    row -> new DatasetId(row.text("id")));
            var states = new ArrayList<DatasetState>();
            for (DatasetId id : ids) {
                states.add(state(session, id, ""));
            }
            return List.copyOf(states);
        });
    }

    Map<DatasetId, Epoch> fences() {
        return database.read(session -> {
            var fences = new LinkedHashMap<DatasetId, Epoch>();
            session.list(
                    "SELECT id, fence FROM dataset ORDER BY id",
                    row -> fences.put(new DatasetId(row.text("id")), new Epoch(row.number("fence"))));
            return fences;
        });
    }

    List<Commit> commits(DatasetId dataset) {
        return database.read(session -> session.list(
                "SELECT * FROM commits WHERE dataset = ? ORDER BY version DESC", CommitRows::read, dataset));
    }

    Optional<Commit> commit(CommitId id) {
        return database.read(session -> CommitRows.find(session, id));
    }

    Optional<Commit> commit(DatasetId dataset, int version) {
        return database.read(session -> session.first(
                "SELECT * FROM commits WHERE dataset = ? AND version = ?", CommitRows::read, dataset, version));
    }

    /// Published versions older than the newest `keep` whose tables are still there.
    List<Manifest> older(DatasetId dataset, int keep) {
        return database.read(session -> session.list("""
                SELECT version.* FROM version JOIN commits ON commits.id = version.commit_id
                WHERE version.dataset = ? AND version.version < (
                  SELECT version FROM commits WHERE dataset = ? ORDER BY version DESC LIMIT 1 OFFSET ?)
                ORDER BY version.version
                """, Manifest::read, dataset, dataset, keep - 1));
    }

    /// @return false when someone reads it just now, or it is gone already
    boolean retire(Manifest manifest) {
        return database.write(FaultPoint.VERSION_RETIRE, session -> {
            DatasetState now = locked(session, manifest.dataset());
            boolean isOld =
                    now.head().map(head -> !head.id().equals(manifest.commit())).orElse(true);
            return isOld && layout.removeOld(session, manifest) && forgotten(session, manifest);
        });
    }

    private static boolean forgotten(Session session, Manifest manifest) throws SQLException {
        return session.update("DELETE FROM version WHERE commit_id = ?", manifest.commit()) == 1;
    }

    /// @return false when the head was not `base`
    /// @throws JobFailure `OBJECT_IN_THE_WAY` when others' views hang on what would be deleted
    boolean deleteLive(
            DatasetId dataset, Epoch epoch, OperationId operation, @Nullable CommitId base, long dictionaryRevision)
            throws JobFailure {
        Optional<String> hanging = database.read(session -> layout.hangingOn(session, dataset));
        if (hanging.isPresent()) {
            throw JobFailure.permanent(FailureCode.OBJECT_IN_THE_WAY, hanging.get());
        }
        return database.write(FaultPoint.LIVE_DELETE, session -> {
            DatasetState now = checked(session, dataset, epoch);
            if (now.emptiedBy().equals(Optional.of(operation))) {
                return true;
            }
            if (!Objects.equals(now.head().map(Commit::id).orElse(null), base)) {
                return false;
            }
            if (now.presence() == Presence.LIVE && now.dictionaryRevision() != dictionaryRevision) {
                return false;
            }
            if (now.presence() == Presence.LIVE) {
                session.updateOne("""
                        UPDATE dataset SET presence = 'EMPTIED', head = NULL, dictionary = NULL, emptied_by = ?
                        WHERE id = ? AND fence = ?
                        """, operation, dataset, epoch.value());
                Optional<Manifest> manifest =
                        Manifest.find(session, now.head().orElseThrow().id());
                if (manifest.isPresent()) {
                    forgotten(session, manifest.get());
                    layout.remove(session, manifest.get());
                }
            }
            return true;
        });
    }

    /// Refuses what was sealed before the pivot where something of others stands in its way.
    ///
    /// @throws JobFailure `OBJECT_IN_THE_WAY`
    void refuseInTheWay(StagingPlan plan) throws JobFailure {
        Optional<String> inTheWay = database.read(session -> {
            boolean isFirst = state(session, plan.dataset(), "").presence() == Presence.UNKNOWN;
            Manifest staged = Manifest.find(session, plan.commit()).orElseThrow();
            return layout.inTheWay(session, staged, isFirst);
        });
        if (inTheWay.isPresent()) {
            throw JobFailure.permanent(FailureCode.OBJECT_IN_THE_WAY, inTheWay.get());
        }
    }

    /// Moves the head, all or nothing. The lock that readers meet is taken last and held until the commit.
    ///
    /// @throws IllegalStateException when the table was not sealed, or the version is not the next one: a
    /// defect of the caller
    PublishResult publish(Publication publication) {
        return database.write(FaultPoint.PUBLISH_COMMIT, session -> publish(session, publication, NOTHING));
    }

    /// Moves the head, with something of another schema that is done before readers are locked out: both or neither.
    ///
    /// @param addition about what is published; not done where nothing is
    PublishResult publish(Publication publication, Addition<Commit> addition) {
        return database.write(
                FaultPoint.PUBLISH_COMMIT,
                addition,
                session -> publish(session, publication, commit -> database.add(session, addition, commit)));
    }

    /// What is done in the transaction that publishes.
    @FunctionalInterface
    private interface Besides {
        void about(Commit commit) throws SQLException;
    }

    private PublishResult publish(Session session, Publication publication, Besides besides) throws SQLException {
        StagingPlan plan = publication.staging();
        DatasetState now = checked(session, plan.dataset(), publication.epoch());
        Optional<Commit> mine = CommitRows.find(session, plan.commit());
        if (mine.isPresent()) {
            besides.about(mine.get());
            return new PublishResult.Published(mine.get());
        }
        Optional<PublishResult> refusal = PublicationRules.refusal(now, publication);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        Manifest manifest = Manifest.find(session, plan.commit())
                .filter(found -> found.isOf(plan) && found.isSealed())
                .orElseThrow(() -> new IllegalStateException(Schemas.table(plan) + " was not sealed"));
        boolean isFirst = now.presence() == Presence.UNKNOWN;
        DictionaryDocument dictionary =
                isFirst ? layout.adopted(session, plan.dataset(), publication.dictionary()) : publication.dictionary();
        CommitRows.insert(session, publication);
        moveHead(session, publication, dictionary);
        Commit commit = CommitRows.find(session, plan.commit()).orElseThrow();
        besides.about(commit);
        layout.show(session, new Layout.Shown(manifest, dictionary, now.head().map(Commit::id), isFirst));
        return new PublishResult.Published(commit);
    }

    private static void moveHead(Session session, Publication publication, DictionaryDocument dictionary)
            throws SQLException {
        session.updateOne(
                """
                UPDATE dataset SET presence = 'LIVE', incarnation = ?, head = ?, dictionary = ?,
                  dictionary_revision = dictionary_revision + 1, emptied_by = NULL, next_version = next_version + 1
                WHERE id = ? AND fence = ? AND next_version = ?
                """,
                publication.incarnation(),
                publication.staging().commit(),
                dictionary.json(),
                publication.staging().dataset(),
                publication.epoch().value(),
                publication.staging().version());
    }

    boolean editDictionary(DatasetId dataset, long expectedRevision, DictionaryDocument dictionary) {
        return database.write(FaultPoint.DICTIONARY_EDIT, session -> {
            DatasetState now = locked(session, dataset);
            layout.holdWords(session, dataset);
            heard(session, now);
            boolean edited = session.update("""
                    UPDATE dataset SET dictionary = ?, dictionary_revision = dictionary_revision + 1
                    WHERE id = ? AND presence = 'LIVE' AND dictionary_revision = ?
                    """, dictionary.json(), dataset, expectedRevision) == 1;
            if (edited) {
                Commit head = state(session, dataset, "").head().orElseThrow();
                layout.describe(session, dataset, head.columns(), dictionary);
            }
            return edited;
        });
    }

    /// Drops the staged tables of an operation; its row is locked, so that none of them is published meanwhile.
    ///
    /// @return whether there was something
    boolean dropStaged(DatasetId dataset, OperationId operation) {
        if (database.read(session -> staged(session, dataset, operation)).isEmpty()) {
            return false;
        }
        return database.write(FaultPoint.STAGE_DROP, session -> {
            locked(session, dataset);
            List<Manifest> found = staged(session, dataset, operation);
            for (Manifest manifest : found) {
                session.update("DROP TABLE IF EXISTS " + schemas.staged(manifest.table()));
                forgotten(session, manifest);
            }
            return !found.isEmpty();
        });
    }

    private static List<Manifest> staged(Session session, DatasetId dataset, OperationId operation)
            throws SQLException {
        return session.list("""
                SELECT * FROM version WHERE dataset = ? AND operation = ?
                AND NOT EXISTS (SELECT 1 FROM commits WHERE commits.id = version.commit_id)
                """, Manifest::read, dataset, operation);
    }

    /// All staged tables.
    List<Manifest> staged() {
        return database.read(session -> session.list("""
                SELECT * FROM version
                WHERE NOT EXISTS (SELECT 1 FROM commits WHERE commits.id = version.commit_id) ORDER BY commit_id
                """, Manifest::read));
    }

    private DatasetState checked(Session session, DatasetId dataset, Epoch epoch) throws SQLException {
        DatasetState now = locked(session, dataset);
        if (!now.fence().equals(epoch)) {
            throw new Fenced(dataset, epoch, now.fence());
        }
        layout.holdWords(session, dataset);
        return heard(session, now);
    }

    /// Takes what people have written where they read a dataset into its dictionary, as an edit of theirs.
    ///
    /// @return what is published after it
    private DatasetState heard(Session session, DatasetState now) throws SQLException {
        if (now.presence() != Presence.LIVE) {
            return now;
        }
        Optional<DictionaryDocument> edited = layout.edited(session, now);
        if (edited.isEmpty()) {
            return now;
        }
        session.updateOne(
                "UPDATE dataset SET dictionary = ?, dictionary_revision = dictionary_revision + 1 WHERE id = ?",
                edited.get().json(),
                now.dataset());
        return locked(session, now.dataset());
    }

    private static DatasetState locked(Session session, DatasetId dataset) throws SQLException {
        return state(session, dataset, " FOR UPDATE");
    }

    private static DatasetState state(Session session, DatasetId dataset, String lock) throws SQLException {
        return session.first("SELECT * FROM dataset WHERE id = ?" + lock, row -> state(session, dataset, row), dataset)
                .orElseGet(() -> new DatasetState(
                        dataset,
                        Presence.UNKNOWN,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        Optional.empty(),
                        new Epoch(0),
                        1));
    }

    private static DatasetState state(Session session, DatasetId dataset, Row row) throws SQLException {
        Optional<String> head = row.optionalText("head");
        return new DatasetState(
                dataset,
                Presence.valueOf(row.text("presence")),
                row.optionalText("incarnation").map(Incarnation::new),
                head.isEmpty() ? Optional.empty() : CommitRows.find(session, new CommitId(head.get())),
                row.optionalText("dictionary").map(DictionaryDocument::new),
                row.number("dictionary_revision"),
                row.optionalText("emptied_by").map(OperationId::new),
                new Epoch(row.number("fence")),
                (int) row.number("next_version"));
    }
}
