package dev.belay.saga;

import dev.belay.datastore.Commit;
import dev.belay.datastore.DatasetState;
import dev.belay.datastore.Datastore;
import dev.belay.job.Column;
import dev.belay.job.Failure;
import dev.belay.job.JobSource;
import dev.belay.job.Place;
import dev.belay.journal.Ending;
import dev.belay.journal.JobState;
import dev.belay.journal.OutgoingEvent;
import dev.belay.journal.Review;
import dev.belay.journal.Verdict;
import dev.belay.schemas.Event;
import dev.belay.schemas.EventCodec;
import dev.belay.schemas.EventData;
import dev.belay.schemas.EventId;
import dev.belay.schemas.Mode;
import dev.belay.schemas.Outcome;
import dev.belay.schemas.Receipt;
import dev.belay.screen.Finding;
import dev.belay.stage.DuplicateRecord;
import dev.belay.stage.Findings;
import dev.belay.stage.Gate;
import dev.belay.tabular.RejectedRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Words every way an attempt can end: what follows for the job, and the events that say so, byte for byte.
final class Endings {
    private final Datastore datastore;
    private final EventCodec codec;
    private final String eventSource;
    private final InstantSource clock;

    Endings(Datastore datastore, EventCodec codec, String eventSource, InstantSource clock) {
        this.datastore = datastore;
        this.codec = codec;
        this.eventSource = eventSource;
        this.clock = clock;
    }

    /// A version was published, and is the head. Asks no store but for where the file of a version is: the transaction
    /// that publishes it may not have ended yet.
    Ending completed(Facts facts, Commit commit, Findings findings) {
        var published = published(facts, commit);
        Receipt receipt = receipt(facts, Outcome.COMPLETED, findings, new About(commit, null, null, null));
        return over(facts, JobState.COMPLETED, receipt, List.of(event(facts, published)));
    }

    /// There was nothing to do: the version that is served was made from the very same.
    Ending skipped(Facts facts, Commit served, String reason, Findings findings) {
        Receipt receipt = receipt(facts, Outcome.SKIPPED, findings, new About(served, reason, null, null));
        return over(facts, JobState.SKIPPED, receipt, List.of());
    }

    /// A dry run has found what the job would do.
    Ending planned(Facts facts, DryPlan plan, Findings findings) {
        Receipt receipt = receipt(facts, Outcome.SKIPPED, findings, new About(null, "dry_run", null, null, plan));
        return over(facts, JobState.SKIPPED, receipt, List.of());
    }

    /// A newer job of the dataset has published already.
    Ending superseded(Facts facts, Commit newer) {
        String by = newer.provenance().job().value();
        Receipt receipt = receipt(facts, Outcome.SUPERSEDED, Findings.NONE, new About(null, null, null, by));
        return over(facts, JobState.SUPERSEDED, receipt, List.of());
    }

    /// The attempt failed and was compensated; another one may follow.
    ///
    /// @param findings what the receipt says of the file
    /// @param next how long until the next attempt; empty when the job is over
    Ending rolledBack(
            Facts facts, Failure failure, List<RollBack.Undone> undone, Optional<Duration> next, Findings findings) {
        Optional<Instant> nextAt = next.map(clock.instant()::plus);
        List<OutgoingEvent> events = rolledBackEvents(facts, failure, undone, nextAt);
        if (nextAt.isPresent()) {
            return new Ending(new Verdict.Retry(nextAt.get()), "rolled-back", true, events);
        }
        Receipt receipt = receipt(facts, Outcome.FAILED, findings, new About(null, null, failure, null));
        return over(facts, JobState.FAILED, receipt, events);
    }

    /// The attempt was given up through no fault of the job; the next one follows at once.
    Ending again(Facts facts, Failure failure, List<RollBack.Undone> undone, boolean counted) {
        List<OutgoingEvent> events = rolledBackEvents(facts, failure, undone, Optional.of(clock.instant()));
        return new Ending(new Verdict.Again(), "rolled-back", counted, events);
    }

    /// The attempt ends, and the job waits for a person. It is not counted: nothing has failed.
    Ending asked(Facts facts, Gate.Passage.Ask ask) {
        var review = new Review(ask.digest(), facts.operation(), clock.instant().plus(ask.within()), ask.reasons());
        var requested = new EventData.ReviewRequested(
                facts.request().jobId().value(),
                facts.request().dataset().value(),
                facts.operation().value(),
                Math.max(1, facts.attempts()),
                review.reasons(),
                review.until(),
                List.of());
        return new Ending(new Verdict.Ask(review), "review", false, List.of(event(facts, requested)));
    }

