package dev.belay.journal;

import static dev.belay.journal.JournalSamples.ALPHA;
import static dev.belay.journal.JournalSamples.ALPHA_AGAIN;
import static dev.belay.journal.JournalSamples.BETA;
import static dev.belay.journal.JournalSamples.NOW;
import static dev.belay.journal.JournalSamples.delivery;
import static dev.belay.journal.JournalSamples.events;
import static dev.belay.journal.JournalSamples.operation;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.DatasetId;
import dev.belay.job.Epoch;
import dev.belay.job.Fenced;
import dev.belay.job.IdSource;
import dev.belay.job.JobId;
import dev.belay.job.WorkerId;
import dev.belay.journal.sqlite.SqliteJournal;
import dev.belay.kit.TestDatabase;
import dev.belay.kit.TestDatabases;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random calls give the same answers, and leave the same state, in the file, on the server and in memory.
///
/// The seed stands in the test's name and in every message; `-Dbelay.journal.seed=N` runs one more.
@ExtendWith(TestDatabases.class)
final class JournalModelTest {
    private static final int STEPS = 160;
    private static final List<String> JOBS = List.of("a", "b", "c", "d");
    private static final List<WorkerId> WORKERS = List.of(ALPHA, ALPHA_AGAIN, BETA);

    private final List<Claim> claims = new ArrayList<>();
    private int operations;
    private Instant clock = NOW;

