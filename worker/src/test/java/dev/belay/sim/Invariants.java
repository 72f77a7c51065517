package dev.belay.sim;

import dev.belay.datastore.Commit;
import dev.belay.datastore.CommitKind;
import dev.belay.datastore.DatasetState;
import dev.belay.dictionary.DataDictionary;
import dev.belay.job.DatasetId;
import dev.belay.job.JobFailure;
import dev.belay.job.JobId;
import dev.belay.job.WorkerId;
import dev.belay.journal.Announcement;
import dev.belay.journal.JobRecord;
import dev.belay.journal.JobState;
import dev.belay.pivot.Pivot;
import dev.belay.saga.Saga;
import dev.belay.saga.Sweep;
import dev.belay.schemas.Event;
import dev.belay.schemas.EventCodec;
import dev.belay.schemas.MessageCodec;
import dev.belay.schemas.Mode;
import dev.belay.schemas.Receipt;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// What must hold once a world has come to rest. Everything is checked against what the story asked for and
/// what readers see, not against what the saga thinks.
final class Invariants {
    private static final EventCodec EVENTS = new EventCodec();
    private static final MessageCodec MESSAGES = new MessageCodec();

    private final World world;
    private final List<String> violations = new ArrayList<>();

    private Invariants(World world) {
        this.world = world;
    }

    /// @return what does not hold
    static List<String> check(World world) {
        var invariants = new Invariants(world);
        invariants.nothingIsOpen();
        invariants.eventsOnce();
        invariants.deadLettersOnce();
        invariants.retriesOnce();
        invariants.outcomes();
        for (DatasetState state : world.datastore().datasets()) {
            invariants.replay(state);
            invariants.dictionary(state);
        }
        invariants.nothingIsLeft();
        return invariants.violations;
    }

    // The annotation that is asked for is in a jar that we do not use.
    @SuppressWarnings("AnnotateFormatMethod")
    private void require(boolean holds, String otherwise, @Nullable Object... arguments) {
        if (!holds) {
            violations.add(otherwise.formatted(arguments));
        }
    }

    private void nothingIsOpen() {
        require(
                world.journal().openAttempts().isEmpty(),
                "open: %s",
                world.journal().openAttempts());
        for (DatasetState state : world.datastore().datasets()) {
            require(
                    world.journal().quarantine(state.dataset()).isEmpty(),
                    "set aside: %s",
                    world.journal().quarantine(state.dataset()));
            require(state.head().isPresent(), "%s has no head", state.dataset());
        }
    }

    private List<Broker.Entry> seen(String topic) {
        var entries = new ArrayList<Broker.Entry>();
        for (TopicPartition partition : world.scene().broker().partitionsOf(topic)) {
            entries.addAll(world.scene().broker().read(partition, 0));
        }
        return entries;
    }

    private static String text(byte[] value) {
        return new String(Objects.requireNonNull(value), StandardCharsets.UTF_8);
    }

    /// Each job's events stand in the log byte for byte as the journal decided them, in order, once.
    private void eventsOnce() {
        var told = new HashMap<String, List<String>>();
        var terminal = new HashMap<String, List<String>>();
        for (Broker.Entry entry : seen(World.settings("w0").topics().events())) {
            Event event = EVENTS.read(Objects.requireNonNull(entry.value())).orElseThrow();
            String job = String.valueOf(event.subject());
            told.computeIfAbsent(job, absent -> new ArrayList<>()).add(text(entry.value()));
            if (event.type().terminal()) {
                terminal.computeIfAbsent(job, absent -> new ArrayList<>())
                        .add(((Receipt) event.data()).outcome().name());
            }
        }
        for (JobRecord job : world.journal().jobs(1000)) {
            var decided = new ArrayList<String>();
            for (int hop = 0; hop <= job.hop(); hop++) {
                Optional<Announcement> announcement = world.journal().announcement(job.job(), hop);
                announcement.ifPresent(one -> one.events().forEach(event -> decided.add(event.json())));
            }
            String id = job.job().value();
            require(decided.equals(told.get(id)), "events of %s: decided %s, told %s", id, decided, told.get(id));
            require(
                    List.of(job.state().name()).equals(terminal.get(id)),
                    "%s is %s, told: %s",
                    id,
                    job.state(),
                    terminal.get(id));
        }
        require(
                terminal.keySet().equals(world.story().jobs.keySet()),
                "ended %s of %s",
                terminal.keySet(),
                world.story().jobs.keySet());
    }

