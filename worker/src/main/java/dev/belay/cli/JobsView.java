package dev.belay.cli;

import dev.belay.datastore.Commit;
import dev.belay.datastore.Datastore;
import dev.belay.datastore.sqlite.SqliteDatastore;
import dev.belay.intake.EventFollower;
import dev.belay.job.DatasetId;
import dev.belay.job.IdSource;
import dev.belay.job.JobFailure;
import dev.belay.job.JobId;
import dev.belay.job.Unavailable;
import dev.belay.runtime.RoomSettings;
import dev.belay.runtime.Worker;
import dev.belay.runtime.settings.Settings;
import dev.belay.schemas.Event;
import dev.belay.schemas.EventCodec;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.Outcome;
import dev.belay.schemas.Receipt;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Follows submitted jobs by their events to their ends, and shows each.
final class JobsView {
    private static final Duration SLICE = Duration.ofMillis(500);
    private static final int ROWS_SHOWN = 5;

    /// @param json  one JSON object per job on standard output, nothing else there
    /// @param quiet no progress
    record Manner(boolean json, boolean quiet) {}

    private final Screen screen;
    private final Manner manner;
    private final Settings settings;
    private final EventCodec codec = new EventCodec();

    JobsView(Screen screen, Manner manner, Settings settings) {
        this.screen = screen;
        this.manner = manner;
        this.settings = settings;
    }

    /// Follows until every job has ended.
    ///
    /// @param worker the worker in this command's charge, if there is one: when it fails, waiting is in vain
    /// @return an [ExitCode]: that of the worst outcome
    /// @throws JobFailure when the worker or the broker is gone
    int follow(EventFollower follower, List<JobMessage> messages, Supplier<Optional<Worker>> worker)
            throws JobFailure, InterruptedException {
        Map<JobId, JobMessage> open = new LinkedHashMap<>();
        messages.forEach(message -> open.put(new JobId(String.valueOf(message.jobId())), message));
        var progress = new ProgressView(screen, !manner.quiet());
        int code = ExitCode.DONE;
        while (!open.isEmpty()) {
            Map<JobId, Event> ended = follower.follow(Set.copyOf(open.keySet()), SLICE, progress::hear);
            for (JobId job : List.copyOf(open.keySet())) {
                Event end = ended.get(job);
                if (end != null && end.data() instanceof Receipt receipt) {
                    open.remove(job);
                    show(receipt, worker.get());
                    code = Math.max(code, codeOf(receipt));
                }
            }
            if (worker.get().isPresent()) {
                Fatal.await(worker.get().get().failure(), 0, TimeUnit.MILLISECONDS);
            }
        }
        return code;
    }

    private static int codeOf(Receipt receipt) {
        return switch (receipt.outcome()) {
            case COMPLETED, SKIPPED, SUPERSEDED -> ExitCode.DONE;
            case FAILED, CANCELLED -> ExitCode.JOB_FAILED;
        };
    }

    private void show(Receipt receipt, Optional<Worker> worker) {
        if (manner.json()) {
            screen.print(new String(codec.writeData(receipt), StandardCharsets.UTF_8));
            return;
        }
        var view = new ReceiptView(screen, receipt);
        view.printHead();
        if (receipt.outcome() == Outcome.COMPLETED || receipt.outcome() == Outcome.SKIPPED) {
            view.printTable(rows(receipt, worker));
        }
        view.printWhatIsServedAndWhatNext();
    }

    /// The first rows, read from the datastore itself, where it is on this machine.
    private List<List<@Nullable Object>> rows(Receipt receipt, Optional<Worker> worker) {
        if (receipt.version() == null || receipt.dataset() == null) {
            return List.of();
        }
        try {
            if (worker.isPresent()) {
                return rows(worker.get().stores().datastore(), receipt);
            }
            try (Datastore datastore = SqliteDatastore.open(
                    new RoomSettings(settings).folder().datastoreFolder(), IdSource.random(InstantSource.system()))) {
                return rows(datastore, receipt);
            }
        } catch (Unavailable elsewhere) {
            return List.of();
        }
    }

    private static List<List<@Nullable Object>> rows(Datastore datastore, Receipt receipt) {
        return datastore.commits(new DatasetId(String.valueOf(receipt.dataset()))).stream()
                .filter(commit -> Long.valueOf(commit.version()).equals(receipt.version()))
                .findFirst()
                .map((Commit commit) -> datastore.preview(commit, ROWS_SHOWN))
                .orElse(List.of());
    }
}
