package dev.belay.cli;

import dev.belay.datastore.DatasetState;
import dev.belay.datastore.DatastoreReader;
import dev.belay.datastore.StagedObject;
import dev.belay.dictionary.DataDictionary;
import dev.belay.dictionary.StashReading;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.OperationId;
import dev.belay.job.Unavailable;
import dev.belay.journal.Attempt;
import dev.belay.journal.JournalReader;
import dev.belay.runtime.settings.Settings;
import dev.belay.upkeep.StoreAgreement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What `belay doctor` looks at in journal, datastore and stash. Reads only.
final class StoreChecks {
    private static final Duration CLOCKS_MAY_DIFFER = Duration.ofMinutes(5);
    /// What an answer takes, and more.
    private static final Duration CLOCKS_OF_HOSTS_MAY_DIFFER = Duration.ofSeconds(20);
    private static final int NAMES_SHOWN = 3;

    private final Settings settings;
    private final InstantSource clock;
    private final List<Finding> findings = new ArrayList<>();

    StoreChecks(Settings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    List<Finding> findings() {
        try (StoredFacts facts = StoredFacts.open(settings)) {
            guarded("stores", () -> agreement(facts));
            guarded("journal", () -> journal(facts));
            guarded("catalog", () -> catalog(facts));
            guarded("datasets", () -> datasets(facts));
            guarded("stash", () -> stash(facts));
            guarded("staging", () -> staging(facts));
        } catch (Unavailable failed) {
            findings.add(Finding.fail("stores", failed.failure()));
        }
        return List.copyOf(findings);
    }

    /// One part that cannot be read does not hide the others.
    private void guarded(String what, Runnable check) {
        try {
            check.run();
        } catch (Unavailable failed) {
            findings.add(Finding.fail(what, failed.failure()));
        }
    }

    /// Only what neither store says by itself: one is gone, or older than the other.
    private void agreement(StoredFacts facts) {
        new StoreAgreement(facts.places())
                .trouble()
                .filter(trouble -> trouble.code() != FailureCode.STORE_CORRUPT)
                .ifPresent(trouble -> findings.add(
                        Finding.decide("stores", trouble.code() + ": " + trouble.message(), "belay repair")));
    }

    private void journal(StoredFacts facts) {
        if (facts.journal().isEmpty()) {
            findings.add(Finding.ok("journal", "none yet; the first job makes it"));
            return;
        }
        JournalReader journal = facts.journal().get();
        List<String> damage = journal.damage();
        if (!damage.isEmpty()) {
            findings.add(Finding.fail(
                    "journal",
                    "%s is damaged: %s".formatted(facts.places().journal().text(), damage.getFirst()),
                    "stop all workers, keep every byte; belay repair"));
            return;
        }
        if (journal.isTooNew()) {
            findings.add(Finding.decide(
                    "journal", "written by a newer Belay; workers of this one refuse it", "upgrade this Belay"));
            return;
        }
        List<Attempt> open = journal.openAttempts();
        findings.add(
                open.isEmpty()
                        ? Finding.ok("journal", "opens, checked, no attempt is open")
                        : Finding.warn(
                                "journal",
                                "opens, checked, %s not ended: %s"
                                        .formatted(
                                                Texts.count(open.size(), "attempt"),
                                                names(open.stream()
                                                        .map(attempt ->
                                                                attempt.job().value())
                                                        .toList())),
                                "none while a worker runs; else belay dev or belay worker resolves them"));
        Instant here = clock.instant();
        Duration ahead = Duration.between(journal.sharedClock(() -> here).instant(), here);
        if (ahead.abs().compareTo(CLOCKS_OF_HOSTS_MAY_DIFFER) > 0) {
            findings.add(Finding.warn(
                    "clock",
                    "this host's differs by %d s from that of the journal's server"
                            .formatted(ahead.abs().toSeconds()),
                    "set the clock (NTP) of the one that is wrong"));
        }
        journal.jobs(1).stream()
                .filter(newest -> newest.acceptedAt().isAfter(clock.instant().plus(CLOCKS_MAY_DIFFER)))
                .forEach(newest -> findings.add(Finding.warn(
                        "clock",
                        "job %s was accepted at %s, which is in the future"
                                .formatted(newest.job(), Texts.when(newest.acceptedAt())),
                        "set the clock (NTP)")));
    }

    private void catalog(StoredFacts facts) {
        if (facts.datastore().isEmpty()) {
            findings.add(Finding.ok("catalog", "none yet; the first job makes it"));
            return;
        }
        List<String> damage = facts.datastore().get().damage();
        findings.add(
                damage.isEmpty()
                        ? Finding.ok("catalog", "opens, checked")
                        : Finding.fail(
                                "catalog",
                                "%s is damaged: %s"
                                        .formatted(facts.places().datastore().text(), damage.getFirst()),
                                "stop all workers, keep every byte; belay repair"));
    }

    private void datasets(StoredFacts facts) {
        if (facts.datastore().isEmpty()) {
            return;
        }
        DatastoreReader datastore = facts.datastore().get();
        List<DatasetState> datasets = datastore.datasets();
        int before = findings.size();
        for (DatasetState state : datasets) {
            dataset(facts, datastore, state);
        }
        if (findings.size() == before) {
            findings.add(Finding.ok(
                    "datasets",
                    "%s, every served version is whole".formatted(Texts.count(datasets.size(), "dataset"))));
        }
    }

    private void dataset(StoredFacts facts, DatastoreReader datastore, DatasetState state) {
        facts.journal()
                .flatMap(journal -> journal.quarantine(state.dataset()))
                .ifPresent(quarantine -> findings.add(Finding.decide(
                        "datasets",
                        "%s is set aside: %s".formatted(state.dataset(), quarantine.reason()),
                        "belay datasets release " + state.dataset())));
        state.head()
                .filter(head -> !datastore.isIntact(head))
                .ifPresent(head -> findings.add(Finding.fail(
                        "datasets",
                        "%s: the data of version %d are missing or not what was published"
                                .formatted(state.dataset(), head.version()),
                        restorable(datastore, state)
                                .map(version -> "belay datasets restore %s %d".formatted(state.dataset(), version))
                                .orElse("load it again: belay run FILE --dataset " + state.dataset()))));
        state.dictionary().ifPresent(document -> {
            try {
                DataDictionary.parse(document);
            } catch (JobFailure damaged) {
                findings.add(Finding.fail("datasets", damaged.failure()));
            }
        });
    }

    private static Optional<Integer> restorable(DatastoreReader datastore, DatasetState state) {
        return datastore.commits(state.dataset()).stream()
                .skip(1)
                .filter(datastore::isIntact)
                .map(commit -> commit.version())
                .findFirst();
    }

    private void stash(StoredFacts facts) {
        List<StashReading> readings = facts.stash().list();
        long held =
                readings.stream().filter(StashReading.Held.class::isInstance).count();
        for (StashReading reading : readings) {
            switch (reading) {
                case StashReading.Held _ -> {}
                case StashReading.Corrupt corrupt ->
                    findings.add(Finding.decide(
                            "stash",
                            "a copy of %s is damaged: %s".formatted(corrupt.dataset(), corrupt.reason()),
                            "belay stash show " + corrupt.dataset()));
            }
        }
        if (held == readings.size()) {
            findings.add(Finding.ok(
                    "stash",
                    held == 0
                            ? "empty"
                            : Texts.count((int) held, "dictionary").replace("dictionarys", "dictionaries")
                                    + " held: belay stash list"));
        }
    }

    private void staging(StoredFacts facts) {
        Set<OperationId> open = facts.journal().stream()
                .flatMap(journal -> journal.openAttempts().stream())
                .map(Attempt::operation)
                .collect(Collectors.toSet());
        List<StagedObject> left = facts.datastore().stream()
                .flatMap(datastore -> datastore.stagedObjects().stream())
                .filter(object -> !open.contains(object.operation()))
                .toList();
        findings.add(
                left.isEmpty()
                        ? Finding.ok("staging", "nothing left behind")
                        : Finding.warn(
                                "staging",
                                "%s of attempts that have ended: %s"
                                        .formatted(
                                                Texts.count(left.size(), "file"),
                                                names(left.stream()
                                                        .map(StagedObject::name)
                                                        .toList())),
                                "harmless; a worker sweeps them at its start, or belay repair"));
    }

    private static String names(List<String> names) {
        String shown = names.stream().limit(NAMES_SHOWN).collect(Collectors.joining(", "));
        return names.size() > NAMES_SHOWN ? shown + " and %d more".formatted(names.size() - NAMES_SHOWN) : shown;
    }
}
