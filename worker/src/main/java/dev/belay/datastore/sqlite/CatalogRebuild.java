package dev.belay.datastore.sqlite;

import dev.belay.datastore.DatasetState;
import dev.belay.datastore.DatastoreReader;
import dev.belay.datastore.Presence;
import dev.belay.datastore.Publication;
import dev.belay.disk.DurableFiles;
import dev.belay.disk.StorageFailures;
import dev.belay.fault.FaultPoint;
import dev.belay.job.CommitId;
import dev.belay.job.DatasetId;
import dev.belay.job.DictionaryDocument;
import dev.belay.job.IdSource;
import dev.belay.job.Unavailable;
import dev.belay.sql.Session;
import dev.belay.sql.SqliteDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Makes a catalog that was lost, damaged or set back from what stands beside it: the [HistoryLog] of each dataset,
/// the version files, and what the journal says was published.
///
/// A dataset is what the [LastWord] of its log says. What the log lacks is taken from the plans in the journal. Nothing
/// else is guessed.
public final class CatalogRebuild {
    private final Path folder;
    private final VersionFiles files;
    private final HistoryLog history;
    private final JournalWord journal;
    private final LastWord lastWord;

    /// @param folder  the datastore's folder
    /// @param journal what the journal knows
    public CatalogRebuild(Path folder, JournalWord journal) {
        this.folder = folder.toAbsolutePath().normalize();
        this.files = new VersionFiles(folder);
        this.history = new HistoryLog(files);
        this.journal = journal;
        this.lastWord = new LastWord(files, journal);
    }

    /// A dataset as it comes back.
    public static final class Restored {
        private final DatasetId dataset;
        private final Map<String, Optional<String>> row;
        private final List<Map<String, Optional<String>>> commits;
        private final List<String> notes;

        private Restored(
                DatasetId dataset,
                Map<String, Optional<String>> row,
                List<Map<String, Optional<String>>> commits,
                List<String> notes) {
            this.dataset = dataset;
            this.row = row;
            this.commits = List.copyOf(commits);
            this.notes = List.copyOf(notes);
        }

        /// Whose row it is.
        public DatasetId dataset() {
            return dataset;
        }

        /// The version that will be served; empty when none is.
        public Optional<Integer> head() {
            Optional<String> head = text(row, "head");
            return commits.stream()
                    .filter(commit -> text(commit, "id").equals(head))
                    .map(CatalogRebuild::version)
                    .findFirst();
        }

        /// How many versions its history names.
        public int versions() {
            return commits.size();
        }

        /// What could not be brought back, or has no single answer, in words.
        public List<String> notes() {
            return notes;
        }
    }

    /// Every dataset that can be told from what is there, changing nothing.
    public List<Restored> read() {
        var all = new ArrayList<Restored>();
        for (DatasetId dataset : files.datasets()) {
            read(dataset).ifPresent(all::add);
        }
        return all;
    }

    /// Version files of datasets that neither a log nor the journal knows: kept, and never published by guess.
    public List<String> unknownFiles(List<Restored> known) {
        List<String> named = known.stream()
                .flatMap(restored -> restored.commits.stream()
                        .map(commit ->
                                restored.dataset + "/" + version(commit) + "-" + needed(commit, "id") + ".sqlite"))
                .toList();
        var unknown = new ArrayList<String>();
        for (DatasetId dataset : files.datasets()) {
            for (Path file : files.moved(dataset)) {
                String name = String.valueOf(file.getFileName());
                boolean open = VersionName.read(dataset, name)
                        .filter(version -> journal.of(version.commit()) == JournalWord.Word.OPEN)
                        .isPresent();
                if (VersionName.read(dataset, name).isPresent() && !named.contains(dataset + "/" + name) && !open) {
                    unknown.add(files.relative(file));
                }
            }
        }
        return unknown;
    }

    /// Whether anything was ever published in this folder, as far as files tell.
    public boolean hasPublished() {
        return files.datasets().stream()
                .flatMap(dataset -> files.moved(dataset).stream()
                        .map(file -> String.valueOf(file.getFileName()))
                        .filter(name -> name.equals(HistoryLog.NAME)
                                || VersionName.read(dataset, name).isPresent()))
                .findAny()
                .isPresent();
    }

