package dev.belay.cli;

import dev.belay.intake.TopicAdmin;
import dev.belay.job.JobFailure;
import dev.belay.runtime.RoomSettings;
import dev.belay.runtime.settings.Settings;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `belay topics check`: what differs from what Belay needs, with the command that mends it.
@Command(
        name = "check",
        description = "Say what about the topics differs from what Belay needs, and what mends it; exits 4 then.",
        mixinStandardHelpOptions = true)
final class TopicsCheckCommand extends dev.belay.cli.Command {
    @Option(names = "--json", description = "Print a JSON array of what differs.")
    private boolean json;

    TopicsCheckCommand(Screen screen) {
        super(screen);
    }

    @Override
    int execute() throws JobFailure, InterruptedException {
        Settings settings = options.settings();
        Belay.logQuietly(settings);
        String servers = GlobalOptions.requiredBootstrapServers(settings);
        var rooms = new RoomSettings(settings);
        List<TopicAdmin.Difference> differences;
        try (var admin = new TopicAdmin(rooms.intake("command", servers), KafkaWay.PATIENCE)) {
            differences = admin.check(rooms.topics());
        }
        if (json) {
            var array = Json.array();
            differences.forEach(one -> array.addObject()
                    .put("topic", one.topic())
                    .put("what", one.what())
                    .put("mend", one.mend()));
            screen.print(array.toPrettyString());
        } else {
            for (TopicAdmin.Difference one : differences) {
                screen.print("%s %s: %s".formatted(screen.yellow("differs"), one.topic(), one.what()));
                screen.print("  mend    " + one.mend());
            }
            if (differences.isEmpty()) {
                screen.print("%s the topics at %s are as they should be".formatted(screen.green("ok"), servers));
            }
        }
        return differences.isEmpty() ? ExitCode.DONE : ExitCode.NEEDS_DECISION;
    }
}
