package dev.belay.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.kit.Scrape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TextPageTest {
    @Test
    void isWrittenAsTheFormatSays() {
        String page = TextPage.of(List.of(
                Family.counter("jobs_total", "Jobs.", "outcome", Map.of("failed", 2.0, "completed", 40.0)),
                Family.gauge("share", "A part.", 0.25),
                Family.summary("took_seconds", "Time.", "stage", Map.of("fetch", new Tally.Sum(3, 1.5)))));

        assertThat(page).isEqualTo("""
                        # HELP jobs_total Jobs.
                        # TYPE jobs_total counter
                        jobs_total{outcome="completed"} 40
                        jobs_total{outcome="failed"} 2
                        # HELP share A part.
                        # TYPE share gauge
                        share 0.25
                        # HELP took_seconds Time.
                        # TYPE took_seconds summary
                        took_seconds_count{stage="fetch"} 3
                        took_seconds_sum{stage="fetch"} 1.5
                        """);
    }

    @Test
    void escapesWhatWouldBreakALine() {
        String value = "a \"quoted\\\nlabel\", and } more";
        String page = TextPage.of(List.of(
                new Family("told", Family.Type.GAUGE, "a\\b\nc \"d\"", List.of()),
                Family.gauge("one", "One.", Map.of("label", value, "second", "é"), 1)));

        Scrape read = Scrape.of(page);

        assertThat(page.lines()).hasSize(5);
        assertThat(read.helps()).containsEntry("told", "a\\b\nc \"d\"");
        assertThat(read.values()).containsExactly(Map.entry("one{label=\"" + value + "\",second=\"é\"}", 1.0));
    }

    @Test
    void writesEveryNumber() {
        for (Double number : List.of(
                0.0,
                -1.0,
                1e15,
                123_456_789_012_345.0,
                1e300,
                Double.MIN_VALUE,
                0.1,
                Double.POSITIVE_INFINITY,
                Double.NEGATIVE_INFINITY,
                Double.NaN)) {
            assertThat(Scrape.of(TextPage.of(List.of(Family.gauge("it", "It.", number))))
                            .values())
                    .containsEntry("it", number);
        }
    }

    @Test
    void refusesWhatTheFormatDoesNotKnow() {
        assertThatThrownBy(() -> Family.gauge("no name", "", 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Family.gauge("it", "", Map.of("no-label", ""), 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Family.counter("jobs", "", 1)).hasMessageContaining("_total");
        assertThatThrownBy(() -> Family.gauge("jobs_total", "", 1)).hasMessageContaining("_total");
        var twice = List.of(Family.gauge("it", "", 1), Family.gauge("it", "", 2));
        assertThatThrownBy(() -> TextPage.of(twice)).hasMessageContaining("it");
    }

    @Test
    void theProcessHasThePagesOfPrometheusOwnClient() {
        Scrape read = Scrape.of(TextPage.of(ProcessFamilies.now()));

        assertThat(read.value("jvm_memory_used_bytes{area=\"heap\"}")).isPositive();
        assertThat(read.value("jvm_threads_current")).isPositive();
        assertThat(read.value("process_start_time_seconds")).isGreaterThan(1.7e9);
        assertThat(read.types()).containsEntry("jvm_gc_collection_seconds", "summary");
    }
}