    private Optional<Restored> read(DatasetId dataset) {
        List<HistoryLog.Line> lines = history.read(dataset);
        var commits = new TreeMap<Integer, Map<String, Optional<String>>>();
        lines.forEach(line -> line.commit().ifPresent(commit -> commits.put(version(commit), commit)));
        var notes = new ArrayList<String>();
        Optional<Map<String, Optional<String>>> row = lastWord.of(dataset, lines, notes);
        int next = row.map(CatalogRebuild::nextVersion).orElse(1);
        commits.tailMap(next, true).clear();
        boolean whole = !lines.isEmpty() && commits.size() == next - 1 && !hasNewerFile(dataset, next);
        for (Publication planned : whole ? List.<Publication>of() : journal.published(dataset)) {
            int version = planned.staging().version();
            commits.putIfAbsent(version, CommitRows.row(planned));
            if (version >= next) {
                row = Optional.of(rowAfter(planned));
                next = version + 1;
            }
        }
        if (row.isEmpty()) {
            return Optional.empty();
        }
        if (lines.isEmpty()) {
            notes.add("its dictionary is the one of the last load: what people wrote since then is not known");
        }
        if (commits.size() < next - 1) {
            notes.add("of %d versions %d are known".formatted(next - 1, commits.size()));
        }
        return Optional.of(new Restored(dataset, row.get(), List.copyOf(commits.values()), notes));
    }

    private boolean hasNewerFile(DatasetId dataset, int next) {
        return files.moved(dataset).stream()
                .flatMap(file -> VersionName.read(dataset, String.valueOf(file.getFileName())).stream())
                .anyMatch(name -> name.version() >= next);
    }

    /// Datasets of a catalog that is there, but lacks what its log and the journal say was published: it was set back,
    /// as by a lost or torn `catalog.db-wal`. True also while others publish.
    public List<DatasetId> behind(DatastoreReader catalog) {
        return files.datasets().stream()
                .filter(dataset -> isBehind(dataset, catalog))
                .toList();
    }

    private boolean isBehind(DatasetId dataset, DatastoreReader catalog) {
        int before = catalog.state(dataset).nextVersion();
        int published = history.read(dataset).stream()
                .flatMap(line -> line.commit().stream())
                .filter(commit -> version(commit) >= before)
                .filter(commit -> journal.of(name(dataset, commit).commit()) == JournalWord.Word.PUBLISHED)
                .mapToInt(CatalogRebuild::version)
                .max()
                .orElse(0);
        // Asked once more: what was published since the first question is in the catalog by now.
        return published >= before && published >= catalog.state(dataset).nextVersion();
    }

    /// Datasets whose log does not end with what the catalog says, apart from [#lostEdits].
    public List<DatasetId> staleLogs(DatastoreReader catalog) {
        Map<DatasetId, DictionaryDocument> edits = lostEdits(catalog);
        return catalog.datasets().stream()
                .filter(state -> lastRow(state.dataset())
                        .filter(row ->
                                nextVersion(row) == state.nextVersion() && revision(row) == state.dictionaryRevision())
                        .isEmpty())
                .map(DatasetState::dataset)
                .filter(dataset -> !edits.containsKey(dataset))
                .toList();
    }

    /// What people wrote last into a dictionary and the catalog does not have: the end of its write-ahead log was lost,
    /// or whoever wrote it was killed before it was told.
    public Map<DatasetId, DictionaryDocument> lostEdits(DatastoreReader catalog) {
        var edits = new LinkedHashMap<DatasetId, DictionaryDocument>();
        for (DatasetState state : catalog.datasets()) {
            lastRow(state.dataset())
                    .filter(row -> nextVersion(row) == state.nextVersion()
                            && state.presence() == Presence.LIVE
                            && needed(row, "presence").equals("LIVE")
                            && revision(row) > state.dictionaryRevision())
                    .ifPresent(row -> edits.put(state.dataset(), new DictionaryDocument(needed(row, "dictionary"))));
        }
        return edits;
    }

    private Optional<Map<String, Optional<String>>> lastRow(DatasetId dataset) {
        return history.read(dataset).stream().reduce((first, second) -> second).flatMap(HistoryLog.Line::dataset);
    }

