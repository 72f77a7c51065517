package dev.belay.endtoend;

import dev.belay.job.DatasetId;
import dev.belay.job.JobId;
import dev.belay.journal.Attempt;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.JobMessage.Retry;
import dev.belay.schemas.JobMessage.Source;
import dev.belay.schemas.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/// A job that takes seconds, so that something can happen in the middle of it; and the moments of it.
///
/// @param job the id of the long job
/// @param rows how many it loads
record LongLoad(Installation installation, String job, int rows) {
    static final String DATASET = "long";

    /// The dataset with a first short version and a curated dictionary.
    static void prepare(Installation installation, EventLog events) throws IOException {
        Path file = installation.source("first.csv", "id,code,name,amount\n1,100,one,10\n2,200,two,20\n");
        installation.submit(
                JobMessage.replace(DATASET, Source.url(file.toString())).withJobId("first"));
        events.receiptOf("first");
        installation.curate(DATASET, "name", "amount", "code");
    }

    /// A replace with a key, so that rows that are the same twice fail it in its last stage.
    ///
    /// @param twice whether the last row's key was there before
    JobMessage message(boolean twice) throws IOException {
        Path file = installation.sources().resolve(job + ".csv");
        try (var out = Files.newBufferedWriter(file)) {
            out.write("id,code,name,amount\n");
            for (int row = 0; row < rows; row++) {
                out.write((twice && row == rows - 1 ? 0 : row) + "," + row % 900 + ",name of " + row + "," + row * 7L
                        + "\n");
            }
        }
        return JobMessage.replace(DATASET, Source.url(file.toString()))
                .withJobId(job)
                .withMode(Mode.REPLACE, List.of("id"))
                .withRetry(new Retry(5, Retry.On.TRANSIENT));
    }

    /// Waits until rows are being staged.
    void awaitStaging() {
        awaitAttempt(attempt -> attempt.effects().stream()
                .anyMatch(effect ->
                        effect.stage().equals("stage") && effect.outputJson().isEmpty()));
    }

    /// Waits until the live table is deleted and rows are being staged.
    void awaitDeletedAndStaging() {
        awaitAttempt(attempt -> attempt.effects().stream()
                        .anyMatch(effect -> effect.stage().equals("delete-live")
                                && effect.outputJson().isPresent())
                && attempt.effects().getLast().stage().equals("stage"));
    }

    private void awaitAttempt(Predicate<Attempt> moment) {
        installation.awaitJournal(
                "the moment in " + job,
                journal -> journal.openAttempts().stream()
                        .anyMatch(attempt -> attempt.job().equals(new JobId(job)) && moment.test(attempt)));
    }

    List<Attempt> attempts() {
        return installation.journal(journal -> journal.attempts(new JobId(job)));
    }

    /// How many rows are served.
    long served() {
        return installation.datastore(datastore ->
                datastore.state(new DatasetId(DATASET)).head().orElseThrow().rows());
    }
}
