package dev.belay.drill;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/// How `belay` is launched in a JVM of its own.
///
/// @param java      the `java` executable
/// @param options   of the JVM
/// @param classPath as this JVM has it
public record Program(Path java, List<String> options, String classPath) {
    // A short life: neither the second compiler nor a second collector thread pays.
    private static final List<String> QUICK = List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-Xlog:disable",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    /// Copies the options.
    public Program {
        options = List.copyOf(options);
    }

    /// The program this JVM runs, with its ahead-of-time cache when the launcher has named one.
    ///
    /// @param properties system properties
    /// @param arguments  what this JVM was launched with
    public static Program ofThisJvm(Properties properties, List<String> arguments) {
        var options = new ArrayList<>(QUICK);
        arguments.stream()
                .filter(argument -> argument.startsWith("-XX:AOTCache=") || argument.startsWith("-Dbelay.home="))
                .forEach(options::add);
        return new Program(
                Path.of(properties.getProperty("java.home"), "bin", "java"),
                options,
                properties.getProperty("java.class.path"));
    }

    /// The same with more options.
    public Program with(List<String> more) {
        var all = new ArrayList<>(options);
        all.addAll(more);
        return new Program(java, all, classPath);
    }

    List<String> command(List<String> arguments) {
        var command = new ArrayList<String>();
        command.add(java.toString());
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, "dev.belay.cli.Belay"));
        command.addAll(arguments);
        return command;
    }
}
