package dev.belay.saga;

import dev.belay.datastore.DatasetState;
import dev.belay.datastore.Datastore;
import dev.belay.datastore.Presence;
import dev.belay.datastore.StagedObject;
import dev.belay.dictionary.Stash;
import dev.belay.dictionary.StashEntry;
import dev.belay.dictionary.StashReading;
import dev.belay.job.OperationId;
import dev.belay.job.Unavailable;
import dev.belay.journal.Attempt;
import dev.belay.journal.Journal;
import dev.belay.stage.Settle;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes what attempts have left behind that nobody needs any more: a clean-up that failed after a publication, or
/// that a worker did not live to do whose attempt had ended with it; what a stalled owner made after others had ended
/// its attempt. Moves the links that could not be moved then.
///
/// What is there is listed first, the open attempts after it. An attempt's row is written before anything of its own
/// is made, so whatever was listed and has no open attempt then belongs to one that has ended, and an ended attempt
/// needs nothing any more.
public final class Sweep {
    private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);

    private final Journal journal;
    private final Datastore datastore;
    private final Stash stash;
    private final Settle settle;

    Sweep(Journal journal, Datastore datastore, Stash stash, Settle settle) {
        this.journal = journal;
        this.datastore = datastore;
        this.stash = stash;
        this.settle = settle;
    }

    /// What the sweep did about one thing it found.
    ///
    /// @param what    for people: what and whose it is
    /// @param removed whether it is gone
    /// @param why     it was removed or kept
    public record Finding(String what, OperationId operation, boolean removed, String why) {}

    /// Sweeps once. One thing that cannot be removed does not keep the others.
    ///
    /// @return everything that was found, removed or not
    /// @throws Unavailable when it cannot be read what there is, or which attempts are open: then nothing was
    /// removed
    List<Finding> sweep() {
        List<StagedObject> objects = datastore.stagedObjects();
        List<OperationId> workspaces = settle.workspaces();
        List<StashReading> copies = stash.list();
        Set<OperationId> open =
                journal.openAttempts().stream().map(Attempt::operation).collect(Collectors.toSet());

        var findings = new ArrayList<Finding>();
        for (StagedObject object : objects) {
            findings.add(judged(
                    "staged table " + object.name(),
                    object.operation(),
                    kept(open, object.operation()).or(() -> unknown(object.operation())),
                    () -> datastore.dropStaged(object.dataset(), object.operation())));
        }
        for (OperationId operation : workspaces) {
            findings.add(judged("workspace", operation, kept(open, operation), () -> {
                settle.discard(operation);
                return true;
            }));
        }
        for (StashReading copy : copies) {
            // A corrupt one waits for people.
            if (copy instanceof StashReading.Held(StashEntry entry)) {
                findings.add(judged(
                        "stashed dictionary of " + entry.dataset(),
                        entry.operation(),
                        kept(open, entry.operation()).or(() -> needed(entry)),
                        () -> settle.putAway(entry.dataset(), entry.operation())));
            }
        }
        findings.addAll(exposed());
        return List.copyOf(findings);
    }

    /// What is derived from the heads follows them, should it not have when they moved.
    private List<Finding> exposed() {
        var findings = new ArrayList<Finding>();
        try {
            datastore.datasets().forEach(state -> exposed(state).ifPresent(findings::add));
        } catch (Unavailable failed) {
            LOG.warn("the links to the newest versions are left to the next sweep: {}", failed.getMessage());
        }
        return findings;
    }

    private Optional<Finding> exposed(DatasetState state) {
        try {
            datastore.expose(state.dataset());
            return Optional.empty();
        } catch (IOException | Unavailable failed) {
            return state.head()
                    .map(head -> new Finding(
                            "link to the newest version of " + state.dataset(),
                            head.operation(),
                            false,
                            String.valueOf(failed.getMessage())));
        }
    }

    private static Optional<String> kept(Set<OperationId> open, OperationId operation) {
        return open.contains(operation) ? Optional.of("its attempt is open") : Optional.empty();
    }

    /// What was never made by an attempt of this journal cannot be judged: a file that someone has put back, or an
    /// attempt that was lost with an older journal.
    private Optional<String> unknown(OperationId operation) {
        return journal.attempt(operation).isPresent()
                ? Optional.empty()
                : Optional.of("the journal does not know its attempt: see `belay repair`");
    }

    /// A copy is needed unless a live dictionary that holds all it says is visible.
    private Optional<String> needed(StashEntry entry) {
        DatasetState now = datastore.state(entry.dataset());
        if (now.presence() != Presence.LIVE || now.dictionary().isEmpty()) {
            return Optional.of("the dataset has no live dictionary");
        }
        return now.incarnation().equals(Optional.of(entry.incarnation()))
                ? Optional.empty()
                : Optional.of("it belongs to an earlier dataset of this name");
    }

    private static Finding judged(
            String what, OperationId operation, Optional<String> reason, BooleanSupplier removal) {
        if (reason.isPresent()) {
            return new Finding(what, operation, false, reason.get());
        }
        try {
            return removal.getAsBoolean()
                    ? new Finding(what, operation, true, "its attempt has ended")
                    : new Finding(what, operation, false, "it is gone, or not what its name says");
        } catch (Unavailable failed) {
            return new Finding(what, operation, false, failed.failure().message());
        }
    }
}
