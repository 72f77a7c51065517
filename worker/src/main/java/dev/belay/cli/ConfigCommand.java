package dev.belay.cli;

import dev.belay.job.JobFailure;
import dev.belay.runtime.settings.SettingsReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `belay config`: the settings in force and where each came from.
@Command(
        name = "config",
        description = "List all settings with their values and where each came from.",
        mixinStandardHelpOptions = true)
final class ConfigCommand extends dev.belay.cli.Command {
    @Option(names = "--json", description = "Print a JSON array.")
    private boolean json;

    ConfigCommand(Screen screen) {
        super(screen);
    }

    @Override
    int execute() throws JobFailure {
        SettingsReport report = options.effective().report();
        screen.print(json ? report.json() : report.table().stripTrailing());
        return ExitCode.DONE;
    }
}
