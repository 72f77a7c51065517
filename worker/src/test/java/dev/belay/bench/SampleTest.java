package dev.belay.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SampleTest {
    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @EnumSource
    void isTheSameForTheSameSeedAndAnotherForAnother(Sample sample) throws IOException {
        Path first = written(sample, 50, 1);

        assertThat(written(sample, 50, 1)).hasSameBinaryContentAs(first);
        assertThat(Files.mismatch(first, written(sample, 50, 2))).isNotNegative();
    }

    @ParameterizedTest
    @EnumSource
    void isAboutAsLargeAsItSays(Sample sample) throws IOException {
        long bytes = Files.size(written(sample, 1_000, 1));

        assertThat(bytes).isBetween(sample.bytes(1_000) * 7 / 10, sample.bytes(1_000) * 13 / 10);
    }

    @Test
    void holdsWhatMakesRealFilesHard() throws IOException {
        String text = Files.readString(written(Sample.MIXED, 2_000, 1));

        assertThat(text)
                .as("doubled quotes, quoted commas, quoted line breaks, zeros in front, missing values")
                .contains("\"\"")
                .containsPattern("\"[a-z]+, [a-z]+")
                .containsPattern(": [a-z, ]+\nThe request")
                .containsPattern(",0\\d{4},")
                .contains(",,");
    }

    @ParameterizedTest
    @EnumSource
    void hasAsManyColumnsInItsHeaderAsItSays(Sample sample) throws IOException {
        String header =
                Files.readString(written(sample, 1, 1)).lines().findFirst().orElseThrow();

        assertThat(header.split(",")).hasSize(sample.columns());
    }

    private Path written(Sample sample, long rows, long seed) throws IOException {
        Path file = Files.createTempFile(folder, "sample", ".csv");
        sample.write(file, rows, seed);
        return file;
    }
}
