package dev.belay.cli;

import dev.belay.job.JobFailure;
import dev.belay.runtime.Worker;
import dev.belay.runtime.logging.LogPlan;
import dev.belay.runtime.settings.Settings;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `belay worker`: a worker against the Kafka of the settings, until SIGTERM; then it drains within
/// `worker.stopWithin`.
@Command(
        name = "worker",
        description = "Run a worker against the configured Kafka until it is told to stop (SIGTERM, Ctrl-C).",
        mixinStandardHelpOptions = true)
final class WorkerCommand extends dev.belay.cli.Command {
    @Option(
            names = "--until-stdin-ends",
            hidden = true,
            description = "End at once when standard input ends: for a parent that leaves no worker behind.")
    private boolean untilInputEnds;

    WorkerCommand(Screen screen) {
        super(screen);
    }

    @Override
    int execute() throws JobFailure, InterruptedException {
        Settings settings = options.settings();
        Belay.log(LogPlan.worker(settings.log()));
        Worker.limitProcess();
        if (untilInputEnds) {
            Thread.ofPlatform().daemon().name("belay-parent").start(WorkerCommand::endWithInput);
        }
        String servers = GlobalOptions.requiredBootstrapServers(settings);
        try (Worker worker = Worker.start(settings, servers, List.of())) {
            Fatal.haltOn(worker.failure());
            Runtime.getRuntime().addShutdownHook(new Thread(worker::close, "belay-stop"));
            screen.say("worker %s takes jobs from %s".formatted(worker.id(), servers));
            while (true) {
                Fatal.await(worker.failure(), 1, TimeUnit.HOURS);
            }
        }
    }

    /// The operating system closes the pipe however the parent dies.
    private static void endWithInput() {
        try {
            while (System.in.read() != -1) {
                // The parent sends nothing; only the end matters.
            }
        } catch (IOException alsoTheEnd) {
            // The same as the end.
        }
        Runtime.getRuntime().halt(ExitCode.UNREACHABLE);
    }
}
