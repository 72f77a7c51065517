package dev.belay.saga;

import dev.belay.datastore.Commit;
import dev.belay.datastore.DatastoreReader;
import dev.belay.fault.FaultPoint;
import dev.belay.fault.Faults;
import dev.belay.job.JobFailure;
import dev.belay.kit.AtRest;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.JobMessage.Rules.Dedupe;
import dev.belay.schemas.JobMessage.Rules.Dedupe.By;
import dev.belay.schemas.JobMessage.Rules.Dedupe.Keep;
import dev.belay.schemas.Mode;
import dev.belay.schemas.PublishStrategy;
import dev.belay.source.FakeSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The jobs that sweeps do at the k-th step of what they like, each over what was there before, and how it may
/// end.
// A job message and the set are immutable; neither type carries the annotation that the check looks for.
@SuppressWarnings("ImmutableEnumChecker")
enum SweptJob {
    REPLACE_FIRST(replace("first.csv"), "job.completed", "007,1 008,2"),
    RELOAD_BY_SWAP(replace("second.csv"), "job.completed", "007,1 008,2 009,3"),
    RELOAD_IN_PLACE(inPlace("second.csv"), "job.completed", "007,1 008,2 009,3"),
    APPEND(replace("more.csv").withMode(Mode.APPEND, List.of()), "job.completed", "007,1 008,2 008,5 009,3"),
    /// Even few records do not fit into the memory that the search for duplicates has here.
    DEDUPED(withoutDuplicates("again.csv"), "job.completed", "007,1 008,2 009,3"),
    UPSERT(replace("more.csv").withMode(Mode.UPSERT, List.of("code")), "job.completed", "007,1 008,5 009,3"),
    /// With so many versions before it that one is retired.
    RESTORE(JobMessage.replace("d", JobMessage.Source.version(2)), "job.completed", "007,1 008,2 009,3"),
    FAILS_BEFORE_ANY_EFFECT(replace("ragged.csv"), "job.failed", "007,1 008,2"),
    FAILS_STAGED_BY_SWAP(replace("repeated.csv").withMode(Mode.REPLACE, List.of("code")), "job.failed", "007,1 008,2"),
    /// Killed before the delete in its last attempt it leaves version 1.
    FAILS_STAGED_IN_PLACE(
            inPlace("repeated.csv").withMode(Mode.REPLACE, List.of("code")), "job.failed", "007,1 008,2", ""),
    /// What an earlier worker had confirmed is left to finish.
    RECOVERS_FORWARD(FaultPoint.JOURNAL_CONFIRM, replace("second.csv"), "job.completed", "007,1 008,2 009,3"),
    /// What an earlier worker had deleted is left to restore, and to load then; killed three times in all it must not
    /// have used up its attempts.
    RECOVERS_IN_PLACE(
            FaultPoint.LIVE_DELETE,
            inPlace("second.csv").withRetry(new JobMessage.Retry(6, JobMessage.Retry.On.TRANSIENT)),
            "job.completed",
            "007,1 008,2 009,3");

    private static final Map<String, String> FILES = Map.of(
            "first.csv", "code,n\n007,1\n008,2\n",
            "second.csv", "code,n\n007,1\n008,2\n009,3\n",
            "more.csv", "code,n\n008,5\n009,3\n",
            "again.csv", "code,n\n007,1\n008,2\n007,1\n009,3\n008,2\n",
            "ragged.csv", "code,n\n007,1\n008\n009\n",
            "repeated.csv", "code,n\n007,1\n007,2\n");
    private static final String TITLE = "Station code";

    private final Optional<FaultPoint> killedAfter;
    private final JobMessage message;
    private final String end;
    private final Set<String> rows;

    /// @param rows what may be served in the end
    SweptJob(JobMessage message, String end, String... rows) {
        this(Optional.empty(), message, end, rows);
    }

    /// @param killedAfter the step after which a worker was killed before
    SweptJob(FaultPoint killedAfter, JobMessage message, String end, String... rows) {
        this(Optional.of(killedAfter), message, end, rows);
    }

    SweptJob(Optional<FaultPoint> killedAfter, JobMessage message, String end, String... rows) {
        this.killedAfter = killedAfter;
        this.message = message;
        this.end = end;
        this.rows = Set.of(rows);
    }

    private static JobMessage replace(String file) {
        return JobMessage.replace("d", JobMessage.Source.url(file));
    }

