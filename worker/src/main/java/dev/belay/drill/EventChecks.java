package dev.belay.drill;

import dev.belay.intake.EventHistory.Heard;
import dev.belay.job.OperationId;
import dev.belay.schemas.DeadLetter;
import dev.belay.schemas.EventData;
import dev.belay.schemas.EventType;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.Outcome;
import dev.belay.schemas.Receipt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/// What a `read_committed` consumer of events and dead letters can tell. For one thread.
final class EventChecks {
    static final Set<EventType> NOTICES = Set.of(EventType.JOB_ACCEPTED, EventType.JOB_STAGE, EventType.JOB_PROGRESS);

    private final Map<String, Work> works;
    private final List<Heard> decided;
    private final Map<String, List<Heard>> ends = new LinkedHashMap<>();
    private final Tally lost = new Tally();
    private final Tally duplicated = new Tally();
    private final Tally wrong = new Tally();

    /// @param works   by job id
    /// @param decided all events but notices
    EventChecks(Map<String, Work> works, List<Heard> decided) {
        this.works = works;
        this.decided = decided;
        decided.stream()
                .filter(Heard::isTerminal)
                .forEach(heard -> ends.computeIfAbsent(heard.job(), job -> new ArrayList<>())
                        .add(heard));
    }

    /// Exactly one end for each job, and one that it may have.
    Property jobs() {
        works.forEach((job, work) -> {
            List<Heard> heard = ends.getOrDefault(job, List.of());
            lost.check(!heard.isEmpty(), "job %s has no terminal event".formatted(job));
            duplicated.check(
                    heard.size() < 2,
                    "job %s has %d terminal events: %s"
                            .formatted(
                                    job,
                                    heard.size(),
                                    heard.stream().map(EventChecks::place).toList()));
            heard.forEach(one -> endsAsItMay(work, receipt(one)));
        });
        ends.keySet().stream()
                .filter(job -> !works.containsKey(job))
                .forEach(job -> wrong.add("job %s has ended and was never sent".formatted(job)));
        return property(
                "jobs",
                "sent=%d ended=%d lost=%d duplicated=%d wrong=%d (%s)"
                        .formatted(
                                works.size(), ends.size(), lost.count(), duplicated.count(), wrong.count(), outcomes()),
                lost,
                duplicated,
                wrong);
    }

    private void endsAsItMay(Work work, Receipt receipt) {
        wrong.check(
                work.allowed().contains(receipt.outcome()),
                "job %s ended as %s, which it may not: %s".formatted(work.id(), receipt.outcome(), receipt));
        if (receipt.outcome() == Outcome.SKIPPED
                && work.message().source() instanceof JobMessage.Source.Version asked) {
            Long found = receipt.version();
            wrong.check(
                    found != null && found == asked.version(),
                    "job %s found another version served than it asked for: %s".formatted(work.id(), receipt));
        }
        var failure = receipt.failure();
        if (failure != null && failure.code().equals("WORKER_CRASHED")) {
            Integer most = work.message().retry().maxAttempts();
            wrong.check(
                    most != null && receipt.attempts() == most,
                    "job %s was given up after %d attempts: %s".formatted(work.id(), receipt.attempts(), failure));
        } else if (failure != null) {
            wrong.check(
                    work.codes().contains(failure.code()),
                    "job %s failed with %s instead of %s".formatted(work.id(), failure, work.codes()));
        }
    }

    /// Decisions are announced once, on one partition, the end last; what was taken back was taken back.
    Property events() {
        var breaches = new Tally();
        Set<UUID> ids = new HashSet<>();
        Map<String, List<Heard>> byJob = new LinkedHashMap<>();
        for (Heard heard : decided) {
            breaches.check(ids.add(heard.event().id()), "an event stands there twice: " + place(heard));
            byJob.computeIfAbsent(heard.job(), job -> new ArrayList<>()).add(heard);
        }
        byJob.forEach((job, heard) -> {
            breaches.check(
                    heard.stream().map(Heard::partition).distinct().count() == 1,
                    "events of job %s are on several partitions".formatted(job));
            breaches.check(
                    heard.getLast().isTerminal(),
                    "the last word on job %s is %s".formatted(job, place(heard.getLast())));
        });
        rolledBack().forEach(data -> wellFormed(data, breaches));
        return property(
                "events",
                "decisions=%d rolled-back=%d crashed=%d recovered=%d"
                        .formatted(
                                decided.size(),
                                rolledBack().size(),
                                rolledBack().stream()
                                        .filter(data -> data.failure().code().equals("WORKER_CRASHED"))
                                        .count(),
                                decided.stream()
                                        .filter(heard -> heard.type() == EventType.JOB_RECOVERED)
                                        .count()),
                breaches);
    }

