package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Wrong usage of `belay drill`; a right one is `endtoend/KilledWorkersTest`.
final class DrillCommandTest {
    @TempDir
    private Path parent = Path.of("");

    @ParameterizedTest
    @CsvSource({
        "--jobs 9, from 10 to",
        "--workers 0, from 1 to 16",
        "--kills -1, from 0 to",
        "--set data=x, --folder",
        "--set nothing.like.it=1, nothing.like.it",
    })
    void refusesWhatCannotBe(String arguments, String words) {
        Path folder = parent.resolve("drill");

        Transcript said = drill(folder, arguments.split(" ", -1));

        assertThat(said.code()).isEqualTo(ExitCode.USAGE);
        assertThat(said.err()).contains(words);
        assertThat(said.out()).isEmpty();
    }

    @Test
    void refusesAFolderThatIsNotEmptyAndLeavesItAlone() throws Exception {
        Path file = Files.writeString(parent.resolve("precious"), "x");

        Transcript said = drill(parent);

        assertThat(said.code()).isEqualTo(ExitCode.USAGE);
        assertThat(said.err()).contains("is not empty");
        assertThat(file).hasContent("x");
    }

    private static Transcript drill(Path folder, String... arguments) {
        var all = new java.util.ArrayList<>(java.util.List.of("drill", "--folder", folder.toString()));
        all.addAll(java.util.List.of(arguments));
        return Transcript.plain(all.toArray(String[]::new));
    }
}