    private static JobMessage inPlace(String file) {
        return replace(file).withPublish(PublishStrategy.IN_PLACE);
    }

    private static JobMessage withoutDuplicates(String file) {
        return replace(file)
                .withRules(JobMessage.Rules.DEFAULT.withDedupe(new Dedupe(By.RECORD, List.of(), Keep.FIRST)));
    }

    private boolean isFirst() {
        return this == REPLACE_FIRST;
    }

    /// The files that jobs load.
    static FakeSource source() {
        var source = new FakeSource();
        FILES.forEach((name, text) -> source.with(name, text.getBytes(StandardCharsets.UTF_8)));
        return source;
    }

    /// Version 1 is published and curated, for a restore two more, and the job waits. For the first load
    /// nothing is there at all, not even the folder.
    OnDisk prepared(Path root) throws JobFailure {
        OnDisk disk = prepared(new OnDisk(root, new JobLog(), source()));
        return killedAfter.isPresent() ? killed(disk, killedAfter.get()) : disk;
    }

    /// Whether it can be done again and again where it was done before.
    boolean isRepeatable() {
        return this != REPLACE_FIRST && this != RESTORE;
    }

    /// Brings an installation, whatever was done there, to where this job may begin, and lets the job wait.
    ///
    /// @param round tells jobs of one installation apart
    void again(OnDisk disk, int round) {
        disk.log.send("before-" + round, replace("first.csv"));
        disk.live();
        disk.log.events.clear();
        disk.log.send("swept-" + round, message);
        killedAfter.ifPresent(where -> {
            try (var _ = Faults.arm(where, FaultPoint.Side.AFTER, () -> {
                throw new CrashPoints.Crash(where.name());
            })) {
                disk.live();
            } catch (CrashPoints.Crash killed) {
                // What it had open is left as it is.
            }
        });
    }

    /// The same installation over other stores; where a worker was killed before is not played.
    OnDisk prepared(OnDisk disk) throws JobFailure {
        if (!isFirst()) {
            disk.log.send("job-1", replace("first.csv"));
            disk.live();
            disk.curate("code", TITLE);
        }
        if (this == RESTORE) {
            disk.log.send("job-2", replace("second.csv"));
            disk.live();
            disk.log.send("job-3", replace("more.csv"));
            disk.live();
        }
        disk.log.events.clear();
        disk.log.send("swept", message);
        return disk;
    }

    private static OnDisk killed(OnDisk disk, FaultPoint where) {
        var left = new ArrayList<OnDisk>();
        Path root = disk.folder.root();
        try (var _ = Faults.onEveryPass((point, side) -> {
            if (left.isEmpty() && point == where && side == FaultPoint.Side.AFTER) {
                left.add(disk.copyTo(root.resolveSibling(root.getFileName() + "-killed")));
            }
        })) {
            disk.live();
        }
        return left.getFirst();
    }

    /// The same installation in another process; the job waits.
    ///
    /// @param place of the log before the job was written to it
    OnDisk elsewhere(Path root, String place) {
        var disk = new OnDisk(root, JobLog.at(place), source());
        disk.log.send("swept", message);
        return disk;
    }

    /// All that does not hold in the end, including what a further recovery changes.
    List<String> violations(OnDisk disk) {
        AtRest rest = new AtRest(disk.folder, disk.places).curated("d", isFirst() ? Map.of() : Map.of("code", TITLE));
        var found = new ArrayList<>(rest.violations());
        if (!disk.log.terminalTypes().equals(List.of(end))) {
            found.add("ended as " + disk.log.terminalTypes());
        }
        try (DatastoreReader datastore = disk.places.readDatastore().orElseThrow()) {
            Commit head = datastore.state(Rig.DATASET).head().orElseThrow();
            String served = datastore.preview(head, 10).stream()
                    .map(row -> row.stream().map(String::valueOf).collect(Collectors.joining(",")))
                    .sorted()
                    .collect(Collectors.joining(" "));
            if (!rows.contains(served)) {
                found.add("serves " + served);
            }
        }
        List<String> before = rest.fingerprint();
        try (OnDisk.Life next = disk.begin("0")) {
            if (next.saga().recover() != 0 || !next.saga().sweep().isEmpty()) {
                found.add("something was left for a further recovery or sweep");
            }
        }
        if (!rest.fingerprint().equals(before)) {
            found.add("a further recovery changed something");
        }
        return found;
    }
}
