package dev.belay.screen;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ColumnScreenTest {
    private static final Screening OWN = new Screening(List.of(OwnPattern.of("badge", "\\bBDG-[0-9]{4}\\b")), 3, 100);
    private static final String[] VALUES = {
        "anna@example.org", "4111111111111111", "nothing", "", "BDG-1234", "4111111111111112", "a@b.ch and BDG-0007"
    };

    @Test
    void saysHowManyInHowManyAndWhereTheFirstAre() {
        ColumnScreen screen = OWN.column();
        for (int record = 1; record <= 5; record++) {
            look(screen, record % 2 == 1 ? "anna" + record + "@example.org" : "none", record);
        }

        Finding finding = screen.findings("contact").getFirst();

        assertThat(finding.found()).isEqualTo(3);
        assertThat(finding.values()).isEqualTo(5);
        assertThat(finding.samples())
                .extracting(Finding.Sample::record, Finding.Sample::line, Finding.Sample::masked)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(1L, 2L, "a****@*******.**g"),
                        org.assertj.core.groups.Tuple.tuple(3L, 4L, "a****@*******.**g"),
                        org.assertj.core.groups.Tuple.tuple(5L, 6L, "a****@*******.**g"));
        assertThat(finding.text())
                .isEqualTo("column \"contact\": email in 3 of 5 values, first in record 1, line 2: a****@*******.**g");
    }

    /// Cut anywhere, joined in order: the same as in one go.
    @Test
    void chunksJoinToTheWhole() {
        long seed = Long.getLong("belay.screen.seed", System.nanoTime());
        System.out.println("screen: -Dbelay.screen.seed=" + seed);
        var random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            int rows = random.nextInt(60);
            String[] rowsOf = new String[rows];
            for (int row = 0; row < rows; row++) {
                rowsOf[row] = VALUES[random.nextInt(VALUES.length)];
            }
            ColumnScreen whole = OWN.column();
            ColumnScreen joined = OWN.column();
            ColumnScreen chunk = OWN.column();
            int before = 0;
            for (int row = 0; row < rows; row++) {
                look(whole, rowsOf[row], row + 1);
                look(chunk, rowsOf[row], row - before + 1);
                if (random.nextInt(5) == 0 || row == rows - 1) {
                    joined.add(chunk, before, before);
                    chunk.clear();
                    before = row + 1;
                }
            }
            assertThat(joined.findings("c")).as("seed " + seed).isEqualTo(whole.findings("c"));
        }
    }

    @Test
    void findsOwnPatternsAndCountsWhatIsTooLongForThem() {
        ColumnScreen screen = OWN.column();

        look(screen, "BDG-1234", 1);
        look(screen, " ".repeat(200) + "BDG-1234", 2);

        assertThat(screen.findings("badge").getFirst().detector()).isEqualTo("pattern:badge");
        assertThat(screen.findings("badge").getFirst().found()).isEqualTo(1);
        assertThat(screen.cut()).isEqualTo(1);
    }

    /// What takes java.util.regex for ever.
    @Test
    void catastrophicPatternsTakeNoLongerThanOthers() {
        ColumnScreen screen = new Screening(List.of(OwnPattern.of("evil", "(a+)+$")), 3, 65_536).column();

        look(screen, "a".repeat(60_000) + "!", 1);

        assertThat(screen.findings("c")).isEmpty();
    }

    @Test
    void refusesPatternsThatCannotBeMatchedInBoundedTime() {
        assertThatThrownBy(() -> OwnPattern.of("x", "(a)\\1")).hasMessageContaining("not a regular expression of RE2");
        assertThatThrownBy(() -> OwnPattern.of("x", "a".repeat(1_001))).hasMessageContaining("at most 1000 characters");
        assertThatThrownBy(() -> OwnPattern.of("x", "((a{100}){100}){10}"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> OwnPattern.of("x", "a*")).hasMessageContaining("matches an empty text");
    }

    private static void look(ColumnScreen screen, String value, int record) {
        byte[] bytes = value.getBytes(UTF_8);
        screen.look(bytes, 0, bytes.length, record, record + 1);
    }
}
