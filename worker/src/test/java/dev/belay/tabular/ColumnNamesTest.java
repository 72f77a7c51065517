package dev.belay.tabular;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class ColumnNamesTest {
    @Test
    void cutsAtACodePointAndMakesRoomForTheNumber() {
        String long63 = "ü".repeat(31) + "x";

        List<String> names = ColumnNames.of(List.of(long63 + "1", long63 + "2", "\uD83D\uDE00".repeat(16)))
                .names();

        assertThat(names).containsExactly(long63, "ü".repeat(30) + "_2", "\uD83D\uDE00".repeat(15));
    }

    @Test
    void joinsWhatIsTheSameCharacterAndRemovesWhatDeceives() {
        List<String> names = ColumnNames.of(
                        List.of("Zu\u0308rich", "Z\u00FCrich", "a\u202Eb", "\u00A0c\u3000", "x\uD800"))
                .names();

        assertThat(names).containsExactly("Z\u00FCrich", "Z\u00FCrich_2", "a_b", "c", "x_");
    }

    @Test
    void saysHowManyMoreWereChanged() {
        List<String> warnings = ColumnNames.of(Collections.nCopies(100, "")).warnings();

        assertThat(warnings).hasSize(21).last().isEqualTo("80 more headers were changed to make column names");
    }

    @Property(tries = 500)
    void namesAreSafeUniqueAndTheSameEveryTime(@ForAll List<String> headers) {
        List<String> names = ColumnNames.of(headers).names();

        Set<String> folded = new HashSet<>();
        assertThat(names).hasSameSizeAs(headers).allSatisfy(name -> {
            assertThat(name).isNotEmpty().doesNotContain("\"", "\0");
            assertThat(name.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(63);
            assertThat(folded.add(name.toLowerCase(Locale.ROOT))).isTrue();
            assertThat(name.toLowerCase(Locale.ROOT)).isNotIn("_id", "rowid", "oid", "_rowid_");
        });
        assertThat(ColumnNames.of(headers).names()).isEqualTo(names);
    }
}
