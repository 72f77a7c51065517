package dev.belay.powercut;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// Programs that not every machine has.
final class Tools {
    private Tools() {}

    static boolean has(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder).resolve(program)));
    }
}
