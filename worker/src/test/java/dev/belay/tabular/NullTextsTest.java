package dev.belay.tabular;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class NullTextsTest {
    private static final int COLUMNS = 1990;

    /// A hundred texts for each of two thousand columns, held by every thread, would be a gigabyte.
    @Test
    void columnsWithTheSameTextsShareThem() {
        List<String> headers =
                IntStream.range(0, COLUMNS).mapToObj(column -> "c" + column).toList();
        var dialect = new Dialect(",", 0, 0, PassedOver.NOTHING, headers, headers, 1, List.of());
        var texts = new NullTexts(List.of("NA"), List.of("", "-"), Map.of("c1", List.of("?"), "c2", List.of()));

        List<List<String>> found = texts.of(dialect);

        assertThat(found.get(1)).containsExactly("NA", "?");
        assertThat(found.get(2)).containsExactly("NA");
        assertThat(found.get(3)).containsExactly("NA", "-");
        assertThat(found.stream().map(System::identityHashCode).distinct()).hasSize(3);
        assertThat(Stream.of(NullTokens.encoded(found))
                        .map(System::identityHashCode)
                        .distinct())
                .hasSize(3);
    }
}
