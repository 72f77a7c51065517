package dev.belay.cli;

import dev.belay.job.JobFailure;
import dev.belay.runtime.RoomSettings;
import dev.belay.runtime.logging.LogPlan;
import dev.belay.runtime.settings.Settings;
import dev.belay.schemas.JobMessage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
    @Parameters(arity = "0..*", paramLabel = "SRC", description = "Files (paths) or http(s) URLs.")
    private List<String> sources = new ArrayList<>();

    @Option(
            names = "--job",
            paramLabel = "FILE",
            description =
                    "A job message as JSON; paths in it are from here. Of a job's options only --dry-run goes with it.")
    private @Nullable Path jobFile;

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
        List<JobMessage> messages = SubmitCommand.messages(sources, job, jobFile, options);
        // A person is waiting: retries come soon unless the settings say otherwise.
        Settings settings = options.settingsOr("retry.delays", KafkaWay.SOON);
        Belay.log(
                LogPlan.run(settings.log(), new RoomSettings(settings).folder().logFile()));
        try (KafkaWay way =
                KafkaWay.open(settings, KafkaWay.roots(messages), quiet ? Optional.empty() : Optional.of(screen))) {
            return new JobsView(screen, new JobsView.Manner(json, quiet), settings).load(way, messages);
        }
    }
}
