package dev.belay.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The files of the checkout, found from wherever the tests are started.
public final class Repository {
    private static final Set<String> NOT_OURS = Set.of("target", ".git", "belay-data", "node_modules");

    private Repository() {}

    public static Path root() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("docs")) && Files.exists(folder.resolve("schemas"))) {
                return folder;
            }
        }
        throw new IllegalStateException(
                "no folder above %s is the checkout".formatted(Path.of("").toAbsolutePath()));
    }

    public static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public static List<String> lines(String relative) {
        return text(root().resolve(relative)).lines().toList();
    }

    /// All Markdown files but those of built or foreign folders.
    static List<Path> markdown() {
        return below(root())
                .filter(file -> file.toString().endsWith(".md"))
                .sorted()
                .toList();
    }

    private static Stream<Path> below(Path folder) {
        try (Stream<Path> members = Files.list(folder)) {
            return members
                    .filter(member -> !NOT_OURS.contains(member.getFileName().toString()))
                    .toList()
                    .stream()
                    .flatMap(member -> Files.isDirectory(member) ? below(member) : Stream.of(member));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
