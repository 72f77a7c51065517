package dev.belay.cli;

import dev.belay.datastore.Commit;
import dev.belay.datastore.DatastoreReader;
import dev.belay.intake.EventFollower;
import dev.belay.intake.JobSubmitter;
import dev.belay.job.DatasetId;
import dev.belay.job.JobFailure;
import dev.belay.job.JobId;
import dev.belay.job.Unavailable;
import dev.belay.journal.JobRecord;
import dev.belay.runtime.RoomSettings;
import dev.belay.runtime.Worker;
import dev.belay.runtime.settings.Settings;
import dev.belay.schemas.Event;
import dev.belay.schemas.EventCodec;
import dev.belay.schemas.EventData;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.Outcome;
import dev.belay.schemas.Receipt;
import dev.belay.stores.StorePlaces;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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

    /// Submits the jobs and follows them to their ends.
    ///
    /// @return an [ExitCode]: that of the worst outcome
    /// @throws JobFailure when the worker or the broker is gone
    int load(KafkaWay way, List<JobMessage> messages) throws JobFailure, InterruptedException {
        try (EventFollower follower = EventFollower.fromNow(way.intake(), KafkaWay.PATIENCE);
                var submitter = new JobSubmitter(way.intake())) {
            var jobs = new ArrayList<JobId>();
            for (JobMessage message : messages) {
                jobs.add(submitter.submit(message, KafkaWay.PATIENCE).job());
            }
            return follow(follower, jobs, way::worker);
        }
    }

    /// Says the word on a job's review and follows the job to its end.
    int decide(KafkaWay way, JobRecord job, Saying saying) throws JobFailure, InterruptedException {
        try (EventFollower follower = EventFollower.fromNow(way.intake(), KafkaWay.PATIENCE);
                var submitter = new JobSubmitter(way.intake())) {
            saying.by(submitter);
            return follow(follower, List.of(job.job()), way::worker);
        }
    }

    /// What is written once somebody listens.
    @FunctionalInterface
    interface Saying {
        void by(JobSubmitter submitter) throws JobFailure, InterruptedException;
    }

    /// Follows until every job has ended or waits for a person.
    ///
    /// @param worker the worker in this command's charge, if there is one: when it fails, waiting is in vain
    /// @return an [ExitCode]: that of the worst outcome
    /// @throws JobFailure when the worker or the broker is gone
    int follow(EventFollower follower, List<JobId> jobs, Supplier<Optional<Worker>> worker)
            throws JobFailure, InterruptedException {
        var open = new LinkedHashSet<>(jobs);
        var progress = new ProgressView(screen, !manner.quiet());
        int code = ExitCode.DONE;
        var asked = new LinkedHashMap<JobId, EventData.ReviewRequested>();
        while (!open.isEmpty()) {
            Map<JobId, Event> ended = follower.follow(Set.copyOf(open), SLICE, event -> {
                progress.hear(event);
                if (event.data() instanceof EventData.ReviewRequested review) {
                    asked.put(new JobId(review.jobId()), review);
                }
            });
            for (JobId job : List.copyOf(open)) {
                Event end = ended.get(job);
                if (end != null && end.data() instanceof Receipt receipt) {
                    open.remove(job);
                    show(receipt);
                    code = Math.max(code, codeOf(receipt));
                }
            }
            for (JobId job : List.copyOf(asked.keySet())) {
                EventData.ReviewRequested review = asked.remove(job);
                if (review != null && open.remove(job)) {
                    show(review);
                    code = Math.max(code, ExitCode.NEEDS_DECISION);
                }
            }
            if (worker.get().isPresent()) {
                Fatal.await(worker.get().get().failure(), 0, TimeUnit.MILLISECONDS);
            }
        }
        return code;
    }

    /// What an end means to the shell.
    static int codeOf(Receipt receipt) {
        return switch (receipt.outcome()) {
            case COMPLETED, SKIPPED, SUPERSEDED -> ExitCode.DONE;
            case FAILED, CANCELLED -> ExitCode.JOB_FAILED;
        };
    }

    /// Shows how a job ended.
    void show(Receipt receipt) {
        if (manner.json()) {
            screen.print(new String(codec.writeData(receipt), StandardCharsets.UTF_8));
            return;
        }
        var view = new ReceiptView(screen, receipt);
        view.printHead();
        if (receipt.outcome() == Outcome.COMPLETED || receipt.outcome() == Outcome.SKIPPED) {
            Published published = published(receipt);
            view.printTable(published.rows());
            published.view().ifPresent(name -> {
                screen.print("");
                screen.print("view      " + name);
            });
        }
        view.printWhatIsServedAndWhatNext();
    }

    /// Shows that someone has to decide, what is served until then, and how to say it.
    void show(EventData.ReviewRequested review) {
        if (manner.json()) {
            screen.print(new String(codec.writeData(review), StandardCharsets.UTF_8));
            return;
        }
        String until = review.expiresAt() == null ? "" : " until " + Texts.when(review.expiresAt());
        screen.print("%s %s: someone has to approve or reject it%s"
                .formatted(screen.yellow("waiting"), screen.bold(review.dataset()), until));
        review.reasons().forEach(reason -> screen.print("  " + reason));
        screen.print("");
        screen.print(served(review.dataset()));
        screen.print("next      belay jobs approve " + review.jobId());
        screen.print("next      belay jobs reject " + review.jobId());
    }

    private String served(String dataset) {
        try (DatastoreReader datastore =
                new RoomSettings(settings).places().readDatastore().orElse(null)) {
            Optional<Commit> head = datastore == null
                    ? Optional.empty()
                    : datastore.state(new DatasetId(dataset)).head();
            return head.map(now ->
                            "served    version %d with %s, as before".formatted(now.version(), Texts.rows(now.rows())))
                    .orElse("served    nothing: %s was never published".formatted(dataset));
        } catch (Unavailable elsewhere) {
            return "served    what was served before";
        }
    }

    /// @param rows the first of a version
    /// @param view where people read it, if that is no file
    private record Published(List<List<@Nullable Object>> rows, Optional<String> view) {
        private static final Published UNSEEN = new Published(List.of(), Optional.empty());
    }

    /// Read from the datastore itself, where this command reaches it.
    private Published published(Receipt receipt) {
        if (receipt.version() == null || receipt.dataset() == null) {
            return Published.UNSEEN;
        }
        var dataset = new DatasetId(receipt.dataset());
        StorePlaces places = new RoomSettings(settings).places();
        try (DatastoreReader datastore = places.readDatastore().orElse(null)) {
            if (datastore == null) {
                return Published.UNSEEN;
            }
            return new Published(
                    datastore
                            .commit(dataset, Math.toIntExact(receipt.version()))
                            .map((Commit commit) -> datastore.preview(commit, ROWS_SHOWN))
                            .orElse(List.of()),
                    datastore
                            .view(dataset)
                            .map(name -> name + " in " + places.datastore().text()));
        } catch (Unavailable elsewhere) {
            return Published.UNSEEN;
        }
    }
}
