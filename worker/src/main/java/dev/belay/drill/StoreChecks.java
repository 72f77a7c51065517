package dev.belay.drill;

import dev.belay.datastore.Commit;
import dev.belay.datastore.CommitKind;
import dev.belay.datastore.Datastore;
import dev.belay.job.DatasetId;
import dev.belay.journal.JournalReader;
import dev.belay.schemas.Outcome;
import dev.belay.schemas.Receipt;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What lies on the disk, compared with what was announced and with the sources. For one thread.
final class StoreChecks {
    private final Datastore datastore;
    private final Optional<DrillServer> server;
    private final Map<String, Work> works;
    private final EventChecks events;
    private final Looks looks;
    private final Tally half = new Tally();
    private final Tally told = new Tally();
    private final Tally lying = new Tally();
    private long versions;
    private long rows;

    /// @param server where the tables are, if they are no files
    /// @param looks what readers saw, judged here version by version
    StoreChecks(
            Datastore datastore,
            Optional<DrillServer> server,
            Map<String, Work> works,
            EventChecks events,
            Looks looks) {
        this.server = server;
        this.datastore = datastore;
        this.works = works;
        this.events = events;
        this.looks = looks;
    }

    /// Every version that was ever published is what its sources say, and was announced as it is.
    Property versions(int datasets) {
        var published = datastore.datasets();
        told.check(published.size() == datasets, "%d datasets are published".formatted(published.size()));
        Set<String> completed = new HashSet<>();
        published.forEach(state -> versionsOf(state.dataset(), completed));
        for (String job : events.ended(Outcome.COMPLETED)) {
            told.check(completed.contains(job), "job %s has completed, and no version is its".formatted(job));
        }
        looks.judgeTheRest();
        return new Property(
                "versions",
                "datasets=%d versions=%d rows=%d half=%d misreported=%d"
                        .formatted(published.size(), versions, rows, half.count(), told.count()),
                Collections.unmodifiableList(both()));
    }

    private List<String> both() {
        var all = new ArrayList<>(half.told());
        all.addAll(told.told());
        return all;
    }

    private void versionsOf(DatasetId dataset, Set<String> completed) {
        List<Commit> commits = datastore.commits(dataset).reversed();
        var replay = new Replay(works);
        for (int at = 0; at < commits.size(); at++) {
            Commit commit = commits.get(at);
            told.check(
                    commit.version() == at + 1,
                    "%s has version %d as its %dth".formatted(dataset, commit.version(), at + 1));
            if (commit.kind() == CommitKind.PUBLISH) {
                asAnnounced(commit, completed);
            }
            List<String> expected;
            try {
                expected = replay.after(commit);
            } catch (Breach unknown) {
                told.add(String.valueOf(unknown.getMessage()));
                continue;
            }
            versions++;
            rows += expected.size();
            looks.judge(dataset.value(), commit.version(), Seen.rows(expected));
            half.check(
                    commit.rows() == expected.size(),
                    "%s says %d rows, its sources %d".formatted(name(commit), commit.rows(), expected.size()));
            boolean kept = holds(commit, expected);
            boolean head = at == commits.size() - 1;
            half.check(kept || (!head && Load.isInPlace(dataset.value())), name(commit) + " has lost its data");
            half.check(
                    !head
                            || datastore
                                    .state(dataset)
                                    .head()
                                    .filter(commit::equals)
                                    .isPresent(),
                    name(commit) + " is the last and not the head");
        }
    }

    private void asAnnounced(Commit commit, Set<String> completed) {
        String job = commit.provenance().job().value();
        told.check(completed.add(job), "job %s was published twice".formatted(job));
        Optional<Receipt> receipt = events.receipt(job);
        if (receipt.isPresent()) {
            Long version = receipt.get().version();
            told.check(
                    receipt.get().outcome() == Outcome.COMPLETED
                            && version != null
                            && version == commit.version()
                            && receipt.get().rows() == commit.rows(),
                    "%s with %d rows was announced as %s".formatted(name(commit), commit.rows(), receipt.get()));
        }
    }

