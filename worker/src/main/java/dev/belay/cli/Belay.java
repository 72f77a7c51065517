package dev.belay.cli;

import dev.belay.job.FsyncFailed;
import dev.belay.job.JobFailure;
import dev.belay.job.Unavailable;
import dev.belay.runtime.logging.LogPlan;
import dev.belay.runtime.logging.Logging;
import dev.belay.runtime.settings.Settings;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ParseResult;

/// The program: finds the command, runs it, turns what it throws into words and an exit code.
@CommandLine.Command(
        name = "belay",
        description =
                "Loads files into datasets through Kafka; what is published stays served until the next version is whole.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class Belay {
    private Belay() {}

    /// Runs one command and ends the process with its exit code.
    public static void main(String[] arguments) {
        int code = 0;
        try {
            code = execute(Screen.ofThisProcess(), arguments);
        } catch (FsyncFailed fsync) {
            // Met while starting, or by a command that writes.
            Fatal.halt(fsync);
        }
        // Not only returned: threads of clients that are still closing must not keep a finished command waiting.
        System.exit(code);
    }

    /// @return an [ExitCode]
    static int execute(Screen screen, String... arguments) {
        return commandLine(screen).execute(arguments);
    }

    /// The commands. Help, completions and the document of all commands are made from it.
    static CommandLine commandLine(Screen screen) {
        var line = new CommandLine(new Belay());
        line.addSubcommand(new RunCommand(screen));
        line.addSubcommand(new DevCommand(screen));
        line.addSubcommand(new WorkerCommand(screen));
        line.addSubcommand(new SubmitCommand(screen));
        line.addSubcommand(jobs(screen));
        line.addSubcommand(new RejectsCommand(screen));
        line.addSubcommand(datasets(screen));
        line.addSubcommand(new WhyCommand(screen));
        line.addSubcommand(dictionary(screen));
        line.addSubcommand(stash(screen));
        line.addSubcommand(topics(screen));
        line.addSubcommand(new ConfigCommand(screen));
        line.addSubcommand(new DoctorCommand(screen));
        line.addSubcommand(new HealthCommand(screen));
        line.addSubcommand(new DrillCommand(screen));
        line.addSubcommand(new CommandLine(new BenchCommand(screen)).addSubcommand(new BenchSmallCommand(screen)));
        line.addSubcommand(new RepairCommand(screen));
        line.addSubcommand(new AotTrainCommand(screen));
        line.addSubcommand(new HelpCommand());
        var completion = new CommandLine(new AutoComplete.GenerateCompletion());
        completion.getCommandSpec().usageMessage().hidden(false);
        line.addSubcommand("completion", completion);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((thrown, failed, parsed) -> failed(screen, thrown, parsed));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(screen.isColoured() ? Ansi.ON : Ansi.OFF));
        return line;
    }

    private static CommandLine jobs(Screen screen) {
        return CommandGroup.of("jobs", "What was asked for and how it went.")
                .addSubcommand(new JobsListCommand(screen))
                .addSubcommand(new JobsShowCommand(screen))
                .addSubcommand(new JobsWatchCommand(screen))
                .addSubcommand(new JobsRetryCommand(screen))
                .addSubcommand(new ReviewCommand.Approve(screen))
                .addSubcommand(new ReviewCommand.Reject(screen));
    }

    private static CommandLine datasets(Screen screen) {
        return CommandGroup.of("datasets", "What is published, and its history.")
                .addSubcommand(new DatasetsListCommand(screen))
                .addSubcommand(new DatasetsShowCommand(screen))
                .addSubcommand(new DatasetsProfileCommand(screen))
                .addSubcommand(new DatasetsHistoryCommand(screen))
                .addSubcommand(new DatasetsRestoreCommand(screen))
                .addSubcommand(new DatasetsReleaseCommand(screen));
    }

    private static CommandLine dictionary(Screen screen) {
        return CommandGroup.of("dictionary", "What people say about the columns of a dataset; loads keep it.")
                .addSubcommand(new DictionaryShowCommand(screen))
                .addSubcommand(new DictionarySetCommand(screen))
                .addSubcommand(new DictionaryImportCommand(screen))
                .addSubcommand(new DictionaryExportCommand(screen));
    }

    private static CommandLine stash(Screen screen) {
        return CommandGroup.of("stash", "Copies of dictionaries that are held in safety.")
                .addSubcommand(new StashListCommand(screen))
                .addSubcommand(new StashShowCommand(screen))
                .addSubcommand(new StashResolveCommand(screen));
    }

    private static CommandLine topics(Screen screen) {
        return CommandGroup.of("topics", "The Kafka topics that Belay needs.")
                .addSubcommand(new TopicsCreateCommand(screen))
                .addSubcommand(new TopicsCheckCommand(screen));
    }

    /// Sets up logging as a command wants it.
    static void log(LogPlan plan) {
        Logging.apply(plan);
    }

    /// Commands that only print log warnings.
    static void logQuietly(Settings settings) {
        Logging.apply(LogPlan.command(settings.log()));
    }

    private static int failed(Screen screen, Exception thrown, ParseResult parsed) {
        boolean debug = parsed.expandedArgs().contains("--debug");
        if (debug) {
            thrown.printStackTrace();
        }
        return switch (thrown) {
            case JobFailure known -> {
                screen.fail(known.failure());
                yield ExitCode.of(known.failure());
            }
            case Unavailable known -> {
                screen.fail(known.failure());
                yield ExitCode.of(known.failure());
            }
            default -> {
                screen.say("error INTERNAL: " + thrown);
                screen.say("      This is a defect of ours; --debug shows where. What was published is still served.");
                yield ExitCode.UNREACHABLE;
            }
        };
    }
}