    private void deadLettersOnce() {
        long failed = world.journal().jobs(1000).stream()
                .filter(job -> job.state() == JobState.FAILED)
                .count();
        long refused = world.story().messages.stream()
                .filter(Story.Message::deadLetter)
                .count();
        var origins = new ArrayList<String>();
        for (Broker.Entry entry : seen(World.settings("w0").topics().deadLetters())) {
            origins.add(MESSAGES.readDeadLetter(Objects.requireNonNull(entry.value()))
                    .origin()
                    .toString());
        }
        require(
                origins.size() == failed + refused && new HashSet<>(origins).size() == origins.size(),
                "%d failed, %d were no job or another, dead letters of %s",
                failed,
                refused,
                origins);
    }

    private void retriesOnce() {
        var hops = new ArrayList<String>();
        for (int number = 1; number <= 2; number++) {
            for (Broker.Entry entry : seen(World.settings("w0").topics().retry(number))) {
                hops.add(text(entry.headers().lastHeader("belay-job-id").value())
                        + " hop "
                        + text(entry.headers().lastHeader("belay-hop").value()));
            }
        }
        require(new HashSet<>(hops).size() == hops.size(), "sent again more than once: %s", hops);
    }

    private void outcomes() {
        var published = new HashMap<String, Integer>();
        for (DatasetState state : world.datastore().datasets()) {
            for (Commit commit : world.datastore().commits(state.dataset())) {
                if (commit.kind() == CommitKind.PUBLISH) {
                    published.merge(commit.provenance().job().value(), 1, Integer::sum);
                }
            }
        }
        for (Story.Job job : world.story().jobs.values()) {
            JobRecord known = world.journal().job(new JobId(job.id())).orElse(null);
            if (known == null) {
                violations.add(job.id() + " was never taken");
                continue;
            }
            int commits = published.getOrDefault(job.id(), 0);
            int due = known.state() == JobState.COMPLETED ? 1 : 0;
            require(commits == due, "%s is %s and has published %d times", job.id(), known.state(), commits);
            require(known.attempts() <= World.MAX_ATTEMPTS, "%s was tried %d times", job.id(), known.attempts());
            require(mayEnd(job, known), "%s (%s) is %s: %s", job.id(), job.kind(), known.state(), known.receiptJson());
            require(
                    world.source().kills(job.id() + ".csv") <= World.MAX_ATTEMPTS,
                    "%s has killed %d workers",
                    job.id(),
                    world.source().kills(job.id() + ".csv"));
        }
    }

    private boolean mayEnd(Story.Job job, JobRecord known) {
        boolean replaces = job.message().mode() == Mode.REPLACE;
        String receipt = known.receiptJson().orElse("");
        return switch (known.state()) {
            case COMPLETED -> job.kind() != Story.Kind.POISON && !isBad(job);
            case SKIPPED -> !isBad(job) && job.message().mode() != Mode.APPEND;
            case SUPERSEDED -> replaces;
            case FAILED -> mayFail(job, receipt);
            case OPEN, AWAITING_RETRY, AWAITING_REVIEW, CANCELLED -> false;
        };
    }

    private static boolean isBad(Story.Job job) {
        return job.kind() == Story.Kind.RAGGED || job.kind() == Story.Kind.REPEATED;
    }

    /// A sound job may fail only when workers died or were taken for dead.
    private boolean mayFail(Story.Job job, String receipt) {
        boolean died = receipt.contains("WORKER_CRASHED") || receipt.contains("HEAD_MOVED");
        if (died) {
            return job.kind() == Story.Kind.POISON || world.hadDeaths();
        }
        return switch (job.kind()) {
            case RAGGED -> receipt.contains("RECORD") || receipt.contains("REJECT");
            case REPEATED -> receipt.contains("KEY_NOT_UNIQUE");
            case FLAKY -> receipt.contains("HTTP_TIMEOUT") || upsertMeetsRepeatedKeys(job, receipt);
            case RESTORE -> receipt.contains("VERSION_NOT_FOUND");
            case GOOD -> upsertMeetsRepeatedKeys(job, receipt);
            case POISON -> false;
        };
    }

