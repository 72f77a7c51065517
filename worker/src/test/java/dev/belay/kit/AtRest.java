package dev.belay.kit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.datastore.Commit;
import dev.belay.datastore.CommitKind;
import dev.belay.datastore.DatasetState;
import dev.belay.datastore.DatastoreReader;
import dev.belay.datastore.Presence;
import dev.belay.dictionary.DataDictionary;
import dev.belay.job.DatasetId;
import dev.belay.job.JobFailure;
import dev.belay.journal.Attempt;
import dev.belay.journal.JobRecord;
import dev.belay.journal.JobState;
import dev.belay.journal.JournalReader;
import dev.belay.runtime.Stores;
import dev.belay.runtime.folder.DataFolder;
import dev.belay.stores.StorePlace;
import dev.belay.stores.StorePlaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What must hold of an installation over the real stores, in files or in PostgreSQL, once every job has ended and
/// nothing
/// runs: **the one check after every fault test, whatever it broke**. It looks from outside, at files and tables, and
/// changes nothing.
///
/// ```
/// new AtRest(DataFolder.at(folder)).curated("d", Map.of("code", "Station code")).check();
/// ```
/// - every job has ended, with exactly one terminal event in the outbox; no event id occurs twice
/// - no attempt is open, none is without its one audit row, no dataset is set aside
/// - every dataset is live; its head is its newest version, the versions have no gaps, each job published at most one
/// - the head's file is whole for SQLite, its rows, read again, are as many as the commit and the manifest say and have
///   the digest of both; `current.sqlite`, or the dataset's view, leads to it
/// - the live dictionary can be read, knows the head's columns, and says what people have made it say ([#curated])
/// - no staged object, workspace, copy in the stash, partial, temporary or unknown file or table is left
///
/// That a second recovery changes nothing is for the test to try: [#fingerprint] before and after must be the same.
public final class AtRest {
    private static final int ALL = Integer.MAX_VALUE;

    private final DataFolder folder;
    private final StorePlaces stores;
    private final RawStores raw;
    private final Map<DatasetId, Map<String, String>> titles = new TreeMap<>();
    private final List<String> violations = new ArrayList<>();

    /// Looks at an installation in a folder; both stores must have been made.
    public AtRest(DataFolder folder) {
        this(folder, Stores.places(folder));
    }

    /// Looks at an installation wherever its stores are; both must have been made.
    public AtRest(DataFolder folder, StorePlaces stores) {
        this.folder = folder;
        this.stores = stores;
        this.raw = new RawStores(stores);
    }

    /// What people have named columns of a dataset.
    public AtRest curated(String dataset, Map<String, String> titleOfColumn) {
        titles.put(new DatasetId(dataset), Map.copyOf(titleOfColumn));
        return this;
    }

    /// Fails with all that does not hold.
    public void check() {
        assertThat(violations()).isEmpty();
    }

    /// All that does not hold; empty when everything does.
    public List<String> violations() {
        violations.clear();
        try (JournalReader journal = stores.readJournal().orElseThrow();
                DatastoreReader datastore = stores.readDatastore().orElseThrow()) {
            List<JobRecord> jobs = journal.jobs(ALL);
            lookAtJobs(journal, jobs);
            var known = new HashSet<Path>();
            for (DatasetState state : datastore.datasets()) {
                List<Commit> commits = datastore.commits(state.dataset());
                lookAtVersions(state, commits, jobs);
                state.head().ifPresent(head -> lookAtHead(datastore, head));
                lookAtDictionary(state);
                commits.forEach(commit -> datastore.file(commit).ifPresent(known::add));
            }
            demandNone("staged objects", datastore.stagedObjects());
            lookForLeftovers(known);
        } catch (SQLException | IOException failed) {
            violations.add("it cannot be looked at: " + failed);
        }
        return List.copyOf(violations);
    }

    /// Everything that is decided: the rows of journal and catalog, but for the workers' signs of life, and the names
    /// of all files.
    public List<String> fingerprint() {
        try {
            var lines = new ArrayList<>(raw.dump());
            for (Path place : places()) {
                filesIn(place).forEach(file -> lines.add(file.toString()));
            }
            return lines;
        } catch (SQLException | IOException failed) {
            throw new AssertionError("the installation cannot be read", failed);
        }
    }

