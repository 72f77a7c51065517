package dev.belay.cli;

import dev.belay.job.JobFailure;
import dev.belay.runtime.Worker;
import dev.belay.runtime.logging.LogPlan;
import dev.belay.runtime.settings.Settings;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;

/// `belay worker`: a worker against the Kafka of the settings, until SIGTERM; then it drains within
/// `worker.stopWithin`.
@Command(
        name = "worker",
        description = "Run a worker against the configured Kafka until it is told to stop (SIGTERM, Ctrl-C).",
        mixinStandardHelpOptions = true)
final class WorkerCommand extends dev.belay.cli.Command {
    WorkerCommand(Screen screen) {
        super(screen);
    }

    @Override
    int execute() throws JobFailure, InterruptedException {
        Settings settings = options.settings();
        Belay.log(LogPlan.worker(settings.log()));
        String servers = GlobalOptions.requiredBootstrapServers(settings);
        try (Worker worker = Worker.start(settings, servers, List.of())) {
            Runtime.getRuntime().addShutdownHook(new Thread(worker::close, "belay-stop"));
            screen.say("worker %s takes jobs from %s".formatted(worker.id(), servers));
            while (true) {
                Fatal.await(worker.failure(), 1, TimeUnit.HOURS);
            }
        }
    }
}