    private static void wellFormed(EventData.RolledBack data, Tally breaches) {
        breaches.check(
                OperationId.isValid(data.operationId())
                        && data.attempt() > 0
                        && !data.failure().code().isBlank()
                        && !data.failure().message().isBlank(),
                "a roll-back says too little: " + data);
        breaches.check(
                data.compensations().stream().noneMatch(one -> one.result() == EventData.Compensation.Result.FAILED),
                "a compensation failed: " + data);
    }

    private List<EventData.RolledBack> rolledBack() {
        return decided.stream()
                .map(heard -> heard.event().data())
                .filter(EventData.RolledBack.class::isInstance)
                .map(EventData.RolledBack.class::cast)
                .toList();
    }

    /// One dead letter for each failed job and one for each contradiction.
    Property deadLetters(List<DeadLetter> letters) {
        var breaches = new Tally();
        Map<String, Integer> failures = new HashMap<>();
        Map<String, Integer> conflicts = new HashMap<>();
        for (DeadLetter letter : letters) {
            boolean conflict = letter.reason().code().equals("JOB_ID_CONFLICT");
            (conflict ? conflicts : failures).merge(String.valueOf(letter.jobId()), 1, Integer::sum);
        }
        var failed = ended(Outcome.FAILED);
        var contradicted = works.values().stream()
                .filter(work -> work.conflict().isPresent())
                .map(Work::id)
                .collect(Collectors.toSet());
        compare("failed job", failed, failures, breaches);
        compare("contradiction of job", contradicted, conflicts, breaches);
        return property(
                "dead letters",
                "failed jobs=%d contradictions=%d dead letters=%d"
                        .formatted(failed.size(), contradicted.size(), letters.size()),
                breaches);
    }

    private static void compare(String what, Set<String> expected, Map<String, Integer> letters, Tally breaches) {
        for (String job : expected) {
            int count = letters.getOrDefault(job, 0);
            breaches.check(count == 1, "the %s %s has %d dead letters".formatted(what, job, count));
        }
        letters.keySet().stream()
                .filter(job -> !expected.contains(job))
                .forEach(job -> breaches.add("there is a dead letter of %s, which is no %s".formatted(job, what)));
    }

    /// The jobs of this outcome.
    Set<String> ended(Outcome outcome) {
        return ends.entrySet().stream()
                .filter(end -> receipt(end.getValue().getFirst()).outcome() == outcome)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /// The receipt of a job that has ended.
    Optional<Receipt> receipt(String job) {
        return Optional.ofNullable(ends.get(job)).map(heard -> receipt(heard.getFirst()));
    }

    long lost() {
        return lost.count();
    }

    long duplicated() {
        return duplicated.count();
    }

    private String outcomes() {
        Map<Outcome, Integer> counts = new TreeMap<>();
        ends.values().forEach(heard -> counts.merge(receipt(heard.getFirst()).outcome(), 1, Integer::sum));
        return counts.entrySet().stream()
                .map(count -> count.getKey().name().toLowerCase(Locale.ROOT) + " " + count.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String place(Heard heard) {
        return "%s %s (partition %d, offset %d)"
                .formatted(heard.type(), heard.job(), heard.partition(), heard.offset());
    }

    private static Receipt receipt(Heard terminal) {
        return (Receipt) terminal.event().data();
    }

    private static Property property(String name, String words, Tally... tallies) {
        var breaches = new ArrayList<String>();
        for (Tally tally : tallies) {
            breaches.addAll(tally.told());
        }
        return new Property(name, words, breaches);
    }
}
