package dev.belay.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.job.FsyncFailed;
import dev.belay.job.JobId;
import dev.belay.journal.AnnouncementKey;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class AnnouncedNotesTest {
    private final CompletableFuture<Error> broken = new CompletableFuture<>();

    @Test
    void tellsOfAnErrorAfterWhichNothingMayGoOn() {
        var fatal = new FsyncFailed("journal.db", new IOException("EIO"));
        try (var notes = new AnnouncedNotes(
                _ -> {
                    throw fatal;
                },
                broken::complete)) {
            notes.add(List.of(new AnnouncementKey(new JobId("job-1"), 0)));
        }

        assertThat(broken).isCompletedWithValue(fatal);
    }

    @Test
    void takesAJournalThatIsAwayForALostNote() {
        try (var notes = new AnnouncedNotes(
                _ -> {
                    throw new IllegalStateException("away");
                },
                broken::complete)) {
            notes.add(List.of(new AnnouncementKey(new JobId("job-1"), 0)));
        }

        assertThat(broken).isNotDone();
    }
}