    /// @return whether its data are there
    private boolean holds(Commit commit, List<String> expected) {
        if (server.isEmpty()) {
            Optional<Path> file = datastore.file(commit);
            file.ifPresent(there -> holds(commit, there, expected));
            return file.isPresent();
        }
        if (!datastore.isIntact(commit)) {
            return false;
        }
        var there = new ArrayList<String>();
        for (List<@Nullable Object> row : datastore.preview(commit, Integer.MAX_VALUE)) {
            there.add(row.stream().map(String::valueOf).collect(Collectors.joining(",")));
        }
        half.check(same(there, expected), "%s does not hold what its sources say".formatted(name(commit)));
        return true;
    }

    private static boolean same(List<String> there, List<String> expected) {
        var wanted = new ArrayList<>(expected);
        Collections.sort(there);
        Collections.sort(wanted);
        return there.equals(wanted);
    }

    private void holds(Commit commit, Path file, List<String> expected) {
        half.check(datastore.isIntact(commit), name(commit) + " is not what its manifest says");
        try (var connection = DriverManager.getConnection("jdbc:sqlite:file:" + file + "?mode=ro&immutable=1");
                var statement = connection.createStatement()) {
            try (var check = statement.executeQuery("PRAGMA integrity_check")) {
                half.check(check.next() && "ok".equals(check.getString(1)), file + " is damaged");
            }
            var there = new ArrayList<String>();
            try (var results = statement.executeQuery(
                    "SELECT id || ',' || code || ',' || name || ',' || amount || ',' || job FROM \"" + commit.dataset()
                            + "\"")) {
                while (results.next()) {
                    there.add(String.valueOf(results.getString(1)));
                }
            }
            half.check(
                    same(there, expected), "%s (%s) does not hold what its sources say".formatted(name(commit), file));
        } catch (SQLException failed) {
            half.add("%s cannot be read: %s".formatted(file, failed));
        }
    }

    long half() {
        return half.count();
    }

    long orphaned() {
        return lying.count();
    }

    /// What people wrote is there.
    Property dictionaries(Site site) {
        var breaches = new Tally();
        var published = datastore.datasets();
        published.forEach(state -> breaches.check(
                site.isCurated(datastore, state.dataset().value(), Content.CURATED),
                "the dictionary of %s is not the curated one".formatted(state.dataset())));
        return new Property(
                "dictionaries", "curated=%d lost=%d".formatted(published.size(), breaches.count()), breaches.told());
    }

    /// Everything that was begun has ended, and was written down once.
    static Property journal(JournalReader journal, Map<String, Work> works) {
        var breaches = new Tally();
        journal.openAttempts()
                .forEach(open -> breaches.add(
                        "attempt %d of job %s (%s) is open".formatted(open.number(), open.job(), open.operation())));
        journal.badlyAudited()
                .forEach(
                        operation -> breaches.add("the attempt %s has not exactly one audit row".formatted(operation)));
        works.values().stream()
                .map(work -> new DatasetId(work.message().dataset()))
                .distinct()
                .forEach(dataset -> journal.quarantine(dataset)
                        .ifPresent(aside -> breaches.add("%s is set aside: %s".formatted(dataset, aside))));
        return new Property(
                "journal",
                "attempts=%d open=%d"
                        .formatted(
                                journal.attemptCount(), journal.openAttempts().size()),
                breaches.told());
    }

    /// No file that no commit names, nothing in private folders, nothing half-written anywhere.
    Property orphans(Site site) {
        site.leftLying(datastore).forEach(lying::add);
        return new Property("orphans", "left behind=" + lying.count(), lying.told());
    }

    private static String name(Commit commit) {
        return "version %d of %s".formatted(commit.version(), commit.dataset());
    }
}
