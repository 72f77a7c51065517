package dev.belay.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;

/// How `belay` is launched in a JVM of its own: as its launcher does it.
///
/// @param executable the `java` executable
/// @param options    what this JVM was given of ahead-of-time caches, heap and collector
/// @param classPath  as this JVM has it
public record Program(Path executable, List<String> options, String classPath) {
    private static final Pattern COLLECTOR = Pattern.compile("-XX:\\+Use\\w+GC");
    private static final List<String> USUAL = List.of(
            "-Xlog:disable",
            "-XX:-UsePerfData",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    /// Copies the list.
    public Program {
        options = List.copyOf(options);
    }

    /// The program this JVM runs.
    ///
    /// @param properties system properties
    /// @param arguments  what this JVM was launched with
    public static Program ofThisJvm(Properties properties, List<String> arguments) {
        return new Program(
                Path.of(properties.getProperty("java.home"), "bin", "java"),
                arguments.stream()
                        .filter(argument -> argument.startsWith("-XX:AOTCache=")
                                || argument.startsWith("-Xm")
                                || COLLECTOR.matcher(argument).matches()
                                || argument.startsWith("-Dbelay.home=")
                                || argument.startsWith("-Dbelay.broker.aot="))
                        .toList(),
                properties.getProperty("java.class.path"));
    }

    /// `belay` as the launcher runs it.
    List<String> belay(List<String> arguments) {
        return command(options, classPath, "dev.belay.cli.Belay", arguments);
    }

    /// Another program of a JVM.
    List<String> java(String classes, String main, List<String> arguments) {
        return command(List.of(), classes, main, arguments);
    }

    private List<String> command(List<String> options, String classes, String main, List<String> arguments) {
        var command = new ArrayList<String>();
        command.add(executable.toString());
        command.addAll(USUAL);
        command.addAll(options);
        command.addAll(List.of("-cp", classes, main));
        command.addAll(arguments);
        return command;
    }
}
