package dev.belay.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.datastore.Commit;
import dev.belay.datastore.CommitKind;
import dev.belay.datastore.Datastore;
import dev.belay.endtoend.EventLog.Heard;
import dev.belay.job.DatasetId;
import dev.belay.job.OperationId;
import dev.belay.schemas.DeadLetter;
import dev.belay.schemas.EventData;
import dev.belay.schemas.EventType;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.Outcome;
import dev.belay.schemas.Receipt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
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
import java.util.stream.Stream;

/// What must hold after everything has ended, looked at from outside: by events, dead letters and files.
final class Promises {
    private static final Set<EventType> NOTICES =
            Set.of(EventType.JOB_ACCEPTED, EventType.JOB_STAGE, EventType.JOB_PROGRESS);

    private final Installation installation;
    private final EventLog events;
    private final Map<String, Work> works;

    /// @param works by job id
    Promises(Installation installation, EventLog events, Map<String, Work> works) {
        this.installation = installation;
        this.events = events;
        this.works = works;
    }

    void check() throws Exception {
        events.toEnd();
        everyJobHasEndedOnceAsItMay();
        nothingIsSaidOfAJobAfterItsEnd();
        rollBacksAreWellFormed();
        failedJobsHaveOneDeadLetter();
        installation.datastore(datastore -> {
            datastore.datasets().forEach(state -> versionsAreWhole(datastore, state.dataset()));
            assertThat(datastore.stagedObjects()).isEmpty();
            return assertThat(datastore.datasets()).hasSize(Workload.DATASETS);
        });
        for (int dataset = 0; dataset < Workload.DATASETS; dataset++) {
            installation.assertCurated(Workload.dataset(dataset), "name", "amount", "code");
        }
        assertThat(installation.<List<?>>journal(journal -> journal.openAttempts()))
                .isEmpty();
        nothingIsLeftLying(installation);
    }

    /// One line of what was seen; all its zeros are checked by then.
    String summary(int kills) {
        long crashes = rolledBack()
                .filter(data -> data.failure().code().equals("WORKER_CRASHED"))
                .count();
        long recovered = events.all().stream()
                .filter(heard -> heard.type() == EventType.JOB_RECOVERED)
                .count();
        Map<Outcome, Long> outcomes = events.terminal().stream()
                .collect(Collectors.groupingBy(heard -> receipt(heard).outcome(), Collectors.counting()));
        return """
                jobs=%d kills=%d lost=0 duplicated=0 half=0 dictionaries=ok orphans=0 \
                recovered=%d crashed=%d rolled-back=%d outcomes=%s\
                """.formatted(
                        works.size(), kills, recovered, crashes, rolledBack().count(), outcomes);
    }

    private void everyJobHasEndedOnceAsItMay() {
        Map<String, List<Heard>> ends = events.terminal().stream().collect(Collectors.groupingBy(Heard::job));
        assertThat(ends.keySet()).isEqualTo(works.keySet());
        ends.forEach((job, heard) -> {
            assertThat(heard).as("ends of %s", job).hasSize(1);
            Receipt receipt = receipt(heard.getFirst());
            Work work = work(job);
            assertThat(work.allowed()).as("%s: %s", work, receipt).contains(receipt.outcome());
            if (receipt.outcome() == Outcome.SKIPPED
                    && work.message().source() instanceof JobMessage.Source.Version asked) {
                assertThat(receipt.version()).as("what %s found served", job).isEqualTo(asked.version());
            }
            var failure = receipt.failure();
            if (failure != null && !failure.code().equals("WORKER_CRASHED")) {
                assertThat(work.codes()).as("%s: %s", work, failure).contains(failure.code());
            } else if (failure != null) {
                assertThat(receipt.attempts()).isEqualTo(work.message().retry().maxAttempts());
            }
        });
    }

    private void nothingIsSaidOfAJobAfterItsEnd() {
        var decided = events.all().stream()
                .filter(heard -> !NOTICES.contains(heard.type()))
                .toList();
        assertThat(decided).extracting(heard -> heard.event().id()).doesNotHaveDuplicates();
        decided.stream().collect(Collectors.groupingBy(Heard::job)).forEach((job, heard) -> {
            assertThat(heard)
                    .extracting(Heard::partition)
                    .as("partitions of %s", job)
                    .containsOnly(heard.getFirst().partition());
            assertThat(heard.getLast().isTerminal())
                    .as("%s ends with %s", job, heard.getLast())
                    .isTrue();
        });
    }

    private void rollBacksAreWellFormed() {
        rolledBack().forEach(data -> {
            assertThat(OperationId.isValid(data.operationId())).isTrue();
            assertThat(data.attempt()).isPositive();
            assertThat(data.failure().code()).isNotBlank();
            assertThat(data.failure().message()).isNotBlank();
            assertThat(data.compensations())
                    .as("%s", data)
                    .allMatch(one -> one.result() != EventData.Compensation.Result.FAILED);
        });
    }