    private static boolean upsertMeetsRepeatedKeys(Story.Job job, String receipt) {
        return job.message().mode() == Mode.UPSERT && receipt.contains("KEY_NOT_UNIQUE");
    }

    /// The head is what the commits say when they are played one after the other.
    private void replay(DatasetState state) {
        List<Commit> commits = world.datastore().commits(state.dataset()).reversed();
        var rows = new HashMap<Integer, List<List<String>>>();
        List<List<String>> now = List.of();
        Commit before = null;
        for (Commit commit : commits) {
            int due = before == null ? 1 : before.version() + 1;
            require(commit.version() == due, "%s has version %d after %d", state.dataset(), commit.version(), due - 1);
            require(
                    commit.parent().equals(Optional.ofNullable(before).map(Commit::id)),
                    "version %d of %s has parent %s",
                    commit.version(),
                    state.dataset(),
                    commit.parent());
            require(
                    !goesBack(before, commit),
                    "version %d of %s is of an older job",
                    commit.version(),
                    state.dataset());
            now = played(commit, now, rows);
            rows.put(commit.version(), now);
            require(
                    commit.rows() == now.size(),
                    "version %d of %s has %d rows, not %d",
                    commit.version(),
                    state.dataset(),
                    commit.rows(),
                    now.size());
            before = commit;
        }
        require(
                shown(state.dataset()).equals(now),
                "%s holds %s, not %s",
                state.dataset(),
                shown(state.dataset()),
                now);
    }

    private static boolean goesBack(@Nullable Commit before, Commit commit) {
        return before != null
                && before.kind() == CommitKind.PUBLISH
                && commit.kind() == CommitKind.PUBLISH
                && commit.provenance().mode() == dev.belay.job.Mode.REPLACE
                && commit.provenance()
                        .position()
                        .isOlderThan(before.provenance().position());
    }

    private List<List<String>> played(
            Commit commit, List<List<String>> base, Map<Integer, List<List<String>>> versions) {
        if (commit.kind() == CommitKind.ROLLBACK) {
            return List.of();
        }
        Story.Job job = Objects.requireNonNull(
                world.story().jobs.get(commit.provenance().job().value()));
        if (job.kind() == Story.Kind.RESTORE) {
            return versions.getOrDefault(job.version(), List.of());
        }
        return switch (job.message().mode()) {
            case REPLACE -> job.rows();
            case APPEND -> {
                var all = new ArrayList<>(base);
                all.addAll(job.rows());
                yield all;
            }
            case UPSERT -> {
                var byKey = new LinkedHashMap<String, List<String>>();
                base.forEach(row -> byKey.put(row.getFirst(), row));
                job.rows().forEach(row -> byKey.put(row.getFirst(), row));
                yield new ArrayList<>(byKey.values());
            }
        };
    }

    private List<List<String>> shown(DatasetId dataset) {
        var rows = new ArrayList<List<String>>();
        world.datastore()
                .rows(dataset)
                .forEach(row -> rows.add(row.stream().map(String::valueOf).toList()));
        return rows;
    }

    private void dictionary(DatasetState state) {
        String title = world.curated().get(state.dataset().value());
        try {
            if (title != null && state.dictionary().isPresent()) {
                String shown = DataDictionary.parse(state.dictionary().get())
                        .field("code")
                        .title();
                require(shown.equals(title), "%s calls it \"%s\", people \"%s\"", state.dataset(), shown, title);
            }
        } catch (JobFailure unreadable) {
            violations.add("the dictionary of " + state.dataset() + ": " + unreadable.getMessage());
        }
    }

    /// Recovery and sweep find nothing a second time.
    private void nothingIsLeft() {
        var clock = World.START.plusMillis(world.scene().fibers().now()).plusSeconds(7200);
        Saga last = world.saga(
                new World.Rooms(
                        world.journal(),
                        world.datastore(),
                        world.stash(),
                        world.source(),
                        Pivot.publishing(world.datastore())),
                new WorkerId("last", "life-last"),
                () -> clock);
        var before = world.datastore().datasets();
        require(last.recover() == 0, "something was left to recover");
        last.sweep();
        require(world.datastore().datasets().equals(before), "the sweep has changed what is published");
        List<Sweep.Finding> second = last.sweep();
        require(second.isEmpty(), "left after a sweep: %s", second);
        require(last.recover() == 0, "a second recovery did something");
    }
}
