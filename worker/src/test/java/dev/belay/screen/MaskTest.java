package dev.belay.screen;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class MaskTest {
    @Test
    void showsTheFormAndTheTwoEndsAlone() {
        assertThat(masked("4111 1111 1111 1111")).isEqualTo("4*** **** **** ***1");
        assertThat(masked("anna.muster@example.org")).isEqualTo("a***.******@*******.**g");
        assertThat(masked("756.9217.0769.85")).isEqualTo("7**.****.****.*5");
        assertThat(masked("(212) 555-0142")).isEqualTo("2*** ***-***2");
    }

    @Test
    void showsNothingOfWhatIsShort() {
        assertThat(masked("123")).isEqualTo("***");
        assertThat(masked("1-2-3")).isEqualTo("*-*-*");
        assertThat(masked("")).isEmpty();
        assertThat(masked("--")).isEmpty();
    }

    @Test
    void cutsWhatIsLongAndDoesNotShowItsEnd() {
        String shown = masked("x".repeat(1_000_000));

        assertThat(shown).isEqualTo("x" + "*".repeat(38) + "…");
    }

    /// Of any text at most two letters or digits are seen, and no three characters of it that stand side by side.
    @Property(tries = 2_000)
    void leavesNoThreeCharactersTogether(@ForAll String text) {
        String shown = masked(text);

        assertThat(shown.codePoints().filter(Character::isLetterOrDigit).count())
                .isLessThanOrEqualTo(2);
        assertThat(shown.length()).isLessThanOrEqualTo(80);
        int together = 0;
        for (int point : shown.codePoints().toArray()) {
            together = point == '*' || point == '…' ? 0 : together + 1;
            assertThat(together).as("characters together in %s", shown).isLessThanOrEqualTo(2);
        }
    }

    private static String masked(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return Mask.of(bytes, 0, bytes.length);
    }
}