    /// The job fails without an attempt of its own to take back.
    Ending failed(Facts facts, Failure failure) {
        Receipt receipt = receipt(facts, Outcome.FAILED, Findings.NONE, new About(null, null, failure, null));
        return over(facts, JobState.FAILED, receipt, List.of());
    }

    /// The same ending, told by whoever found the attempt open.
    Ending recovered(Facts facts, Ending ending, String finding, EventData.Recovered.Action action) {
        var recovered = new EventData.Recovered(
                facts.request().jobId().value(),
                facts.request().dataset().value(),
                facts.operation().value(),
                Math.max(1, facts.attempts()),
                finding,
                action,
                List.of(),
                null,
                List.of());
        var events = new ArrayList<OutgoingEvent>();
        events.add(event(facts, recovered));
        events.addAll(ending.events());
        return new Ending(ending.verdict(), ending.audit(), ending.counted(), events);
    }

    private Ending over(Facts facts, JobState state, Receipt receipt, List<OutgoingEvent> before) {
        var events = new ArrayList<>(before);
        events.add(event(facts, receipt));
        return new Ending(new Verdict.Over(state, text(codec.writeData(receipt))), state.name(), true, events);
    }

    /// A failed in-place load has published too: the dictionary and no rows. Readers are told of that version as
    /// of any other.
    private List<OutgoingEvent> rolledBackEvents(
            Facts facts, Failure failure, List<RollBack.Undone> undone, Optional<Instant> nextAt) {
        var events = new ArrayList<OutgoingEvent>();
        datastore
                .commit(facts.operation().rollbackId())
                .ifPresent(commit -> events.add(event(facts, published(facts, commit))));
        events.add(event(facts, rolledBackData(facts, failure, undone, nextAt)));
        return events;
    }

    private EventData.Published published(Facts facts, Commit commit) {
        return new EventData.Published(
                facts.request().jobId().value(),
                facts.request().dataset().value(),
                facts.operation().value(),
                commit.id().value(),
                switch (commit.kind()) {
                    case PUBLISH -> EventData.Published.Kind.PUBLISH;
                    case ROLLBACK -> EventData.Published.Kind.ROLLBACK;
                },
                (long) commit.version(),
                commit.version() > 1 ? (Long) (long) (commit.version() - 1) : null,
                commit.rows(),
                datastore.file(commit).map(Path::toString).orElse(null));
    }

    private EventData.RolledBack rolledBackData(
            Facts facts, Failure failure, List<RollBack.Undone> undone, Optional<Instant> nextAt) {
        return new EventData.RolledBack(
                facts.request().jobId().value(),
                facts.request().dataset().value(),
                facts.operation().value(),
                Math.max(1, facts.attempts()),
                shown(failure, facts),
                undone.stream().map(Endings::shown).toList(),
                nextAt.orElse(null),
                stillServed(facts),
                List.of());
    }

    /// What a receipt is about, where it is about it.
    private record About(
            @Nullable Commit commit,
            @Nullable String reason,
            @Nullable Failure failure,
            @Nullable String supersededBy,
            @Nullable DryPlan plan) {
        About(
                @Nullable Commit commit,
                @Nullable String reason,
                @Nullable Failure failure,
                @Nullable String supersededBy) {
            this(commit, reason, failure, supersededBy, null);
        }

        List<Column> columns() {
            if (plan != null) {
                return plan.columns();
            }
            return commit == null ? List.of() : commit.columns();
        }
    }

    private Receipt receipt(Facts facts, Outcome outcome, Findings findings, About about) {
        Commit commit = about.commit();
        return new Receipt(
                facts.request().jobId().value(),
                facts.request().dataset().value(),
                outcome,
                about.reason(),
                commit == null ? null : (long) commit.version(),
                commit == null ? 0 : commit.rows(),
                findings.rejected(),
                findings.deduplicated(),
                commit == null
                        ? null
                        : datastore.file(commit).map(Path::toString).orElse(null),
                about.columns().stream().map(Endings::shown).toList(),
                findings.warnings(),
                findings.rejects().stream().map(Endings::shown).toList(),
                findings.duplicates().stream().map(Endings::shown).toList(),
                findings.screened().stream().map(Endings::shown).toList(),
                facts.operation().value(),
                facts.attempts(),
                source(facts, findings),
                Mode.valueOf(facts.request().mode().name()),
                commit == null ? null : commit.id().value(),
                findings.dictionary().map(Endings::shown).orElse(null),
                outcome == Outcome.COMPLETED && commit != null ? served(commit) : stillServed(facts),
                about.failure() == null ? null : shown(about.failure(), facts),
                about.supersededBy(),
                about.plan() == null ? null : about.plan().plan(),
                facts.millis(),
                facts.startedAt(),
                clock.instant(),
                List.of());
    }

