package dev.belay.runtime.broker;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/// How the broker's process is launched: which Java, which jars, which ahead-of-time cache.
///
/// @param java the `java` executable
/// @param classPath jars and folders, in the order in which the cache was made
/// @param cache what the JVM does with an ahead-of-time cache
public record BrokerProgram(Path java, List<String> classPath, Cache cache) {
    /// Ctrl-C goes to every process of the terminal. The broker has to outlive it until the worker has announced
    /// its last jobs; the JVM leaves a signal alone that was ignored before it started. The shell becomes the JVM.
    private static final String DEAF_TO_THE_TERMINAL = "trap '' INT HUP; exec \"$@\"";

    /// An ahead-of-time cache (JEP 514) makes the launch about a second shorter.
    public sealed interface Cache {
        record None() implements Cache {}

        /// The JVM reads the cache, and ignores one that does not fit.
        record Use(Path file) implements Cache {}

        /// The JVM writes the cache when it ends, which makes a stop some seconds longer.
        record Make(Path file) implements Cache {}
    }

    public BrokerProgram {
        classPath = List.copyOf(classPath);
    }

    /// The program as the launcher describes it in system properties: `belay.home` is the folder with `lib/` and
    /// `broker/`, `belay.broker.aot` a cache to use, `belay.broker.aot.output` a cache to make. Without
    /// `belay.home` (tests, an IDE) the child gets this JVM's own class path.
    public static BrokerProgram from(Properties properties) {
        var java = Path.of(properties.getProperty("java.home"), "bin", "java");
        var home = properties.getProperty("belay.home");
        var classPath = home == null
                ? List.of(properties.getProperty("java.class.path").split(File.pathSeparator))
                : jars(Path.of(home));
        return new BrokerProgram(java, classPath, cache(properties));
    }

    List<String> command(List<String> jvmOptions, String mainClass, List<String> arguments) {
        var command = new ArrayList<>(List.of("sh", "-c", DEAF_TO_THE_TERMINAL, "belay-broker"));
        command.add(java.toString());
        command.addAll(jvmOptions);
        switch (cache) {
            case Cache.None() -> {}
            case Cache.Use(var file) -> command.add("-XX:AOTCache=" + file);
            case Cache.Make(var file) -> command.add("-XX:AOTCacheOutput=" + file);
        }
        command.add("-cp");
        command.add(String.join(File.pathSeparator, classPath));
        command.add(mainClass);
        command.addAll(arguments);
        return command;
    }

    private static Cache cache(Properties properties) {
        var output = properties.getProperty("belay.broker.aot.output");
        if (output != null) {
            return new Cache.Make(Path.of(output));
        }
        return Optional.ofNullable(properties.getProperty("belay.broker.aot"))
                .map(Path::of)
                .filter(Files::isReadable)
                .<Cache>map(Cache.Use::new)
                .orElseGet(Cache.None::new);
    }

    private static List<String> jars(Path home) {
        var jars = new ArrayList<String>();
        for (var folder : List.of(home.resolve("lib"), home.resolve("broker"))) {
            try (Stream<Path> files = Files.list(folder)) {
                files.map(Path::toString)
                        .filter(name -> name.endsWith(".jar"))
                        .sorted()
                        .forEach(jars::add);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot list the broker's jars in " + folder, e);
            }
        }
        return jars;
    }
}
