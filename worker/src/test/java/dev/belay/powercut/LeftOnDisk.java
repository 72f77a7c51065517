package dev.belay.powercut;

import dev.belay.datastore.Commit;
import dev.belay.datastore.CommitKind;
import dev.belay.datastore.DatasetState;
import dev.belay.dictionary.DataDictionary;
import dev.belay.dictionary.StashReading;
import dev.belay.job.DatasetId;
import dev.belay.job.JobFailure;
import dev.belay.job.JobId;
import dev.belay.runtime.Stores;
import dev.belay.schemas.Outcome;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;

/// Looks at what a power cut has left, and says what is wrong with it, in words; an empty list is good.
///
/// @param seed of the script
record LeftOnDisk(Stores stores, long seed, Acknowledged acknowledged) {
    /// What must hold at once, before anything is recovered: what was announced is there, what is published is
    /// whole, the stash is complete or absent, no curated word is lost.
    List<String> losses() {
        var losses = new ArrayList<String>(acknowledged.contradictions());
        acknowledged.ends().forEach(end -> isKept(end, losses));
        stores.datastore().datasets().forEach(state -> isWhole(state, losses));
        for (StashReading reading : stores.stash().list()) {
            if (reading instanceof StashReading.Corrupt corrupt) {
                losses.add("the stash is neither complete nor absent: " + corrupt);
            }
        }
        acknowledged.titles().forEach((dataset, number) -> isTitled(dataset, number, losses));
        return losses;
    }

    /// What must hold in addition once everything left open is resolved.
    List<String> leftovers() {
        var left = new ArrayList<String>();
        stores.journal().openAttempts().forEach(attempt -> left.add("still open: " + attempt));
        stores.datastore().stagedObjects().forEach(staged -> left.add("still staged: " + staged));
        stores.stash().list().forEach(copy -> left.add("still in the stash: " + copy));
        for (DatasetState state : stores.datastore().datasets()) {
            stores.journal().quarantine(state.dataset()).ifPresent(aside -> left.add("set aside: " + aside));
        }
        return left;
    }

    private void isKept(Acknowledged.End end, List<String> losses) {
        var job = stores.journal().job(new JobId(end.job()));
        String state =
                job.map(known -> known.state().name().toLowerCase(Locale.ROOT)).orElse("unknown");
        String announced = end.outcome().name().toLowerCase(Locale.ROOT);
        if (!state.equals(announced)) {
            losses.add("%s, and the journal says %s".formatted(end, state));
        }
        if (end.outcome() == Outcome.COMPLETED) {
            var dataset = new DatasetId(ScriptedJob.of(seed, end.job()).dataset());
            boolean published = stores.datastore().commits(dataset).stream()
                    .anyMatch(commit -> commit.kind() == CommitKind.PUBLISH
                            && commit.provenance().job().value().equals(end.job())
                            && Integer.toString(commit.version()).equals(end.version()));
            if (!published) {
                losses.add(end + ", and the catalog has no such version");
            }
        }
    }

    private void isWhole(DatasetState state, List<String> losses) {
        List<Commit> commits = stores.datastore().commits(state.dataset()).reversed();
        var jobs = new HashSet<JobId>();
        List<String> rows = List.of();
        for (int at = 0; at < commits.size(); at++) {
            Commit commit = commits.get(at);
            JobId job = commit.provenance().job();
            boolean publishes = commit.kind() == CommitKind.PUBLISH;
            if (commit.version() != at + 1 || (publishes && !jobs.add(job))) {
                losses.add("the history of %s is not one at %s".formatted(state.dataset(), commit.id()));
            }
            rows = publishes ? ScriptedJob.of(seed, job.value()).after(rows) : List.of();
            var file = stores.datastore().file(commit);
            if (file.isPresent()) {
                holds(commit, file.get(), rows, losses);
            } else if (state.head().isPresent() && at == commits.size() - 1) {
                // In place, there is no head between delete and publish.
                losses.add("the head of %s has no file: %s".formatted(state.dataset(), commit.id()));
            }
        }
    }

    private void holds(Commit commit, Path file, List<String> expected, List<String> losses) {
        if (!stores.datastore().isIntact(commit)) {
            losses.add("%s is not intact".formatted(file));
            return;
        }
        try (var connection = DriverManager.getConnection("jdbc:sqlite:file:" + file + "?mode=ro&immutable=1");
                var statement = connection.createStatement()) {
            try (var check = statement.executeQuery("PRAGMA integrity_check")) {
                if (!check.next() || !check.getString(1).equals("ok")) {
                    losses.add("%s is damaged: %s".formatted(file, check.getString(1)));
                }
            }
            var rows = new ArrayList<String>();
            try (var results = statement.executeQuery(
                    "SELECT id || ',' || job || ',' || amount || ',' || name FROM \"" + commit.dataset() + '"')) {
                while (results.next()) {
                    rows.add(results.getString(1));
                }
            }
            var wanted = new ArrayList<>(expected);
            Collections.sort(rows);
            Collections.sort(wanted);
            if (!rows.equals(wanted)) {
                losses.add("%s holds %d rows that are not the %d of its sources"
                        .formatted(file, rows.size(), wanted.size()));
            }
        } catch (SQLException unreadable) {
            losses.add("%s cannot be read: %s".formatted(file, unreadable));
        }
    }

    private void isTitled(String dataset, int number, List<String> losses) {
        // In place, the dictionary may be in the stash while there is no live one.
        var live = stores.datastore().state(new DatasetId(dataset)).dictionary();
        var kept = live.isPresent()
                ? live
                : stores.stash().read(new DatasetId(dataset)).stream()
                        .filter(StashReading.Held.class::isInstance)
                        .map(held -> ((StashReading.Held) held).entry().dictionary())
                        .findFirst();
        try {
            String title = kept.isEmpty()
                    ? "absent"
                    : DataDictionary.parse(kept.get()).field("name").title();
            if (!title.startsWith("Title ") || Integer.parseInt(title.substring(6)) < number) {
                losses.add("the title of %s is \"%s\", and \"Title %d\" was kept".formatted(dataset, title, number));
            }
        } catch (JobFailure unreadable) {
            losses.add("the dictionary of %s cannot be read: %s".formatted(dataset, unreadable));
        }
    }
}
