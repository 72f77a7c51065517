package dev.belay.saga;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.datastore.DatasetState;
import dev.belay.dictionary.DataDictionary;
import dev.belay.job.DatasetId;
import dev.belay.job.JobFailure;
import dev.belay.job.JobId;
import dev.belay.journal.Decision;
import dev.belay.journal.JobRecord;
import dev.belay.journal.JobState;
import dev.belay.kit.FaultRow;
import dev.belay.kit.InMemoryFolder;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.PublishStrategy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Kills the worker before and after every call to journal, datastore, stash and source, then its successor
/// too, in every pair: always "published with everything" or "as before with everything", and one terminal event.
///
/// Points between which nothing has changed in the stores, the workspace and Kafka leave the same behind a worker
/// that is killed there, and count as one state; `-Dbelay.sweep.pairs=all` tries every point all the same.
final class SagaCrashTest {
    private static final boolean ALL_POINTS = "all".equals(System.getProperty("belay.sweep.pairs"));
    private static final int NEVER = Integer.MAX_VALUE;
    private static final DatasetId DATASET = new DatasetId("d");
    private static final String FIRST = "code,n\n007,1\n008,2\n";
    private static final String SECOND = "code,n\n007,1\n008,2\n009,3\n";
    private static final String DUPLICATES = "code,n\n007,1\n008,2\n007,1\n009,3\n008,4\n";
    private static final String RAGGED = "code,n\n007,1\n008\n009\n";
    private static final String PEOPLE = "code,n\n007,anna@example.org\n008,b@example.org\n009,none\n";
    private static final String REPEATED = "code,n\n007,1\n007,2\n";

    @TempDir(factory = InMemoryFolder.class)
    private @Nullable Path folder;

    /// What the second job meets.
    enum Scenario {
        SUCCEEDS_BY_SWAP(SECOND, PublishStrategy.SWAP, false),
        SUCCEEDS_IN_PLACE(SECOND, PublishStrategy.IN_PLACE, false),
        LEAVES_OUT_DUPLICATES(DUPLICATES, JobMessage.Rules.Dedupe.By.KEY),
        FAILS_BEFORE_ANY_EFFECT(RAGGED, PublishStrategy.SWAP, true),
        FAILS_AFTER_STAGING_BY_SWAP(REPEATED, PublishStrategy.SWAP, true),
        FAILS_AFTER_STAGING_IN_PLACE(REPEATED, PublishStrategy.IN_PLACE, true),
        WAITS_AND_IS_APPROVED(PEOPLE, Decision.Word.APPROVED),
        WAITS_AND_IS_REJECTED(PEOPLE, Decision.Word.REJECTED),
        SUCCEEDS_BY_SWAP_IN_ONE_STEP(SECOND, PublishStrategy.SWAP),
        SUCCEEDS_IN_PLACE_IN_ONE_STEP(SECOND, PublishStrategy.IN_PLACE);

        final Rig.Together stores;
        final String file;
        final PublishStrategy strategy;
        final boolean fails;
        final Optional<Decision.Word> word;
        final JobMessage.Rules.Dedupe.@Nullable By same;

        Scenario(String file, PublishStrategy strategy) {
            this.stores = Rig.Together.IN_ONE_STEP;
            this.file = file;
            this.strategy = strategy;
            this.fails = false;
            this.word = Optional.empty();
            this.same = null;
        }

        Scenario(String file, PublishStrategy strategy, boolean fails) {
            this.stores = Rig.Together.APART;
            this.file = file;
            this.strategy = strategy;
            this.fails = fails;
            this.word = Optional.empty();
            this.same = null;
        }

        Scenario(String file, JobMessage.Rules.Dedupe.By by) {
            this.stores = Rig.Together.APART;
            this.file = file;
            this.strategy = PublishStrategy.SWAP;
            this.fails = false;
            this.word = Optional.empty();
            this.same = by;
        }

        Scenario(String file, Decision.Word word) {
            this.stores = Rig.Together.APART;
            this.file = file;
            this.strategy = PublishStrategy.SWAP;
            this.fails = !word.goesOn();
            this.word = Optional.of(word);
            this.same = null;
        }
    }

    @ParameterizedTest
    @EnumSource
    @FaultRow({"D0", "D1", "P1", "R7"})
    void endsWholeWhereverTheWorkerAndItsSuccessorAreKilled(Scenario scenario) throws Exception {
        var all = new Passed();
        Rig undisturbed = prepared(scenario);
        CrashPoints watched = all.watching(undisturbed);
        drain(undisturbed, undisturbed.worker(watched), watched, scenario);
        assertWhole(undisturbed, scenario, "without a crash");

        int points = 0;
        int pairs = 0;
        for (int one : all.different) {
            Passed after = passedAfter(scenario, one);
            points += after.points;
            for (int two : after.different) {
                survives(scenario, one, two);
                pairs++;
            }
            survives(scenario, one, NEVER);
        }
        System.out.printf(
                "%s: %d crash points (%d different states), then %,d of %,d points: %,d pairs%n",
                scenario, all.points, all.different.size(), pairs, points, pairs);
        assertThat(all.different).hasSizeGreaterThan(8);
        assertThat(pairs).isGreaterThan(5 * all.different.size());
    }

    /// The points that a life passes, and the first of each state.
    private static final class Passed {
        private final List<Integer> different = new ArrayList<>();
        private String last = "";
        private int points;

