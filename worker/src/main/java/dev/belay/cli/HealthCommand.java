package dev.belay.cli;

import dev.belay.job.JobFailure;
import dev.belay.runtime.RoomSettings;
import dev.belay.runtime.folder.SignOfLife;
import dev.belay.runtime.settings.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
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
        Duration within = settings.worker().ownerLostAfter();
        Path workers = new RoomSettings(settings).folder().workers();
        Instant now = InstantSource.system().instant();
        Optional<Instant> last = last(workers);
        if (last.isEmpty()) {
            screen.say("no worker of %s has said that it lives; belay doctor looks further".formatted(settings.data()));
            return ExitCode.UNREACHABLE;
        }
        Duration silent = Duration.between(last.get(), now);
        if (silent.compareTo(within) > 0) {
            screen.say("no worker of %s has said for %d s that it lives (worker.ownerLostAfter is %d s)"
                    .formatted(settings.data(), silent.toSeconds(), within.toSeconds()));
            return ExitCode.UNREACHABLE;
        }
        screen.print("alive, %d s ago".formatted(Math.max(0, silent.toSeconds())));
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
