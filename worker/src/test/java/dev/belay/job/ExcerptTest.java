package dev.belay.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ExcerptTest {
    @Test
    void showsWhatIsInvisibleAsEscapes() {
        assertThat(Excerpt.of("a\n\u202eb\ud800")).isEqualTo("a\\u000a\\u202eb\\ud800");
    }

    @Test
    void showsInvisibleCharactersOutsideOfTheBasicPlaneAsEscapesToo() {
        String languageTag = Character.toString(0xE0001);

        assertThat(Excerpt.of("a" + languageTag + Character.toString(0x1F600)))
                .isEqualTo("a\\udb40\\udc01" + Character.toString(0x1F600));
    }

    @Test
    void neverCutsACharacterInHalf() {
        String shown = Excerpt.of(Character.toString(0x1F600).repeat(100));

        assertThat(shown).hasSizeLessThanOrEqualTo(Excerpt.LIMIT).endsWith("\u2026");
        assertThat(shown.codePoints()).noneMatch(point -> point >= 0xD800 && point <= 0xDFFF);
    }
}
