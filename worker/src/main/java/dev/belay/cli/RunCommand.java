package dev.belay.cli;

import dev.belay.intake.EventFollower;
import dev.belay.intake.IntakeSettings;
import dev.belay.intake.JobSubmitter;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Place;
import dev.belay.runtime.RoomSettings;
import dev.belay.runtime.folder.Endpoint;
import dev.belay.runtime.logging.LogPlan;
import dev.belay.runtime.settings.Settings;
import dev.belay.schemas.JobMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `belay run`: the whole way of a job on one machine, from nothing: broker, topics, message, worker, event; then
/// stops.
@Command(
        name = "run",
        description = "Load files: start a Kafka broker and a worker, load, show the result, stop.",
        mixinStandardHelpOptions = true)
final class RunCommand extends dev.belay.cli.Command {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Parameters(arity = "1..*", paramLabel = "SRC", description = "Files (paths) or http(s) URLs.")
    private List<String> sources = new ArrayList<>();

    @Mixin
    private JobOptions job = new JobOptions();

    @Option(names = "--json", description = "Print one JSON object per job: the terminal event's data.")
    private boolean json;

    @Option(names = "--quiet", description = "Say nothing but the outcome.")
    private boolean quiet;

    RunCommand(Screen screen) {
        super(screen);
    }

    @Override
    int execute() throws JobFailure, InterruptedException {
        var messages = new ArrayList<JobMessage>();
        for (String source : sources) {
            messages.add(job.message(source));
        }
        // A person is waiting: retries come soon unless the settings say otherwise.
        Settings settings = options.settingsOr("retry.delays", "1s,2s,5s");
        Belay.log(
                LogPlan.run(settings.log(), new RoomSettings(settings).folder().logFile()));
        Optional<Endpoint> living =
                new RoomSettings(settings).folder().endpoint().living();
        if (living.isPresent()) {
            return throughRunning(settings, living.get(), messages);
        }
        try (LocalStation station = LocalStation.start(settings, Endpoint.Kind.RUN, roots())) {
            return load(settings, station.bootstrapServers(), messages, Optional.of(station));
        }
    }

    private int throughRunning(Settings settings, Endpoint endpoint, List<JobMessage> messages)
            throws JobFailure, InterruptedException {
        if (endpoint.kind() == Endpoint.Kind.RUN) {
            throw new JobFailure(new Failure.Configuration(
                    FailureCode.DATA_FOLDER_IN_USE,
                    "another `belay run` (process %d) works on %s".formatted(endpoint.pid(), settings.data()),
                    Place.NONE));
        }
        if (!quiet) {
            screen.say(screen.dim("using the running belay dev at " + endpoint.bootstrapServers()));
        }
        return load(settings, endpoint.bootstrapServers(), messages, Optional.empty());
    }

    private int load(Settings settings, String servers, List<JobMessage> messages, Optional<LocalStation> station)
            throws JobFailure, InterruptedException {
        IntakeSettings intake = new RoomSettings(settings).intake("run", servers);
        try (EventFollower follower = EventFollower.fromNow(intake, PATIENCE);
                var submitter = new JobSubmitter(intake)) {
            for (JobMessage message : messages) {
                submitter.submit(message, PATIENCE);
            }
            var view = new JobsView(screen, new JobsView.Manner(json, quiet), settings);
            return view.follow(follower, messages, () -> station.map(LocalStation::worker));
        }
    }

    /// The folders of the files that were named on the command line: naming a file is leave to read it.
    private List<Path> roots() {
        var roots = new ArrayList<Path>();
        for (String source : sources) {
            JobOptions.local(source).map(RunCommand::existingFolder).ifPresent(roots::add);
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
}
