package dev.belay.runtime.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class ValueTextTest {
    @Property
    void readsEverySizeThatItShows(@ForAll @LongRange(min = 0) long bytes) throws BadValue {
        // Fifteen digits are read, which is a pebibyte and enough.
        long shown = bytes % 1_000_000_000_000_000L;

        assertThat(SizeText.parse(SizeText.format(shown))).isEqualTo(shown);
    }

    @Property
    void readsEveryDurationThatItShows(@ForAll @LongRange(min = 0, max = 999_999_999_999L) long millis)
            throws BadValue {
        var duration = Duration.ofMillis(millis);

        assertThat(DurationText.parse(DurationText.format(duration))).isEqualTo(duration);
    }
}
