package dev.belay.runtime;

import dev.belay.format.FormatLimits;
import dev.belay.intake.EventFormat;
import dev.belay.intake.GroupProtocol;
import dev.belay.intake.IntakeSettings;
import dev.belay.intake.TopicPlan;
import dev.belay.parts.Cores;
import dev.belay.runtime.folder.DataFolder;
import dev.belay.runtime.settings.Choosable;
import dev.belay.runtime.settings.Settings;
import dev.belay.saga.SagaSettings;
import dev.belay.schemas.Topics;
import dev.belay.screen.Screening;
import dev.belay.source.HttpSettings;
import dev.belay.source.SourceSettings;
import dev.belay.stage.Gate;
import dev.belay.stage.RejectsLedger;
import dev.belay.stores.StorePlace;
import dev.belay.stores.StorePlaces;
import dev.belay.tabular.ReadLimits;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/// What each room is told of the settings. Pure.
public final class RoomSettings {
    private final Settings settings;

    /// @param settings all of them, checked
    public RoomSettings(Settings settings) {
        this.settings = settings;
    }

    /// Where everything of this installation lies that is in files; where a store is none, the data folder stands for
    /// its own.
    public DataFolder folder() {
        return new DataFolder(settings.data(), folderOf(settings.journalPlace()), folderOf(settings.datastorePlace()));
    }

    private Path folderOf(StorePlace place) {
        return switch (place) {
            case StorePlace.Folder(Path path) -> path;
            case StorePlace.Server _ -> settings.data();
        };
    }

    /// Where journal, stash and datastore are.
    public StorePlaces places() {
        return new StorePlaces(folder().root(), settings.journalPlace(), settings.datastorePlace(), new SecureRandom());
    }

    /// @param slot             the worker's place in the group; for clients that are no worker any word
    /// @param bootstrapServers where Kafka is
    public IntakeSettings intake(String slot, String bootstrapServers) {
        var kafka = new HashMap<>(settings.kafka().clientProperties());
        kafka.put("bootstrap.servers", bootstrapServers);
        Settings.Worker worker = settings.worker();
        return new IntakeSettings(
                new Topics(settings.topics().prefix()),
                slot,
                new IntakeSettings.Group(
                        worker.group(),
                        switch (worker.groupProtocol()) {
                            case CLASSIC -> GroupProtocol.CLASSIC;
                            case CONSUMER -> GroupProtocol.CONSUMER;
                        },
                        worker.sessionTimeout(),
                        worker.revokeWithin()),
                new IntakeSettings.Flow(
                        worker.concurrency(),
                        worker.window(),
                        settings.limits().messageBytes(),
                        settings.limits().bufferBytes(),
                        settings.retry().maxAttempts(),
                        settings.retry().delays()),
                new IntakeSettings.Emission(
                        switch (settings.events().format()) {
                            case STRUCTURED -> EventFormat.STRUCTURED;
                            case BINARY -> EventFormat.BINARY;
                        },
                        settings.events().source(),
                        settings.events().notices(),
                        settings.events().progressEvery()),
                kafka);
    }

    /// How topics are made and what they are compared with.
    public TopicPlan topics() {
        OptionalInt replication = switch (settings.topics().replication()) {
            case Choosable.Automatic() -> OptionalInt.empty();
            case Choosable.Chosen(int number) -> OptionalInt.of(number);
        };
        return new TopicPlan(
                settings.topics().partitions(),
                replication,
                TopicPlan.DEFAULT.jobsKept(),
                TopicPlan.DEFAULT.outcomesKept());
    }

    SagaSettings saga() {
        return new SagaSettings(
                settings.versions().keep(),
                settings.retry().delays(),
                settings.worker().ownerLostAfter(),
                settings.events().source());
    }

    /// @param moreRoots folders that this run may read besides those of the settings
    SourceSettings source(List<Path> moreRoots) {
        var roots = new ArrayList<>(settings.source().roots());
        roots.addAll(moreRoots);
        Settings.Http http = settings.source().http();
        return new SourceSettings(
                roots,
                folder().own(),
                settings.limits().sourceBytes(),
                new HttpSettings(
                        http.allow(),
                        Set.copyOf(http.ports()),
                        http.connectTimeout(),
                        http.timeout(),
                        http.bodyTimeout(),
                        http.minBytesPerSecond(),
                        http.maxRedirects(),
                        http.attempts(),
                        http.backoff(),
                        http.retryAfterCap(),
                        http.breakerFailures(),
                        http.breakerPause(),
                        http.perHost()));
    }

    RejectsLedger rejects() {
        return new RejectsLedger(
                folder().rejects(),
                new RejectsLedger.Limits(
                        settings.limits().rejectsKept(),
                        settings.limits().rejectBytesKept(),
                        settings.limits().rejectExamples()));
    }

    /// The threads of [Settings.Worker#cores]; closed by the caller.
    public Cores cores() {
        return new Cores(
                switch (settings.worker().cores()) {
                    case Choosable.Automatic() -> Runtime.getRuntime().availableProcessors();
                    case Choosable.Chosen(int number) -> number;
                });
    }

    Gate gate() {
        Settings.Screen screen = settings.screen();
        return new Gate(
                new Screening(screen.patterns(), screen.samples(), screen.patternBytes()),
                screen.usual(),
                screen.reviewWithin());
    }

    FormatLimits formats() {
        Settings.Limits all = settings.limits();
        Settings.Unpacking unpacking = all.unpacking();
        return new FormatLimits(
                unpacking.bytes(),
                unpacking.ratio(),
                unpacking.archiveEntries(),
                unpacking.archiveDepth(),
                unpacking.jsonDepth(),
                all.fieldBytes(),
                all.recordBytes(),
                all.columns());
    }

    ReadLimits reading() {
        return new ReadLimits(
                settings.limits().fieldBytes(),
                settings.limits().recordBytes(),
                settings.limits().columns(),
                Math.max(settings.limits().rejectExamples(), settings.limits().rejectsKept()));
    }
}