    /// Puts a catalog with these datasets in place. What was there is kept beside it under another name; so is
    /// each log that is written anew. Killed anywhere there is the old catalog, or none, or the new one; done
    /// again it ends the same way.
    public void replace(List<Restored> datasets, IdSource ids) {
        Path catalog = folder.resolve(SqliteDatastore.CATALOG);
        Path rebuilt = folder.resolve(SqliteDatastore.CATALOG + ".rebuilt");
        guarded(() -> {
            for (String part : List.of("", "-wal", "-shm")) {
                Files.deleteIfExists(folder.resolve(rebuilt.getFileName() + part));
            }
        });
        String suffix = ".replaced-" + ids.next();
        try (SqliteDatabase database = SqliteDatabase.open(rebuilt, CatalogSchema.MIGRATIONS)) {
            for (Restored restored : datasets) {
                history.keep(restored.dataset, suffix);
                database.write(FaultPoint.REPAIR_CATALOG, session -> {
                    insert(session, restored);
                    history.rewrite(session, restored.dataset);
                    return true;
                });
            }
        }
        String aside = SqliteDatastore.CATALOG + suffix;
        guarded(() -> {
            DurableFiles.fsync(rebuilt);
            // Never the new one beside the old one's write-ahead log.
            for (String part : List.of("", "-wal", "-shm")) {
                Path old = folder.resolve(SqliteDatastore.CATALOG + part);
                if (Files.exists(old)) {
                    DurableFiles.move(old, folder.resolve(aside + part));
                }
            }
            DurableFiles.move(rebuilt, catalog);
        });
    }

    private void insert(Session session, Restored restored) throws SQLException {
        long fence = Math.max(
                Long.parseLong(needed(restored.row, "fence")),
                journal.epoch(restored.dataset).value());
        session.updateOne("""
                INSERT INTO dataset (id, presence, dictionary_revision, fence, next_version)
                VALUES (?, 'UNKNOWN', 0, ?, 1)
                """, restored.dataset, fence);
        for (Map<String, Optional<String>> commit : restored.commits) {
            boolean orphan = restored.commits.stream()
                    .noneMatch(other -> text(other, "id").equals(text(commit, "parent")));
            var row = new LinkedHashMap<>(commit);
            if (orphan) {
                row.put("parent", Optional.empty());
            }
            CommitRows.insert(session, row);
        }
        session.updateOne(
                """
                UPDATE dataset SET presence = ?, incarnation = ?, head = ?, dictionary = ?, dictionary_revision = ?,
                  emptied_by = ?, next_version = ?
                WHERE id = ?
                """,
                text(restored.row, "presence"),
                text(restored.row, "incarnation"),
                text(restored.row, "head"),
                text(restored.row, "dictionary"),
                text(restored.row, "dictionary_revision"),
                text(restored.row, "emptied_by"),
                text(restored.row, "next_version"),
                restored.dataset);
    }

    private static Map<String, Optional<String>> rowAfter(Publication planned) {
        var row = new LinkedHashMap<String, Optional<String>>();
        row.put("presence", Optional.of("LIVE"));
        row.put("incarnation", Optional.of(planned.incarnation().value()));
        row.put("head", Optional.of(planned.staging().commit().value()));
        row.put("dictionary", Optional.of(planned.dictionary().json()));
        row.put("dictionary_revision", Optional.of(Long.toString(planned.dictionaryRevision() + 1)));
        row.put("emptied_by", Optional.empty());
        row.put("fence", Optional.of(Long.toString(planned.epoch().value())));
        row.put("next_version", Optional.of(Integer.toString(planned.staging().version() + 1)));
        return row;
    }

    static Optional<String> text(Map<String, Optional<String>> row, String column) {
        return row.getOrDefault(column, Optional.empty());
    }

    static String needed(Map<String, Optional<String>> row, String column) {
        return text(row, column).orElseThrow();
    }

    private static long revision(Map<String, Optional<String>> row) {
        return Long.parseLong(needed(row, "dictionary_revision"));
    }

    static VersionName name(DatasetId dataset, Map<String, Optional<String>> commit) {
        return new VersionName(dataset, version(commit), new CommitId(needed(commit, "id")));
    }

    static int version(Map<String, Optional<String>> commit) {
        return Integer.parseInt(needed(commit, "version"));
    }

    static int nextVersion(Map<String, Optional<String>> row) {
        return Integer.parseInt(needed(row, "next_version"));
    }

    private void guarded(Moves work) {
        try {
            work.run();
        } catch (IOException failed) {
            throw new Unavailable(StorageFailures.of(failed, folder), failed);
        }
    }

    /// File operations.
    @FunctionalInterface
    private interface Moves {
        void run() throws IOException;
    }
}