    private void lookAtJobs(JournalReader journal, List<JobRecord> jobs) throws SQLException {
        demandNone("open attempts", journal.openAttempts());
        demandNone(
                "jobs that have not ended",
                jobs.stream().filter(job -> !job.state().isTerminal()).toList());
        demandNone("datasets set aside", raw.journal("""
                SELECT dataset || ': ' || set_aside_reason FROM dataset WHERE set_aside_by IS NOT NULL
                """));
        demandNone("attempts without their one audit row", raw.journal("""
                SELECT operation FROM attempt LEFT JOIN audit USING (operation)
                GROUP BY operation HAVING count(kind) <> 1
                """));
        demandNone("events told twice", raw.journal("""
                SELECT event_id FROM outbox GROUP BY event_id HAVING count(*) > 1
                """));
        demandNone("jobs without exactly one terminal event and one last announcement", raw.journal("""
                SELECT job FROM job WHERE 1 <> (SELECT count(*) FROM outbox WHERE outbox.job = job.job
                    AND type IN ('dev.belay.job.completed', 'dev.belay.job.skipped', 'dev.belay.job.failed',
                        'dev.belay.job.cancelled', 'dev.belay.job.superseded'))
                OR 1 <> (SELECT count(*) FROM announcement WHERE announcement.job = job.job AND verdict = 'OVER')
                """));
        for (JobRecord job : jobs) {
            long counted = journal.attempts(job.job()).stream()
                    .filter(Attempt::counted)
                    .count();
            demand(
                    counted == job.attempts(),
                    "%s says it had %d attempts, %d count",
                    job.job(),
                    job.attempts(),
                    counted);
        }
    }

    private void lookAtVersions(DatasetState state, List<Commit> commits, List<JobRecord> jobs) {
        demand(state.presence() == Presence.LIVE, "%s is %s", state.dataset(), state.presence());
        demand(
                state.head().equals(commits.stream().findFirst()),
                "the head of %s is %s, the newest commit %s",
                state.dataset(),
                state.head(),
                commits.stream().findFirst());
        for (int at = 0; at < commits.size(); at++) {
            demand(
                    commits.get(at).version() == commits.size() - at,
                    "%s has a gap at version %d",
                    state.dataset(),
                    commits.get(at).version());
        }
        for (JobRecord job : jobs) {
            if (job.dataset().equals(state.dataset())) {
                long published = commits.stream()
                        .filter(commit -> commit.kind() == CommitKind.PUBLISH
                                && commit.provenance().job().equals(job.job()))
                        .count();
                demand(
                        published == (job.state() == JobState.COMPLETED ? 1 : 0),
                        "%s is %s and has published %d versions",
                        job.job(),
                        job.state(),
                        published);
            }
        }
    }

    private void lookAtHead(DatastoreReader datastore, Commit head) {
        switch (stores.datastore()) {
            case StorePlace.Folder _ -> lookAtHeadsFile(datastore, head);
            case StorePlace.Server server -> lookAtHeadsTable(server, datastore, head);
        }
    }

    private void lookAtHeadsTable(StorePlace.Server server, DatastoreReader datastore, Commit head) {
        try {
            demand(datastore.isIntact(head), "not what its manifest says: %s", head);
            String manifest = raw.catalog("SELECT digest FROM version WHERE commit_id = '" + head.id() + "'")
                    .getFirst();
            violations.addAll(HeadData.violations(raw, manifest, head, datastore.preview(head, ALL)));
            String view = datastore.view(head.dataset()).orElseThrow();
            long seen = Long.parseLong(RawStores.column(server, server.live(), "SELECT count(*) FROM " + view)
                    .getFirst());
            demand(seen == head.rows(), "%s shows %d rows, the head has %d", view, seen, head.rows());
        } catch (SQLException | IOException | RuntimeException failed) {
            violations.add("the head cannot be read: " + failed);
        }
    }

    private void lookAtHeadsFile(DatastoreReader datastore, Commit head) {
        Optional<Path> file = datastore.file(head);
        if (file.isEmpty()) {
            violations.add("the head's file is missing: " + head);
            return;
        }
        try {
            demand(datastore.isIntact(head), "not what its manifest says: %s", file.get());
            demandNone("damage in " + file.get(), Tables.damage(file.get()));
            String manifest = Tables.column(file.get(), "SELECT value FROM _belay WHERE key = 'digest'")
                    .getFirst();
            violations.addAll(HeadData.violations(raw, manifest, head, datastore.preview(head, ALL)));
            Path link = file.get().resolveSibling("current.sqlite");
            demand(Files.exists(link) && Files.isSameFile(link, file.get()), "%s does not lead to the head", link);
        } catch (SQLException | IOException failed) {
            violations.add("the head cannot be read: " + failed);
        }
    }

