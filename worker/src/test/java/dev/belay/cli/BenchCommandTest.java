package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// That a bench runs, reports and cleans up; never how fast anything is.
final class BenchCommandTest {
    @TempDir
    private Path parent = Path.of("");

    @ParameterizedTest
    @CsvSource({
        "--scale 0, --scale is more than 0",
        "--runs 0, --runs is 1 to 100",
        "--set data=x, --folder",
    })
    void refusesWhatCannotBe(String arguments, String words) {
        Transcript said = bench(parent.resolve("bench"), arguments.split(" ", -1));

        assertThat(said.code()).isEqualTo(ExitCode.USAGE);
        assertThat(said.err()).contains(words);
        assertThat(said.out()).isEmpty();
    }

    @Test
    void refusesAFolderThatHoldsSomethingElseAndLeavesItAlone() throws Exception {
        Path file = Files.writeString(parent.resolve("precious"), "x");

        Transcript said = bench(parent, "--scale", "0.001");

        assertThat(said.code()).isEqualTo(ExitCode.USAGE);
        assertThat(said.err()).contains("holds what is not a bench's");
        assertThat(file).hasContent("x");
    }

    @Test
    void measuresReportsAndCleansUp() {
        Path folder = parent.resolve("bench");

        Transcript said = bench(
                folder, "--scale", "0.0005", "--runs", "1", "--only", "mixed", "--ways", "sqlite,engine,job", "--json");

        assertThat(said.code()).as(said.err()).isZero();
        JsonNode file = said.json().path("files").path(0);
        assertThat(file.path("rows").asLong()).isEqualTo(500);
        assertThat(file.path("results")
                        .valueStream()
                        .map(one -> one.path("name").asString()))
                .contains("belay, engine alone", "belay, whole job");
        assertThat(file.path("results").valueStream()).allSatisfy(one -> {
            assertThat(one.path("rows").asLong()).isEqualTo(500);
            assertThat(one.path("seconds").path("median").asDouble()).isPositive();
        });
        assertThat(folder).doesNotExist();
    }

    @Test
    void loadsAFileOfOnesOwnAndPrintsATable() throws Exception {
        Path file = Files.writeString(parent.resolve("own.csv"), "a,b\n1,x\n2,y\n");

        Transcript said = bench(parent.resolve("bench"), "--file", file.toString(), "--runs", "1", "--ways", "engine");

        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.out()).contains("own.csv: 12 B").contains("belay, engine alone");
        assertThat(file).exists();
    }

    @Test
    void measuresSmallJobs() {
        Path folder = parent.resolve("bench");
        var words = new ArrayList<>(List.of("bench", "small", "--folder", folder.toString(), "--json"));
        words.addAll(List.of("--jobs", "10", "--rows", "5", "--datasets", "2", "--single", "2"));

        Transcript said = Transcript.plain(words.toArray(String[]::new));

        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.json().path("jobsPerSecond").asDouble()).isPositive();
        assertThat(said.json().path("latencyMillis").path("p99").asDouble()).isPositive();
        assertThat(folder).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--workers 2 | --workers 2 needs --postgres-url: workers with data folders of their own share no files",
                "--workers 0 | --workers is 1 to 64",
                "--idle | --idle needs --postgres-url",
                "--postgres-url sqlite:x | jdbc:postgresql://",
            })
    void refusesSmallJobsThatCannotBe(String arguments, String words) {
        var all = new ArrayList<>(
                List.of("bench", "small", "--folder", parent.resolve("bench").toString()));
        all.addAll(List.of(arguments.split(" ", -1)));

        Transcript said = Transcript.plain(all.toArray(String[]::new));

        assertThat(said.code()).isEqualTo(ExitCode.USAGE);
        assertThat(said.err()).contains(words);
        assertThat(said.out()).isEmpty();
    }

    private static Transcript bench(Path folder, String... arguments) {
        var all = new ArrayList<>(List.of("bench", "--folder", folder.toString()));
        all.addAll(List.of(arguments));
        return Transcript.plain(all.toArray(String[]::new));
    }
}
