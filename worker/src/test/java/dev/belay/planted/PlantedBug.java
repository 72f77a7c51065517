package dev.belay.planted;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One bug: a text of a source file, what stands there instead, and the test that must fail then.
///
/// ```
/// why: one line: what the bug would do to people
/// file: dev/belay/disk/DurableFiles.java
/// caught by: dev.belay.disk.DurableFilesTest#aMethod
/// --- real
/// fsync(partial);
/// --- planted
/// ```
/// Blanks count as one blank, so that the formatter may move lines. A method may be followed by the number of one of
/// its
/// invocations, from 1: `aMethod[2]`.
///
/// @param name   the file's name
/// @param real   what stands in the source exactly once
/// @param catcher class, `#`, method
record PlantedBug(String name, String why, Path source, String real, String planted, String catcher) {
    private static final Path SOURCES = Path.of("src", "main", "java");
    private static final Pattern FORMAT = Pattern.compile(
            "why: (?<why>[^\n]+)\nfile: (?<file>[^\n]+)\ncaught by: (?<catcher>[^\n]+)\n"
                    + "--- real\n(?<real>.+?)\n--- planted\n(?<planted>.*)",
            Pattern.DOTALL);

    /// All of them, by name.
    static List<PlantedBug> all() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src", "test", "resources", "planted-bugs"))) {
            return files.sorted().map(PlantedBug::read).toList();
        }
    }

    private static PlantedBug read(Path file) {
        try {
            Matcher text = FORMAT.matcher(Files.readString(file));
            if (!text.matches()) {
                throw new IllegalStateException(file + " is not a planted bug, see PlantedBug");
            }
            return new PlantedBug(
                    file.getFileName().toString().replace(".txt", ""),
                    text.group("why"),
                    SOURCES.resolve(text.group("file")),
                    text.group("real"),
                    text.group("planted"),
                    text.group("catcher"));
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /// The source with the bug.
    ///
    /// @throws IllegalStateException when the real text is not there once: the code has changed, so must the bug
    String sourceWithBug() throws IOException {
        String code = Files.readString(source);
        Matcher found = loose(real).matcher(code);
        long times = loose(real).matcher(code).results().count();
        if (times != 1 || !found.find()) {
            throw new IllegalStateException("%s: its text stands %d times in %s, not once: bring the bug up to date"
                    .formatted(name, times, source));
        }
        return code.substring(0, found.start()) + planted + code.substring(found.end());
    }

    private static Pattern loose(String text) {
        return Pattern.compile(Arrays.stream(text.strip().split("\\s+", -1))
                .map(Pattern::quote)
                .collect(Collectors.joining("\\s+")));
    }

    @Override
    public String toString() {
        return name;
    }
}
