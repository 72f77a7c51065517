package dev.belay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProfileDrawingTest {
    private final ProfileDrawing blocks = new ProfileDrawing(true);
    private final ProfileDrawing plain = new ProfileDrawing(false);

    @ParameterizedTest
    @CsvSource({"0, '    '", "1, ████", "0.5, '██  '", "0.0001, '▏   '", "0.28, '█▏  '"})
    void drawsAShareInEighths(double share, String bar) {
        assertThat(blocks.bar(share, 4)).isEqualTo(bar);
    }

    @ParameterizedTest
    @CsvSource({"0, ....", "1, ####", "0.5, ##..", "0.0001, #..."})
    void drawsAShareInPlainSignsWhereThereAreNoOthers(double share, String bar) {
        assertThat(plain.bar(share, 4)).isEqualTo(bar);
    }

    @Test
    void drawsADistributionFromItsQuantiles() {
        var even = Json.read("{\"0\":\"0\",\"0.5\":\"50\",\"1\":\"100\"}");
        var leaning = Json.read("{\"0\":\"0\",\"0.9\":\"25\",\"1\":\"100\"}");

        assertThat(blocks.histogram(even, 4)).isEqualTo("████");
        assertThat(blocks.histogram(leaning, 4)).isEqualTo("█▁▁▁");
        assertThat(plain.histogram(leaning, 4)).isEqualTo("@...");
    }

    @Test
    void drawsNoDistributionOfWhatHasNone() {
        assertThat(blocks.histogram(Json.read("{}"), 4)).isEmpty();
        assertThat(blocks.histogram(Json.read("{\"0\":\"2026-01-01\",\"1\":\"2026-02-01\"}"), 4))
                .isEmpty();
        assertThat(blocks.histogram(Json.read("{\"0\":\"5\",\"0.5\":\"5\",\"1\":\"5\"}"), 4))
                .isEmpty();
    }
}
