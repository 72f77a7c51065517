package dev.belay.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OffsetMetadataTest {
    private static final String TOPIC = "7QV3kq0uTPW-_aB2cD4eFg";

    @Property(tries = 300)
    void readsWhatItWroteWithinTheBrokersLimit(
            @ForAll Set<@IntRange(max = OffsetLedger.WIDEST_WINDOW - 1) Integer> positions) {
        var bits = new BitSet();
        positions.forEach(bits::set);

        String text = OffsetMetadata.encode("01JOURNAL", TOPIC, 12, bits);

        assertThat(text.length()).isLessThanOrEqualTo(OffsetMetadata.LONGEST);
        assertThat(OffsetMetadata.decode(text, "01JOURNAL"))
                .isEqualTo(new OffsetMetadata.Reading.Settled(Optional.of(TOPIC), 12, bits));
    }

    @Property(tries = 500)
    void neverThrowsForWhatOthersWrote(@ForAll String text) {
        assertThat(OffsetMetadata.decode(text, "j")).isNotNull();
    }

    @Test
    void fitsWithTheWidestWindowAndTheLongestId() {
        var bits = new BitSet();
        bits.set(0, OffsetLedger.WIDEST_WINDOW);

        assertThat(OffsetMetadata.encode("j".repeat(100), TOPIC, 999_999_999_999_999_999L, bits))
                .hasSizeLessThan(OffsetMetadata.LONGEST);
    }

    @Test
    void tellsAnotherJournalAndANewerVersion() {
        String text = OffsetMetadata.encode("mine", TOPIC, 0, new BitSet());

        assertThat(OffsetMetadata.decode(text, "yours")).isEqualTo(new OffsetMetadata.Reading.Foreign("mine"));
        assertThat(OffsetMetadata.decode("belay3 mine something else", "mine"))
                .isEqualTo(new OffsetMetadata.Reading.Newer(3));
        assertThat(OffsetMetadata.decode("", "mine")).isEqualTo(new OffsetMetadata.Reading.Nothing());
    }

    @Test
    void readsWhatTheFirstVersionWrote() {
        var read = (OffsetMetadata.Reading.Settled) OffsetMetadata.decode("belay1 mine BQ", "mine");

        assertThat(read.bits()).isEqualTo(BitSet.valueOf(new byte[] {5}));
        assertThat(read.isOf(TOPIC)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "belay1 mine",
                "belay1 mine !!",
                "belay1 mine AA BB",
                "something",
                "belay1 mine -\n",
                "belay2 mine",
                "belay2 mine AA",
                "belay2 mine 7QV3kq0uTPW-_aB2cD4eFg",
                "belay2 mine 7QV3kq0uTPW-_aB2cD4eFg AA",
                "belay2 mine 7QV3kq0uTPW-_aB2cD4eFg 0 AA BB"
            })
    void takesWhatItCannotReadForGarbled(String text) {
        assertThat(OffsetMetadata.decode(text, "mine")).isInstanceOf(OffsetMetadata.Reading.Garbled.class);
    }

    @Test
    void refusesAJournalIdThatCannotStandThere() {
        assertThatThrownBy(() -> OffsetMetadata.encode("a b", TOPIC, 0, new BitSet()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> OffsetMetadata.encode("mine", "jobs", 0, new BitSet()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