    private OutgoingEvent event(Facts facts, EventData data) {
        // A job ends once, whichever attempt ends it: its terminal event is named by the job, all others by the
        // attempt.
        String named = data.type().terminal()
                ? facts.request().jobId().value()
                : facts.operation().value();
        var event = new Event(
                EventId.of(named, data.type()),
                eventSource,
                facts.request().jobId().value(),
                clock.instant(),
                data);
        return new OutgoingEvent(event.id().toString(), data.type().cloudEventType(), text(codec.write(event)));
    }

    private EventData.@Nullable StillServed stillServed(Facts facts) {
        DatasetState state = datastore.state(facts.request().dataset());
        return state.head().map(Endings::served).orElse(null);
    }

    private static EventData.StillServed served(Commit head) {
        return new EventData.StillServed(head.version(), head.rows());
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }

    private static EventData.SourceSummary source(Facts facts, Findings findings) {
        String digest = findings.sourceDigest().map(Object::toString).orElse(null);
        Long bytes = findings.sourceDigest().isPresent() ? (Long) findings.sourceBytes() : null;
        return switch (facts.request().source()) {
            case JobSource.Url url -> new EventData.SourceSummary(url.shown(), null, digest, bytes);
            case JobSource.Version version -> new EventData.SourceSummary(null, (long) version.number(), null, null);
        };
    }

    private static dev.belay.schemas.Failure shown(Failure failure, Facts facts) {
        var kind = dev.belay.schemas.Failure.Kind.valueOf(failure.kind().toUpperCase(Locale.ROOT));
        return new dev.belay.schemas.Failure(
                kind,
                failure.code().name(),
                failure.message(),
                failure.code().advice(),
                shown(failure.place()),
                RetryPolicy.isWorthATry(failure, facts.request().retry()));
    }

    private static dev.belay.schemas.Failure.@Nullable Place shown(Place place) {
        return place.equals(Place.NONE)
                ? null
                : new dev.belay.schemas.Failure.Place(
                        boxed(place.record()),
                        boxed(place.line()),
                        boxed(place.byteOffset()),
                        place.column().orElse(null),
                        place.value().orElse(null));
    }

    private static @Nullable Long boxed(OptionalLong number) {
        return number.isPresent() ? (Long) number.getAsLong() : null;
    }

    private static EventData.Compensation shown(RollBack.Undone undone) {
        return new EventData.Compensation(
                undone.stage(),
                "undo " + undone.stage(),
                EventData.Compensation.Result.valueOf(undone.result().result().name()),
                undone.result().detail());
    }

    private static Receipt.Column shown(Column column) {
        return new Receipt.Column(column.name(), column.type().label(), column.title());
    }

    private static Receipt.Reject shown(RejectedRecord reject) {
        return new Receipt.Reject(
                reject.place().record().orElse(0),
                reject.place().line().orElse(0),
                reject.place().column().orElse(null),
                reject.code().name(),
                reject.message());
    }

    private static Receipt.Duplicate shown(DuplicateRecord left) {
        return new Receipt.Duplicate(left.record(), left.line(), left.kept(), left.keptLine());
    }

    private static Receipt.Screened shown(Finding finding) {
        return new Receipt.Screened(
                finding.column(),
                finding.detector(),
                finding.found(),
                finding.shaped(),
                finding.values(),
                finding.certainty() == Finding.Certainty.LIKELY,
                finding.samples().stream()
                        .map(one -> new Receipt.Screened.Sample(one.record(), one.line(), one.masked()))
                        .toList());
    }

    private static Receipt.DictionaryMerge shown(Findings.MergeCounts counts) {
        return new Receipt.DictionaryMerge(
                counts.kept(), counts.applied(), counts.added(), counts.orphaned(), counts.conflicts(), counts.text());
    }
}
