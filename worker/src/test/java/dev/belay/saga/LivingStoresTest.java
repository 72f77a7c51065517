package dev.belay.saga;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.Failure;
import dev.belay.job.JobId;
import dev.belay.journal.JournalSamples;
import dev.belay.runtime.Stores;
import dev.belay.runtime.folder.DataFolder;
import dev.belay.upkeep.StoreAgreement;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A worker that starts looks at stores that others are writing: what they do between two of its looks is no
/// disagreement.
final class LivingStoresTest {
    private static final int LOOKS = 200;

    @TempDir
    private Path scratch = Path.of("");

    @Test
    void agreeWhileAnotherWorkerClaims() throws Exception {
        try (var rig = new DataFolderRig(scratch.resolve("data"))) {
            rig.load("first", "d", "code,n\n007,1\n");
            var journal = rig.rooms().journal();
            var operation = JournalSamples.operation(1);
            journal.admit(JournalSamples.delivery("claimed", "d", 0), rig.log.now());
            journal.claim(
                    new JobId("claimed"),
                    operation,
                    JournalSamples.ALPHA,
                    rig.log.now(),
                    JournalSamples.NOBODY_IS_DEAD);

            assertThat(troubleMeanwhile(rig, turn -> {
                        var claim = journal.seize(operation, JournalSamples.ALPHA, rig.log.now())
                                .orElseThrow()
                                .claim();
                        rig.rooms().datastore().fence(claim.dataset(), claim.epoch());
                    }))
                    .isEmpty();
        }
    }

    @Test
    void agreeWhileAnotherWorkerPublishes() throws Exception {
        try (var rig = new DataFolderRig(scratch.resolve("data"))) {
            rig.load("first", "d", "code,n\n007,1\n");

            assertThat(troubleMeanwhile(rig, turn -> rig.load("job-" + turn, "d", "code,n\n%03d,1\n".formatted(turn))))
                    .isEmpty();
        }
    }

    /// What a worker that starts finds, again and again, while another one works.
    private static Optional<Failure> troubleMeanwhile(DataFolderRig rig, IntConsumer work) {
        var enough = new AtomicBoolean();
        try (var threads = Executors.newSingleThreadExecutor()) {
            var working = CompletableFuture.runAsync(
                    () -> {
                        for (int turn = 0; !enough.get(); turn++) {
                            work.accept(turn);
                        }
                    },
                    threads);
            var agreement = new StoreAgreement(Stores.places(DataFolder.at(rig.folder)));
            Optional<Failure> trouble = Optional.empty();
            for (int look = 0; look < LOOKS && trouble.isEmpty() && !working.isDone(); look++) {
                trouble = agreement.trouble();
            }
            enough.set(true);
            working.join();
            return trouble;
        }
    }
}
