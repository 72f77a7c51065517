package dev.belay.cli;

import dev.belay.job.JobFailure;
import dev.belay.runtime.RoomSettings;
import dev.belay.runtime.folder.Liveness;
import dev.belay.runtime.folder.SignOfLife;
import dev.belay.runtime.settings.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import picocli.CommandLine.Command;

/// `belay health`: for whatever restarts workers. Looks at one file; asks neither Kafka nor a store,
/// whose outages no restart mends.
@Command(
        name = "health",
        description =
                "Say whether a worker of this data folder lives: 0 if it has said so within worker.ownerLostAfter, else 3. Asks neither Kafka nor the stores.",
        mixinStandardHelpOptions = true)
final class HealthCommand extends dev.belay.cli.Command {
    HealthCommand(Screen screen) {
        super(screen);
    }

    @Override
    int execute() throws JobFailure {
        Settings settings = options.settings();
        Path workers = new RoomSettings(settings).folder().workers();
        var liveness = Liveness.of(
                last(workers),
                settings.worker().ownerLostAfter(),
                InstantSource.system().instant());
        String text = liveness.text("no worker of %s has".formatted(settings.data()));
        if (!liveness.lives()) {
            screen.say(text);
            return ExitCode.UNREACHABLE;
        }
        screen.print(text);
        return ExitCode.DONE;
    }

    private static Optional<Instant> last(Path workers) {
        try {
            return SignOfLife.last(workers);
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }
}
