package dev.belay.cli;

import dev.belay.job.JobFailure;
import dev.belay.runtime.RoomSettings;
import dev.belay.runtime.Worker;
import dev.belay.runtime.folder.Endpoint;
import dev.belay.runtime.logging.LogPlan;
import dev.belay.runtime.settings.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `belay dev`: a broker and a worker on the data folder until Ctrl-C; other commands find them without flags.
@Command(
        name = "dev",
        description = "Keep a Kafka broker and a worker up until Ctrl-C; other terminals need no flags.",
        mixinStandardHelpOptions = true)
final class DevCommand extends dev.belay.cli.Command {
    @Option(
            names = "--root",
            paramLabel = "DIR",
            description = "A folder jobs may read local files from; may be repeated (default: this folder).")
    private List<Path> roots = new ArrayList<>();

    DevCommand(Screen screen) {
        super(screen);
    }

    @Override
    int execute() throws JobFailure, InterruptedException {
        Settings settings = options.settings();
        var folder = new RoomSettings(settings).folder();
        Belay.log(LogPlan.dev(settings.log(), folder.logFile()));
        Worker.limitProcess();
        List<Path> readable = roots.isEmpty() ? List.of(Path.of("").toAbsolutePath()) : roots;
        try (LocalStation station = LocalStation.start(settings, Endpoint.Kind.DEV, readable)) {
            screen.print("bootstrap.servers  " + station.bootstrapServers());
            station.worker().metricsUrl().ifPresent(url -> screen.say("metrics            " + url));
            screen.say("data folder        " + folder.root());
            screen.say("files may come from " + readable);
            screen.say("try, in another terminal:  belay submit FILE --wait");
            screen.say("stop with Ctrl-C");
            while (true) {
                Fatal.await(station.failure(), 1, TimeUnit.HOURS);
            }
        }
    }
}
