package dev.belay.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// A word that only gathers commands, such as `belay jobs`; by itself it is wrong usage and lists them.
final class CommandGroup {
    private CommandGroup() {}

    /// @param description one sentence for the help
    static CommandLine of(String name, String description) {
        var nothing = new Callable<Integer>() {
            private CommandSpec spec = CommandSpec.create();

            @Override
            public Integer call() {
                throw new ParameterException(
                        spec.commandLine(),
                        "belay %s needs one of: %s"
                                .formatted(
                                        name,
                                        String.join(", ", spec.subcommands().keySet())));
            }
        };
        CommandSpec spec = CommandSpec.wrapWithoutInspection(nothing).name(name).mixinStandardHelpOptions(true);
        spec.usageMessage().description(description).synopsisSubcommandLabel("COMMAND");
        nothing.spec = spec;
        return new CommandLine(spec);
    }
}
