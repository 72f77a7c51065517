package dev.belay.cli;

import dev.belay.intake.TopicAdmin;
import dev.belay.job.JobFailure;
import dev.belay.runtime.RoomSettings;
import dev.belay.runtime.settings.Settings;
import java.util.List;
import picocli.CommandLine.Command;

/// `belay topics create`: makes the topics that are missing.
@Command(
        name = "create",
        description = "Make the topics that are missing; the others stay as they are.",
        mixinStandardHelpOptions = true)
final class TopicsCreateCommand extends dev.belay.cli.Command {
    TopicsCreateCommand(Screen screen) {
        super(screen);
    }

    @Override
    int execute() throws JobFailure, InterruptedException {
        Settings settings = options.settings();
        Belay.logQuietly(settings);
        String servers = GlobalOptions.requiredBootstrapServers(settings);
        var rooms = new RoomSettings(settings);
        try (var admin = new TopicAdmin(rooms.intake("command", servers), KafkaWay.PATIENCE)) {
            List<String> made = admin.create(rooms.topics());
            made.stream().sorted().forEach(topic -> screen.print("created " + topic));
            if (made.isEmpty()) {
                screen.say("all topics are there; nothing was made");
            }
            screen.say("next      belay topics check");
        }
        return ExitCode.DONE;
    }
}
