package dev.belay.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// `docs/commands.md` as it must be according to the commands themselves.
final class CommandsPage {
    private static final String HEAD = """
            # Commands

            Made from the commands themselves; after changing one, make it anew with
            `mvn -pl worker -am test -Dtest='CommandsPageTest' -Dsurefire.failIfNoSpecifiedTests=false -Ddocs.write=true`.

            stdout carries results, stderr everything else. `NO_COLOR` and output that is no terminal are honoured. A job
            can be named by any beginning of its id that no other id has.

            | exit code | means |
            |---|---|
            | 0 | done |
            | 1 | the job failed; a drill found a breach |
            | 2 | wrong usage or settings |
            | 3 | something could not be reached or used |
            | 4 | someone has to decide |
            | 74 | the disk failed to keep what was written; nothing more was written |

            """;

    private CommandsPage() {}

    static String text() {
        var nowhere = new PrintWriter(Writer.nullWriter());
        CommandLine belay = Belay.commandLine(Screen.to(nowhere, nowhere));
        var page = new StringBuilder(HEAD);
        page.append("Every command takes:\n\n| option | does |\n|---|---|\n");
        optionRows(
                page,
                Objects.requireNonNull(belay.getSubcommands().get("config")).getCommandSpec(),
                true);
        page.append("| `-h`, `--help` | Show this help message and exit. |\n");
        append(page, "belay", belay);
        return page.toString();
    }

    private static void append(StringBuilder page, String path, CommandLine parent) {
        parent.getSubcommands().forEach((name, command) -> {
            CommandSpec spec = command.getCommandSpec();
            if (spec.usageMessage().hidden() || name.equals("help")) {
                return;
            }
            String full = path + " " + name;
            page.append("\n%s `%s%s`\n\n%s\n"
                    .formatted(path.equals("belay") ? "##" : "###", full, arguments(spec), description(spec)));
            boolean listed = spec.positionalParameters().stream().findAny().isPresent()
                    || spec.options().stream().anyMatch(option -> isOwn(option, spec));
            if (listed) {
                page.append("\n| argument or option | does |\n|---|---|\n");
                spec.positionalParameters()
                        .forEach(one -> page.append("| `%s` | %s |\n".formatted(one.paramLabel(), words(one))));
                optionRows(page, spec, false);
            }
            append(page, full, command);
        });
    }

    private static void optionRows(StringBuilder page, CommandSpec spec, boolean global) {
        spec.options().stream()
                .filter(option -> global ? isGlobal(option) : isOwn(option, spec))
                .forEach(option -> page.append("| `%s%s` | %s |\n"
                        .formatted(
                                option.longestName(),
                                option.arity().max() == 0 ? "" : "=" + option.paramLabel(),
                                words(option))));
    }

    private static boolean isOwn(OptionSpec option, CommandSpec spec) {
        return !isGlobal(option)
                && !option.usageHelp()
                && !option.versionHelp()
                && !option.hidden()
                && spec.options().contains(option);
    }

    private static boolean isGlobal(OptionSpec option) {
        return option.userObject() instanceof java.lang.reflect.Field field
                && field.getDeclaringClass() == GlobalOptions.class;
    }

    private static String arguments(CommandSpec spec) {
        return spec.positionalParameters().stream().map(CommandsPage::argument).collect(Collectors.joining());
    }

    private static String argument(PositionalParamSpec argument) {
        String label = argument.paramLabel() + (argument.arity().max() > 1 ? "..." : "");
        return argument.required() ? " " + label : " [" + label + "]";
    }

    private static String description(CommandSpec spec) {
        return words(spec.usageMessage().description());
    }

    /// The description with its default and candidates in place.
    private static String words(ArgSpec argument) {
        var candidates = new ArrayList<String>();
        if (argument.completionCandidates() != null) {
            argument.completionCandidates().forEach(candidates::add);
        }
        return words(argument.description())
                .replace("${DEFAULT-VALUE}", String.valueOf(argument.defaultValue()))
                .replace("${COMPLETION-CANDIDATES}", String.join(", ", candidates));
    }

    private static String words(String[] lines) {
        return Arrays.stream(lines)
                .collect(Collectors.joining(" "))
                .replace("%n", " ")
                .replace("|", "\\|")
                .strip();
    }

    static Path file() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("docs")) && folder.getParent() != null) {
            folder = folder.getParent();
        }
        return folder.resolve("docs").resolve("commands.md");
    }
}
