package dev.belay.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.docs.Repository;
import dev.belay.intake.IntakeStatus;
import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Place;
import dev.belay.job.Unavailable;
import dev.belay.kit.Scrape;
import dev.belay.metrics.HttpPages;
import dev.belay.runtime.folder.Liveness;
import dev.belay.runtime.settings.Settings;
import dev.belay.saga.Handled;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

final class WorkerPagesTest {
    private static final Instant NOW = Instant.parse("2026-11-29T22:00:00.500Z");
    private static final Settings.Address ANY_PORT = new Settings.Address("127.0.0.1", 0);

    private final AtomicBoolean journalAway = new AtomicBoolean();
    private final JournalBeat beat = new JournalBeat(
            _ -> {
                if (journalAway.get()) {
                    throw new Unavailable(
                            new Failure.Transient(FailureCode.STORE_UNAVAILABLE, "planned", Place.NONE),
                            new IllegalStateException("planned"));
                }
            },
            () -> NOW);
    private IntakeStatus intake = status(false, Duration.ofMillis(500));
    private Optional<Instant> sign = Optional.empty();

    private final WorkerPages pages = new WorkerPages(new WorkerPages.Shown(
            new JobCounts((_, _, _, _) -> new Handled.Drop("nothing to do")),
            () -> intake,
            beat,
            () -> Liveness.of(sign, Duration.ofSeconds(60), NOW),
            Duration.ofSeconds(10)));

    private static IntakeStatus status(boolean outage, Duration brokerSilent) {
        return new IntakeStatus(
                outage,
                brokerSilent,
                new IntakeStatus.Sent(7, 1, 2),
                List.of(
                        new IntakeStatus.Partition("belay.jobs", 0, 3, OptionalLong.of(40), Optional.empty()),
                        new IntakeStatus.Partition("belay.jobs", 1, 1, OptionalLong.of(2), Optional.of("missing")),
                        new IntakeStatus.Partition(
                                "belay.jobs.retry-1", 0, 0, OptionalLong.empty(), Optional.empty())));
    }

    @Test
    void tellsWhatIntakeIsDoing() {
        Scrape read = Scrape.of(pages.metrics());

        assertThat(read.values())
                .containsEntry("belay_partitions", 3.0)
                .containsEntry("belay_partitions_stalled", 1.0)
                .containsEntry("belay_messages_open{topic=\"belay.jobs\"}", 4.0)
                .containsEntry("belay_kafka_lag_messages{topic=\"belay.jobs\"}", 42.0)
                .containsEntry("belay_kafka_lag_messages{topic=\"belay.jobs.retry-1\"}", 0.0)
                .containsEntry("belay_messages_sent_total{kind=\"dead_letter\"}", 2.0)
                .containsEntry("belay_messages_sent_total{kind=\"retry\"}", 1.0)
                .containsEntry("belay_messages_sent_total{kind=\"event\"}", 7.0)
                .containsEntry("belay_broker_silent_seconds", 0.5);
        assertThat(read.values().keySet()).anyMatch(series -> series.startsWith("belay_build_info{java="));
    }

    @Test
    void theDocumentListsWhatIsOnThePage() {
        Scrape read = Scrape.of(pages.metrics());
        var rows = new ArrayList<String>();
        read.types().forEach((name, type) -> {
            if (name.startsWith("belay_")) {
                rows.add("| `%s` | %s | %s |".formatted(name, type, read.helps().get(name)));
            }
        });

        assertThat(Repository.lines("docs/metrics.md"))
                .filteredOn(line -> line.matches("\\| `belay_[^`]+` \\| (counter|gauge|summary) \\| .*"))
                .map(line -> line.replaceFirst("^(\\| `[a-z_]+)\\{[a-z, ]+}", "$1"))
                .containsExactlyInAnyOrderElementsOf(rows);
        assertThat(Repository.text(Repository.root().resolve("docs/metrics.md")))
                .contains(read.types().keySet());
    }

    @Test
    void tellsEachOutageApart() {
        assertThat(Scrape.of(pages.metrics()).values())
                .containsEntry("belay_outage{of=\"journal\"}", 0.0)
                .containsEntry("belay_outage{of=\"stores\"}", 0.0)
                .containsEntry("belay_outage{of=\"broker\"}", 0.0)
                .doesNotContainKey("belay_journal_beat_timestamp_seconds");

        beat.give();
        journalAway.set(true);
        assertThatThrownBy(beat::give).isInstanceOf(Unavailable.class);
        assertThat(Scrape.of(pages.metrics()).values())
                .containsEntry("belay_outage{of=\"journal\"}", 1.0)
                .containsEntry("belay_outage{of=\"stores\"}", 0.0)
                .containsEntry("belay_journal_beat_timestamp_seconds", NOW.toEpochMilli() / 1000.0);

        journalAway.set(false);
        beat.give();
        intake = status(true, Duration.ofSeconds(11));
        assertThat(Scrape.of(pages.metrics()).values())
                .containsEntry("belay_outage{of=\"journal\"}", 0.0)
                .containsEntry("belay_outage{of=\"stores\"}", 1.0)
                .containsEntry("belay_outage{of=\"broker\"}", 1.0);
    }

    @Test
    void healthIsThatOfTheSignOfLife() throws Exception {
        try (HttpPages open = pages.open(ANY_PORT)) {
            URI health = URI.create("http://127.0.0.1:" + open.address().getPort() + "/health");
            assertThat(Scrape.get(health).statusCode()).isEqualTo(503);

            sign = Optional.of(NOW.minusSeconds(60));
            assertThat(Scrape.get(health).statusCode()).isEqualTo(200);
            assertThat(Scrape.get(health).body()).isEqualTo("alive, 60 s ago\n");

            sign = Optional.of(NOW.minusSeconds(61));
            assertThat(Scrape.get(health).statusCode()).isEqualTo(503);
            assertThat(Scrape.get(health).body()).contains("61 s", "worker.ownerLostAfter is 60 s");
        }
    }

    @Test
    void aPortThatIsTakenIsNamedWithItsSetting() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertRefused(new Settings.Address("127.0.0.1", taken.getLocalPort()), FailureCode.PORT_BUSY);
        }
    }

    @Test
    void anAddressThatIsNotOfThisHostIsNamedWithItsSetting() {
        // 192.0.2.0/24 is for documentation.
        assertRefused(new Settings.Address("192.0.2.1", 9404), FailureCode.SETTINGS_INVALID);
        assertRefused(new Settings.Address("no-such-host.invalid", 9404), FailureCode.SETTINGS_INVALID);
    }

    private void assertRefused(Settings.Address listen, FailureCode code) {
        assertThatThrownBy(() -> pages.open(listen))
                .asInstanceOf(InstanceOfAssertFactories.type(JobFailure.class))
                .satisfies(refused -> {
                    assertThat(refused.failure().code()).isEqualTo(code);
                    assertThat(refused.failure().message()).contains("metrics.listen", listen.text());
                });
    }
}