        CrashPoints watching(Rig rig) {
            return CrashPoints.watching(_ -> {
                String left = LeftInMemory.of(rig);
                if (ALL_POINTS || !left.equals(last)) {
                    different.add(points);
                }
                last = left;
                points++;
            });
        }
    }

    /// What the successor of a worker that is killed at a point passes.
    private Passed passedAfter(Scenario scenario, int one) throws Exception {
        Rig rig = prepared(scenario);
        dies(rig, CrashPoints.at(one), scenario);
        var passed = new Passed();
        dies(rig, passed.watching(rig), scenario);
        return passed;
    }

    private void survives(Scenario scenario, int one, int two) throws Exception {
        Rig rig = prepared(scenario);
        CrashPoints first = CrashPoints.at(one);
        dies(rig, first, scenario);
        CrashPoints second = CrashPoints.at(two);
        dies(rig, second, scenario);
        var last = CrashPoints.none();
        Saga successor = rig.worker(last);
        successor.recover();
        drain(rig, successor, last, scenario);
        String where = "killed at point %d (%s), then at %d (%s)".formatted(one, last(first), two, last(second));
        assertWhole(rig, scenario, where);
        assertThat(successor.recover()).as("a second recovery changes nothing").isZero();
    }

    /// Where the job waits for a review, a person decides, once.
    private static void drain(Rig rig, Saga worker, CrashPoints points, Scenario scenario) {
        rig.drain(worker, points);
        Optional<JobRecord> waits =
                rig.journal.job(new JobId("job-2")).filter(job -> job.state() == JobState.AWAITING_REVIEW);
        if (waits.isPresent()) {
            rig.log.decide(waits.get(), scenario.word.orElseThrow());
            rig.drain(worker, points);
        }
        if (scenario.stores == Rig.Together.IN_ONE_STEP) {
            // Who is killed after the end of its attempt leaves what is its own to the sweep.
            worker.sweep();
        }
    }

    /// A life that ends where its points say, or when all is done.
    private static void dies(Rig rig, CrashPoints points, Scenario scenario) {
        try {
            Saga worker = rig.worker(points);
            worker.recover();
            drain(rig, worker, points, scenario);
        } catch (CrashPoints.Crash killed) {
            // What it leaves is looked at by the next one.
        }
    }

    private static String last(CrashPoints points) {
        List<String> names = points.names();
        return names.isEmpty() ? "nothing" : names.getLast();
    }

    /// Version 1 is published, people have curated it, and the second job waits in the log.
    private Rig prepared(Scenario scenario) throws Exception {
        var rig = new Rig(Path.of(String.valueOf(folder)), scenario.stores);
        rig.source.with("first.csv", FIRST.getBytes(StandardCharsets.UTF_8));
        rig.source.with("second.csv", scenario.file.getBytes(StandardCharsets.UTF_8));
        rig.send("job-1", JobMessage.replace("d", JobMessage.Source.url("first.csv")));
        var points = CrashPoints.none();
        rig.drain(rig.worker(points), points);
        rig.curate(live -> live.withTitle("code", "Station code").withDescription("code", "as painted on the box"));
        rig.log.events.clear();
        rig.send(
                "job-2",
                JobMessage.replace("d", JobMessage.Source.url("second.csv"))
                        .withMode(dev.belay.schemas.Mode.REPLACE, List.of("code"))
                        .withPublish(scenario.strategy)
                        .withRules(JobMessage.Rules.DEFAULT
                                .withDedupe(dedupe(scenario))
                                .withScreen(
                                        scenario.word.isPresent()
                                                ? JobMessage.Rules.Screen.REVIEW
                                                : JobMessage.Rules.Screen.OFF)));
        return rig;
    }

    private static JobMessage.Rules.@Nullable Dedupe dedupe(Scenario scenario) {
        return scenario.same == null
                ? null
                : new JobMessage.Rules.Dedupe(scenario.same, List.of(), JobMessage.Rules.Dedupe.Keep.FIRST);
    }

    private static void assertWhole(Rig rig, Scenario scenario, String where) throws JobFailure {
        DatasetState state = rig.datastore.state(DATASET);
        assertThat(rig.log.terminalTypes()).as(where).containsExactly(scenario.fails ? "job.failed" : "job.completed");
        DataDictionary dictionary = DataDictionary.parse(state.dictionary().orElseThrow());
        assertThat(dictionary.field("code").title()).as(where).isEqualTo("Station code");
        assertThat(dictionary.field("code").description()).as(where).isEqualTo("as painted on the box");
        int rows = expectedRows(scenario, state);
        assertThat(rig.datastore.rows(DATASET)).as(where).hasSize(rows);
        assertThat(state.head().orElseThrow().rows()).as(where).isEqualTo(rows);
        assertThat(rig.journal.openAttempts()).as(where).isEmpty();
        assertThat(rig.datastore.stagedObjects()).as(where).isEmpty();
        assertThat(rig.stash.list()).as(where).isEmpty();
        assertThat(rig.workspace.operations()).as(where).isEmpty();
        assertThat(rig.datastore.commits(DATASET))
                .as(where)
                .hasSize(state.head().orElseThrow().version());
    }

    /// A failed swap leaves version 1; a failed in-place load leaves the dictionary and no rows, if it came to
    /// the delete.
    private static int expectedRows(Scenario scenario, DatasetState state) {
        if (!scenario.fails) {
            return 3;
        }
        return state.head().orElseThrow().version() == 1 ? 2 : 0;
    }
}
