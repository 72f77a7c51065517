package dev.belay.cli;

import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.IdSource;
import dev.belay.job.JobFailure;
import dev.belay.job.Place;
import dev.belay.job.WorkerId;
import dev.belay.runtime.RoomSettings;
import dev.belay.runtime.folder.DataFolder;
import dev.belay.runtime.folder.WorkerSlot;
import dev.belay.runtime.settings.Settings;
import dev.belay.stores.StorePlace;
import dev.belay.stores.StorePlaces;
import dev.belay.upkeep.Item;
import dev.belay.upkeep.Repair;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `belay repair`: compares what is kept in several places, and mends what has one right answer.
@Command(
        name = "repair",
        description =
                "Compare journal, catalog, version files, links, stash and workspaces; mend what has one right answer, list the rest. Exits 4 if something is left.",
        mixinStandardHelpOptions = true)
final class RepairCommand extends dev.belay.cli.Command {
    /// Mending a store brings to light what is compared with it: links, then what is left over.
    private static final int ROUNDS = 4;

    @Option(names = "--confirm", description = "Really mend; without this it is only shown. No worker may run.")
    private boolean confirmed;

    @Option(names = "--force", description = "With --confirm: mend also what gives something up, as said there.")
    private boolean forced;

    @Option(names = "--json", description = "Print a JSON array.")
    private boolean json;

    private final List<Shown> shown = new ArrayList<>();

    RepairCommand(Screen screen) {
        super(screen);
    }

    private record Shown(Item item, boolean mended) {}

    @Override
    int execute() throws JobFailure {
        Settings settings = options.settings();
        Belay.logQuietly(settings);
        DataFolder folder = new RoomSettings(settings).folder();
        boolean isOfThisHost = settings.journalPlace() instanceof StorePlace.Folder
                && settings.datastorePlace() instanceof StorePlace.Folder;
        if (isOfThisHost && !folder.exists()) {
            screen.say("there is nothing in %s yet; nothing to repair".formatted(folder.root()));
            return ExitCode.DONE;
        }
        var clock = InstantSource.system();
        StorePlaces places = new RoomSettings(settings).places();
        var repair = new Repair(places, IdSource.random(clock), clock);
        if (confirmed) {
            refuseBesideWorkers(places, clock, settings.worker().ownerLostAfter());
            mended(repair, folder);
        } else {
            repair.look().forEach(item -> shown.add(new Shown(item, false)));
        }
        print();
        return shown.stream().allMatch(Shown::mended) ? ExitCode.DONE : ExitCode.NEEDS_DECISION;
    }

    /// Those of this data folder hold its slots; those of other hosts are known by their signs of life.
    private static void refuseBesideWorkers(StorePlaces places, InstantSource clock, Duration ownerLostAfter)
            throws JobFailure {
        if (places.journal() instanceof StorePlace.Folder) {
            return;
        }
        try (StorePlaces.Decided decided = places.readDecided(IdSource.random(InstantSource.system()))) {
            List<WorkerId> living = decided.journal()
                    .map(journal -> journal.heardSince(
                            journal.sharedClock(clock).instant().minus(ownerLostAfter)))
                    .orElse(List.of());
            if (!living.isEmpty()) {
                throw new JobFailure(new Failure.Configuration(
                        FailureCode.DATA_FOLDER_IN_USE,
                        "workers live on this journal, or did a moment ago: %s; stop them all, wait for worker.ownerLostAfter"
                                .formatted(living.stream().map(WorkerId::slot).toList()),
                        Place.NONE));
            }
        }
    }

    private void mended(Repair repair, DataFolder folder) throws JobFailure {
        folder.prepare();
        List<WorkerSlot> all = WorkerSlot.takeAll(folder.workers());
        try {
            List<Item> left = repair.look();
            for (int round = 0; round < ROUNDS && left.stream().anyMatch(this::isAllowed); round++) {
                for (Item item : left) {
                    if (isAllowed(item)) {
                        repair.mend(item);
                        shown.add(new Shown(item, true));
                    }
                }
                // What was listed beside a store that was mended is told while it is known.
                left.stream()
                        .filter(item -> item.answer() == Item.Answer.NONE)
                        .forEach(item -> shown.add(new Shown(item, false)));
                left = repair.look();
            }
            left.stream()
                    .filter(item -> shown.stream().noneMatch(known -> isSame(known.item(), item)))
                    .forEach(item -> shown.add(new Shown(item, false)));
        } finally {
            all.forEach(WorkerSlot::close);
        }
    }

    private static boolean isSame(Item one, Item other) {
        return one.what().equals(other.what()) && one.words().equals(other.words());
    }

    private boolean isAllowed(Item item) {
        return switch (item.answer()) {
            case ONE -> true;
            case FORCE -> forced;
            case NONE -> false;
        };
    }

    private void print() {
        if (json) {
            var array = Json.array();
            shown.forEach(one -> array.addObject()
                    .put("what", one.item().what())
                    .put("words", one.item().words())
                    .put("answer", one.item().answer().name().toLowerCase(Locale.ROOT))
                    .put("mended", one.mended())
                    .put("next", one.item().next().isEmpty() ? null : one.item().next()));
            screen.print(array.toPrettyString());
            return;
        }
        for (Shown one : shown) {
            screen.print("%s %s: %s"
                    .formatted(mark(one), one.item().what(), one.item().words()));
            if (!one.item().next().isEmpty()) {
                screen.print("        next: " + one.item().next());
            }
        }
        if (shown.isEmpty()) {
            screen.print("nothing to repair");
        } else if (!confirmed) {
            sayWhatMends();
        }
    }

    private void sayWhatMends() {
        if (shown.stream().anyMatch(one -> one.item().answer() == Item.Answer.ONE)) {
            screen.say("next      belay repair --confirm   to mend what is marked \"mends\"; stop all workers before");
        }
        if (shown.stream().anyMatch(one -> one.item().answer() == Item.Answer.FORCE)) {
            screen.say("next      belay repair --confirm --force   to mend also what is marked \"force\"");
        }
    }

    private String mark(Shown one) {
        if (one.mended()) {
            return screen.green("mended ");
        }
        return switch (one.item().answer()) {
            case ONE -> screen.yellow("mends  ");
            case FORCE -> screen.yellow("force  ");
            case NONE -> screen.yellow("decide ");
        };
    }
}
