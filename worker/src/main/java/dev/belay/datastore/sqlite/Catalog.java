package dev.belay.datastore.sqlite;

import dev.belay.datastore.Commit;
import dev.belay.datastore.DatasetState;
import dev.belay.datastore.Presence;
import dev.belay.datastore.Publication;
import dev.belay.datastore.PublicationRules;
import dev.belay.datastore.PublishResult;
import dev.belay.fault.FaultPoint;
import dev.belay.job.CommitId;
import dev.belay.job.DatasetId;
import dev.belay.job.DictionaryDocument;
import dev.belay.job.Epoch;
import dev.belay.job.Fenced;
import dev.belay.job.Incarnation;
import dev.belay.job.OperationId;
import dev.belay.job.Sha256;
import dev.belay.sql.Row;
import dev.belay.sql.Session;
import dev.belay.sql.SqliteDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What is published: heads, history, dictionaries and fences, in `catalog.db`. Each method is one transaction, so a
/// kill leaves all of it or nothing; each that changes something shared checks the fence in it.
final class Catalog implements AutoCloseable {
    private final SqliteDatabase database;
    private final HistoryLog history;

    Catalog(SqliteDatabase database, HistoryLog history) {
        this.database = database;
        this.history = history;
    }

    /// For tests that look at the file itself.
    SqliteDatabase database() {
        return database;
    }

    void fence(DatasetId dataset, Epoch epoch) {
        database.write(FaultPoint.DATASTORE_FENCE, session -> {
            session.update("""
                    INSERT INTO dataset (id, presence, dictionary_revision, fence, next_version)
                    VALUES (?, 'UNKNOWN', 0, 0, 1) ON CONFLICT DO NOTHING
                    """, dataset);
            Epoch current = state(session, dataset).fence();
            if (current.compareTo(epoch) > 0) {
                throw new Fenced(dataset, epoch, current);
            }
            session.updateOne("UPDATE dataset SET fence = ? WHERE id = ?", epoch.value(), dataset);
            return true;
        });
    }

    DatasetState state(DatasetId dataset) {
        return database.read(session -> state(session, dataset));
    }

    List<DatasetState> datasets() {
        return database.read(session -> {
            List<DatasetId> ids = session.list(
                    "SELECT id FROM dataset WHERE presence <> 'UNKNOWN' ORDER BY id",
                    row -> new DatasetId(row.text("id")));
            var states = new ArrayList<DatasetState>();
            for (DatasetId id : ids) {
                states.add(state(session, id));
            }
            return List.copyOf(states);
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

    /// The smallest version number among the newest `keep` commits; 1 when there are fewer.
    int oldestKept(DatasetId dataset, int keep) {
        return database.read(session -> session.first(
                        "SELECT version FROM commits WHERE dataset = ? ORDER BY version DESC LIMIT 1 OFFSET ?",
                        row -> (int) row.number("version"),
                        dataset,
                        keep - 1))
                .orElse(1);
    }

    /// The digest that was published with a commit.
    Optional<Sha256> digest(CommitId commit) {
        return database.read(session -> session.first(
                "SELECT digest FROM commits WHERE id = ?", row -> new Sha256(row.text("digest")), commit));
    }

    boolean isCommitted(CommitId commit) {
        return digest(commit).isPresent();
    }

    /// Runs `removal` unless the commit is published, and so that it cannot become so meanwhile.
    boolean unlessCommitted(CommitId commit, Removal removal) {
        return database.write(
                FaultPoint.CATALOG_HOLD,
                session -> CommitRows.find(session, commit).isEmpty() && removal.remove());
    }

    /// Runs `work` with the state of a dataset that no other process can change meanwhile.
    void whileStill(DatasetId dataset, Exposure work) throws IOException {
        Optional<IOException> failed = database.write(FaultPoint.CATALOG_HOLD, session -> {
            try {
                work.expose(state(session, dataset));
                return Optional.<IOException>empty();
            } catch (IOException failure) {
                return Optional.of(failure);
            }
        });
        if (failed.isPresent()) {
            throw failed.get();
        }
    }

    /// @return false when the head was not `base`
    boolean deleteLive(
            DatasetId dataset, Epoch epoch, OperationId operation, @Nullable CommitId base, long dictionaryRevision) {
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
                history.append(session, dataset, Optional.empty());
            }
            return true;
        });
    }