    private void lookAtDictionary(DatasetState state) {
        try {
            DataDictionary dictionary = DataDictionary.parse(state.dictionary().orElseThrow());
            state.head()
                    .orElseThrow()
                    .columns()
                    .forEach(column -> demand(
                            dictionary.fields().stream()
                                    .anyMatch(field -> field.name().equals(column.name())),
                            "the dictionary of %s has no column %s",
                            state.dataset(),
                            column.name()));
            for (var titled : titles.getOrDefault(state.dataset(), Map.of()).entrySet()) {
                String found = dictionary.field(titled.getKey()).title();
                demand(
                        titled.getValue().equals(found),
                        "column %s of %s is titled \"%s\", not \"%s\" any more",
                        titled.getKey(),
                        state.dataset(),
                        found,
                        titled.getValue());
            }
        } catch (JobFailure | RuntimeException unreadable) {
            violations.add("the dictionary of %s cannot be read: %s".formatted(state.dataset(), unreadable));
        }
    }

    private void lookForLeftovers(Set<Path> known) throws IOException {
        demandNone("workspaces", filesIn(folder.work()));
        demandNone("copies in the stash", filesIn(folder.stash()));
        demandNone("staged files", filesIn(folder.staging()));
        demandNone(
                "files of no version",
                filesIn(folder.datasets()).stream()
                        .filter(file -> !file.endsWith("current.sqlite") && !isHistory(file))
                        .filter(file -> !known.contains(file))
                        .toList());
        Predicate<Path> temporary =
                file -> file.toString().endsWith(".partial") || file.toString().contains("probe-");
        demandNone(
                "temporary files",
                filesBeside(folder.journal()).filter(temporary).toList());
        demandNone(
                "temporary files",
                filesBeside(folder.catalog()).filter(temporary).toList());
        lookForLeftTables();
    }

    private void lookForLeftTables() throws IOException {
        try {
            if (stores.journal() instanceof StorePlace.Server server) {
                demandNone(
                        "copies in the stash",
                        RawStores.column(server, server.stem() + "_stash", "SELECT operation FROM copy"));
            }
            if (stores.datastore() instanceof StorePlace.Server server) {
                demandNone("staged tables", RawStores.relations(server, server.stem() + "_staging"));
                List<String> versions = raw.catalog("SELECT commit_id FROM version");
                demandNone(
                        "tables of no version",
                        RawStores.relations(server, server.stem() + "_versions").stream()
                                .filter(table -> versions.stream().noneMatch(table::endsWith))
                                .toList());
            }
        } catch (SQLException failed) {
            throw new IOException(failed);
        }
    }

    /// The log, and what repairs have kept of it.
    private static boolean isHistory(Path file) {
        return file.getFileName().toString().matches("history\\.log(\\.replaced-[0-9A-Z]{26})?");
    }

    private List<Path> places() {
        return List.of(folder.work(), folder.stash(), folder.staging(), folder.datasets());
    }

    private static Stream<Path> filesBeside(Path file) throws IOException {
        try (Stream<Path> files = Files.list(file.resolveSibling(""))) {
            return files.toList().stream();
        }
    }

    /// Files and links below a folder, and folders of attempts, which are not there either; none if it is missing.
    private static List<Path> filesIn(Path place) throws IOException {
        try (Stream<Path> files = Files.walk(place)) {
            return files.filter(file -> !Files.isDirectory(file)).sorted().toList();
        } catch (NoSuchFileException missing) {
            return List.of();
        }
    }

    // What the check wants comes with a library that no test needs else.
    @SuppressWarnings("AnnotateFormatMethod")
    private void demand(boolean holds, String otherwise, Object... about) {
        if (!holds) {
            violations.add(otherwise.formatted(about));
        }
    }

    private void demandNone(String what, Collection<?> found) {
        if (!found.isEmpty()) {
            violations.add(what + ": " + found);
        }
    }
}