    private Stream<EventData.RolledBack> rolledBack() {
        return events.all().stream()
                .map(heard -> heard.event().data())
                .filter(EventData.RolledBack.class::isInstance)
                .map(EventData.RolledBack.class::cast);
    }

    private void failedJobsHaveOneDeadLetter() throws Exception {
        List<String> failed = events.terminal().stream()
                .filter(heard -> receipt(heard).outcome() == Outcome.FAILED)
                .map(Heard::job)
                .toList();
        assertThat(installation.deadLetters())
                .extracting(DeadLetter::jobId)
                .containsExactlyInAnyOrderElementsOf(failed);
    }

    private void versionsAreWhole(Datastore datastore, DatasetId dataset) {
        List<Commit> commits = datastore.commits(dataset).reversed();
        var replay = new Replay(works);
        Set<String> completed = new HashSet<>();
        for (int at = 0; at < commits.size(); at++) {
            Commit commit = commits.get(at);
            assertThat(commit.version()).isEqualTo(at + 1);
            if (commit.kind() == CommitKind.PUBLISH) {
                String job = commit.provenance().job().value();
                assertThat(completed.add(job)).as("%s published twice", job).isTrue();
                Receipt receipt = receipt(events.terminalOf(job).getFirst());
                assertThat(receipt.outcome()).isEqualTo(Outcome.COMPLETED);
                assertThat(receipt.version()).isEqualTo(commit.version());
                assertThat(receipt.rows()).isEqualTo(commit.rows());
            }
            List<String> expected = replay.after(commit);
            assertThat(commit.rows()).as("%s", commit).isEqualTo(expected.size());
            Optional<Path> file = datastore.file(commit);
            file.ifPresent(there -> holds(datastore, commit, there, expected));
            if (at == commits.size() - 1) {
                assertThat(file).as("the head of %s", dataset).isPresent();
                assertThat(datastore.state(dataset).head()).contains(commit);
            }
        }
        assertThat(completed).isEqualTo(completedJobs(dataset));
    }

    private Set<String> completedJobs(DatasetId dataset) {
        return events.terminal().stream()
                .filter(heard -> receipt(heard).outcome() == Outcome.COMPLETED)
                .filter(heard -> dataset.value().equals(receipt(heard).dataset()))
                .map(Heard::job)
                .collect(Collectors.toSet());
    }

    private static void holds(Datastore datastore, Commit commit, Path file, List<String> expected) {
        assertThat(datastore.isIntact(commit)).as("%s is intact", file).isTrue();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:file:" + file + "?mode=ro&immutable=1");
                var statement = connection.createStatement()) {
            try (var check = statement.executeQuery("PRAGMA integrity_check")) {
                assertThat(check.next()).isTrue();
                assertThat(check.getString(1)).isEqualTo("ok");
            }
            var rows = new ArrayList<String>();
            try (var results = statement.executeQuery("SELECT id || ',' || code || ',' || name || ',' || amount FROM \""
                    + commit.dataset() + "\" ORDER BY _id")) {
                while (results.next()) {
                    rows.add(results.getString(1));
                }
            }
            var wanted = new ArrayList<>(expected);
            Collections.sort(rows);
            Collections.sort(wanted);
            assertThat(rows.equals(wanted))
                    .as("%s holds what its sources say", file)
                    .isTrue();
        } catch (SQLException failed) {
            throw new AssertionError(file + " cannot be read", failed);
        }
    }

    /// No file that no commit names, nothing in private folders, nothing half-written anywhere.
    static void nothingIsLeftLying(Installation installation) {
        assertThat(files(installation.data().work())).as("work").isEmpty();
        assertThat(files(installation.data().stash())).as("stash").isEmpty();
        assertThat(files(installation.data().staging())).as("staging").isEmpty();
        Set<Path> known = installation.datastore(datastore -> datastore.datasets().stream()
                .flatMap(state -> datastore.commits(state.dataset()).stream())
                .flatMap(commit -> datastore.file(commit).stream())
                .collect(Collectors.toSet()));
        assertThat(files(installation.data().datasets()))
                .filteredOn(file -> !file.endsWith("current.sqlite"))
                .as("datasets")
                .allMatch(known::contains);
        assertThat(files(installation.data().root()))
                .as("data folder")
                .extracting(file -> String.valueOf(file.getFileName()))
                .noneMatch(name -> name.endsWith(".partial") || name.contains("probe"));
    }

    private static List<Path> files(Path folder) {
        try (var files = Files.walk(folder)) {
            return files.filter(file -> !Files.isDirectory(file)).toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Work work(String job) {
        Work work = works.get(job);
        if (work == null) {
            throw new AssertionError("no job " + job + " was sent");
        }
        return work;
    }

    private static Receipt receipt(Heard terminal) {
        return (Receipt) terminal.event().data();
    }
}