    /// Why a publication cannot be just now, or that it already is; empty when nothing stands against it.
    Optional<PublishResult> verdict(Publication publication) {
        return database.read(session -> verdict(session, publication));
    }

    /// Moves the head, all or nothing.
    ///
    /// @param file where the data must be by now
    /// @throws IllegalStateException when they are not, or the version is not the next one: a defect of the
    /// caller
    PublishResult publish(Publication publication, Path file) {
        return database.write(FaultPoint.PUBLISH_COMMIT, session -> {
            Optional<PublishResult> verdict = verdict(session, publication);
            if (verdict.isPresent()) {
                return verdict.get();
            }
            if (!VersionFiles.isThere(file)) {
                throw new IllegalStateException(file + " was not sealed");
            }
            CommitRows.insert(session, publication);
            moveHead(session, publication);
            history.append(
                    session,
                    publication.staging().dataset(),
                    Optional.of(publication.staging().commit()));
            return new PublishResult.Published(
                    CommitRows.find(session, publication.staging().commit()).orElseThrow());
        });
    }

    private static Optional<PublishResult> verdict(Session session, Publication publication) throws SQLException {
        DatasetState now = checked(session, publication.staging().dataset(), publication.epoch());
        Optional<Commit> mine = CommitRows.find(session, publication.staging().commit());
        return mine.<PublishResult>map(PublishResult.Published::new)
                .or(() -> PublicationRules.refusal(now, publication));
    }

    private static DatasetState checked(Session session, DatasetId dataset, Epoch epoch) throws SQLException {
        DatasetState now = state(session, dataset);
        if (!now.fence().equals(epoch)) {
            throw new Fenced(dataset, epoch, now.fence());
        }
        return now;
    }

    private static void moveHead(Session session, Publication publication) throws SQLException {
        session.updateOne(
                """
                UPDATE dataset SET presence = 'LIVE', incarnation = ?, head = ?, dictionary = ?,
                  dictionary_revision = dictionary_revision + 1, emptied_by = NULL, next_version = next_version + 1
                WHERE id = ? AND fence = ? AND next_version = ?
                """,
                publication.incarnation(),
                publication.staging().commit(),
                publication.dictionary().json(),
                publication.staging().dataset(),
                publication.epoch().value(),
                publication.staging().version());
    }

    boolean editDictionary(DatasetId dataset, long expectedRevision, DictionaryDocument dictionary) {
        return database.write(FaultPoint.DICTIONARY_EDIT, session -> {
            boolean edited = session.update("""
                    UPDATE dataset SET dictionary = ?, dictionary_revision = dictionary_revision + 1
                    WHERE id = ? AND presence = 'LIVE' AND dictionary_revision = ?
                    """, dictionary.json(), dataset, expectedRevision) == 1;
            if (edited) {
                history.append(session, dataset, Optional.empty());
            }
            return edited;
        });
    }

    void rewriteHistory(DatasetId dataset) {
        database.write(FaultPoint.CATALOG_HOLD, session -> {
            history.rewrite(session, dataset);
            return true;
        });
    }

    private static DatasetState state(Session session, DatasetId dataset) throws SQLException {
        return session.first("SELECT * FROM dataset WHERE id = ?", row -> state(session, dataset, row), dataset)
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

    @Override
    public void close() {
        database.close();
    }

    /// Removes something that must not be published.
    @FunctionalInterface
    interface Removal {
        /// @return whether something was there
        boolean remove();
    }

    /// Brings something up to date with a state.
    @FunctionalInterface
    interface Exposure {
        void expose(DatasetState now) throws IOException;
    }
}