    static LongStream seeds() {
        return LongStream.concat(LongStream.rangeClosed(1, 8), LongStream.of(Long.getLong("belay.journal.seed", 9)));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theFileAndItsModelAgree(long seed, @TempDir Path folder) {
        agree(seed, ids -> SqliteJournal.open(folder, ids));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theServerAndItsModelAgree(long seed, TestDatabase database) {
        agree(seed, ids -> PostgresJournals.opened(database, database.newSchema(), ids));
    }

    private void agree(long seed, Function<IdSource, Journal> opened) {
        var random = new Random(seed);
        try (var real = opened.apply(() -> operation(0).value());
                var model = new InMemoryJournal(operation(0).value())) {
            for (int step = 0; step < STEPS; step++) {
                Call call = call(random);

                Object expected = outcome(call, model);
                Object actual = outcome(call, real);

                assertThat(actual).as("seed %d, step %d", seed, step).isEqualTo(expected);
                assertThat(everything(real))
                        .as("seed %d, after step %d", seed, step)
                        .isEqualTo(everything(model));
                remember(expected);
            }
        }
    }

    /// Draws all its arguments first, so that both journals get the same call.
    private Call call(Random random) {
        clock = clock.plusNanos(random.nextInt(1_000_000_000));
        Instant now = clock;
        Instant staleBefore = random.nextInt(4) == 0 ? now : now.minusSeconds(30);
        String job = one(random, JOBS);
        var id = new JobId(job);
        WorkerId worker = one(random, WORKERS);
        int number = 1 + random.nextInt(operations + 1);
        int hop = random.nextInt(4);
        return switch (random.nextInt(12)) {
            case 0 -> answer(journal -> journal.beat(worker, now));
            case 1, 2 -> {
                Delivery delivery = message(random, job, hop);
                yield journal -> journal.admit(delivery, now);
            }
            case 3, 4 -> {
                int next = ++operations;
                yield journal -> journal.claim(id, operation(next), worker, now, staleBefore);
            }
            case 5 -> journal -> journal.seize(operation(number), worker, now);
            case 6, 7, 8 -> {
                Claim claim = someClaim(random);
                List<Entry> entries = entries(random);
                yield answer(journal -> journal.record(claim, entries));
            }
            case 9 -> {
                Claim claim = someClaim(random);
                Ending ending = ending(random, now);
                yield answer(journal -> journal.end(claim, ending, now));
            }
            case 10 -> rare(random, id, hop, now);
            default -> journal -> journal.orphanedAttempts(worker, staleBefore);
        };
    }

    private Call rare(Random random, JobId job, int hop, Instant now) {
        Claim claim = someClaim(random);
        return switch (random.nextInt(6)) {
            case 5 -> {
                var retention = new Retention(
                        now.minusSeconds(random.nextInt(20)), old -> old.job().equals(job));
                int limit = 1 + random.nextInt(4);
                int from = random.nextInt(3);
                yield journal -> journal.prune(retention, from, limit);
            }
            case 0 -> {
                var verdict = new Verdict.Over(state(random), "{}");
                yield answer(journal -> journal.refuse(job, hop, verdict, events("refused"), now));
            }
            case 1 -> answer(journal -> journal.announced(List.of(new AnnouncementKey(job, hop))));
            case 2 -> answer(journal -> journal.quarantine(claim, "odd", now));
            default -> journal -> journal.release(claim.dataset());
        };
    }

    private static Delivery message(Random random, String job, int hop) {
        return switch (random.nextInt(12)) {
            case 0 -> delivery(job, dataset(job), 8, hop, "request of " + job);
            case 1 -> delivery(job, dataset(job), 7, hop, "another");
            default -> delivery(job, dataset(job), hop);
        };
    }

    /// The newest claim mostly, a stale one sometimes.
    private Claim someClaim(Random random) {
        if (claims.isEmpty()) {
            return new Claim(new JobId("a"), new DatasetId(dataset("a")), operation(99), new Epoch(0));
        }
        int back = random.nextInt(3) == 0 ? random.nextInt(claims.size()) : random.nextInt(Math.min(2, claims.size()));
        return claims.get(claims.size() - 1 - back);
    }

    private static List<Entry> entries(Random random) {
        var entries = new ArrayList<Entry>();
        for (int count = random.nextInt(3); count >= 0; count--) {
            int ordinal = 1 + random.nextInt(3);
            entries.add(
                    switch (random.nextInt(9)) {
                        case 0, 1 -> new Entry.Planned(ordinal, "stage-" + ordinal, "{}");
                        case 2 -> new Entry.Done(ordinal, "{\"n\":" + ordinal + "}");
                        case 3, 4 -> new Entry.Armed();
                        case 5, 6 -> new Entry.Confirmed();
                        case 7 -> new Entry.RollBack("{}");
                        default ->
                            new Entry.Undone(
                                    ordinal,
                                    new Compensation(one(random, List.of(Compensation.Result.values())), "detail"));
                    });
        }
        return entries;
    }

    private static Ending ending(Random random, Instant now) {
        Verdict verdict = switch (random.nextInt(4)) {
            case 0 -> new Verdict.Over(state(random), "{}");
            case 1 -> new Verdict.Retry(now.plusSeconds(10));
            default -> new Verdict.Again();
        };
        return new Ending(verdict, "ended", random.nextBoolean(), events("one", "two"));
    }

    private static JobState state(Random random) {
        return one(random, List.of(JobState.values()));
    }

    private static <T> T one(Random random, List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private static String dataset(String job) {
        return job.compareTo("c") < 0 ? "city" : "country";
    }

    private static Call answer(Consumer<Journal> call) {
        return journal -> {
            call.accept(journal);
            return "done";
        };
    }

    private static Object outcome(Call call, Journal journal) {
        try {
            return call.on(journal);
        } catch (Fenced fenced) {
            return fenced.toString();
        } catch (IllegalStateException refused) {
            return IllegalStateException.class;
        }
    }

    private void remember(Object outcome) {
        if (outcome instanceof ClaimResult.Claimed claimed) {
            claims.add(claimed.claim());
        } else if (outcome instanceof ClaimResult.Exhausted exhausted) {
            claims.add(exhausted.claim());
        } else if (outcome instanceof Optional<?> found && found.orElse(null) instanceof Seized seized) {
            claims.add(seized.claim());
        }
    }

    private static List<Object> everything(Journal journal) {
        var all = new ArrayList<Object>(journal.jobs(100));
        all.addAll(journal.openAttempts());
        for (String job : JOBS) {
            all.addAll(journal.attempts(new JobId(job)));
            for (int hop = 0; hop < 4; hop++) {
                all.add(journal.announcement(new JobId(job), hop));
            }
            all.add(journal.quarantine(new DatasetId(dataset(job))));
        }
        return all;
    }

    /// One call with all its arguments.
    @FunctionalInterface
    private interface Call {
        Object on(Journal journal);
    }
}
