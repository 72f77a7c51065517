package dev.belay.cli;

import dev.belay.intake.IntakeSettings;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Place;
import dev.belay.runtime.RoomSettings;
import dev.belay.runtime.Worker;
import dev.belay.runtime.folder.Endpoint;
import dev.belay.runtime.settings.Settings;
import dev.belay.schemas.JobMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The Kafka by which a command's jobs get done: the one the settings name, else that of the running `belay dev`, else
/// a broker and a worker of the command's own that stop with it.
final class KafkaWay implements AutoCloseable {
    /// How long the broker has for each answer.
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /// Delays of retries where a person is waiting and the settings do not say otherwise.
    static final String SOON = "1s,2s,5s";

    private final IntakeSettings intake;
    private final Optional<LocalStation> station;

    private KafkaWay(Settings settings, String servers, Optional<LocalStation> station) {
        this.intake = new RoomSettings(settings).intake("command", servers);
        this.station = station;
    }

    /// To a Kafka that is there, with workers of its own.
    static KafkaWay to(Settings settings, String servers) {
        return new KafkaWay(settings, servers, Optional.empty());
    }

    /// The first of the three ways that is open.
    ///
    /// @param roots folders an own worker may read from besides those of the settings
    /// @param told  is told which way it is, unless it is the command's own
    /// @throws JobFailure `DATA_FOLDER_IN_USE` while another command's own broker runs on the data folder, and what
    /// starting one's own may meet
    static KafkaWay open(Settings settings, List<Path> roots, Optional<Screen> told)
            throws JobFailure, InterruptedException {
        Optional<String> configured = settings.kafka().bootstrapServers();
        if (configured.isPresent()) {
            told.ifPresent(screen ->
                    screen.say(screen.dim("using the configured Kafka at %s; a `belay worker` there does the job"
                            .formatted(configured.get()))));
            return to(settings, configured.get());
        }
        Optional<Endpoint> living =
                new RoomSettings(settings).folder().endpoint().living();
        if (living.isEmpty()) {
            LocalStation own = LocalStation.start(settings, Endpoint.Kind.RUN, roots);
            return new KafkaWay(settings, own.bootstrapServers(), Optional.of(own));
        }
        Endpoint endpoint = living.get();
        if (endpoint.kind() == Endpoint.Kind.RUN) {
            throw new JobFailure(new Failure.Configuration(
                    FailureCode.DATA_FOLDER_IN_USE,
                    "another one-shot belay (process %d) works on %s".formatted(endpoint.pid(), settings.data()),
                    Place.NONE));
        }
        told.ifPresent(
                screen -> screen.say(screen.dim("using the running belay dev at " + endpoint.bootstrapServers())));
        return to(settings, endpoint.bootstrapServers());
    }

    /// The folders of the files that jobs name: naming a file on the command line is leave to read it.
    static List<Path> roots(List<JobMessage> messages) {
        var roots = new ArrayList<Path>();
        for (JobMessage message : messages) {
            if (message.source() instanceof JobMessage.Source.Url url) {
                JobOptions.local(url.url()).map(KafkaWay::existingFolder).ifPresent(roots::add);
            }
        }
        return roots;
    }

    private static Path existingFolder(Path file) {
        Path folder = file.getParent();
        while (folder != null && !Files.isDirectory(folder)) {
            folder = folder.getParent();
        }
        return folder == null ? file.getRoot() : folder;
    }

    /// How clients are to reach it.
    IntakeSettings intake() {
        return intake;
    }

    /// The worker in this command's charge, if there is one.
    Optional<Worker> worker() {
        return station.map(LocalStation::worker);
    }

    @Override
    public void close() {
        station.ifPresent(LocalStation::close);
    }
}
