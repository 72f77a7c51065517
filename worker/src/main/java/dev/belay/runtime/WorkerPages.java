package dev.belay.runtime;

import dev.belay.intake.IntakeStatus;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.metrics.Family;
import dev.belay.metrics.HttpPages;
import dev.belay.metrics.ProcessFamilies;
import dev.belay.metrics.TextPage;
import dev.belay.runtime.folder.Liveness;
import dev.belay.runtime.settings.Settings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/// What a worker shows at `metrics.listen`: `/metrics` for Prometheus, `/health` for probes. All of it is read off what
/// is there already, when it is asked for; nothing here asks a store or Kafka, and no job waits for it.
final class WorkerPages {
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    /// What is shown.
    ///
    /// @param brokerLostAfter a broker is taken for lost when nothing has come from one for longer
    record Shown(
            JobCounts jobs,
            Supplier<IntakeStatus> intake,
            JournalBeat beat,
            Supplier<Liveness> liveness,
            Duration brokerLostAfter) {}

    private final Shown shown;

    WorkerPages(Shown shown) {
        this.shown = shown;
    }

    /// Opens the port; closed by the caller.
    ///
    /// @throws JobFailure `PORT_BUSY`, or `SETTINGS_INVALID` when this host has no such address
    HttpPages open(Settings.Address listen) throws JobFailure {
        var address = new InetSocketAddress(listen.host(), listen.port());
        if (address.isUnresolved()) {
            throw JobFailure.configuration(
                    FailureCode.SETTINGS_INVALID,
                    "metrics.listen: the host of %s is not known".formatted(listen.text()));
        }
        try {
            return HttpPages.open(
                    address,
                    Map.of(
                            "/metrics",
                            () -> new HttpPages.Answer(200, TextPage.CONTENT_TYPE, metrics()),
                            "/health",
                            this::health));
        } catch (IOException refused) {
            boolean busy = String.valueOf(refused.getMessage()).contains("in use");
            throw JobFailure.configuration(
                    busy ? FailureCode.PORT_BUSY : FailureCode.SETTINGS_INVALID,
                    "metrics.listen: %s cannot be listened on: %s".formatted(listen.text(), refused.getMessage()));
        }
    }

    private HttpPages.Answer health() {
        Liveness liveness = shown.liveness().get();
        return HttpPages.plain(liveness.lives() ? 200 : 503, liveness.text("this worker has not"));
    }

    /// The page of numbers.
    String metrics() {
        var families = new ArrayList<Family>();
        families.add(build());
        families.addAll(shown.jobs().families());
        IntakeStatus intake = shown.intake().get();
        families.addAll(messages(intake));
        families.addAll(outages(intake));
        families.addAll(ProcessFamilies.now());
        return TextPage.of(families);
    }

    private static Family build() {
        String version = Worker.class.getPackage().getImplementationVersion();
        return Family.gauge(
                "belay_build_info",
                "Which Belay this is; always 1.",
                Map.of(
                        "version",
                        version == null ? "unpackaged" : version,
                        "java",
                        Runtime.version().toString()),
                1);
    }

    private static List<Family> messages(IntakeStatus intake) {
        List<IntakeStatus.Partition> partitions = intake.partitions();
        IntakeStatus.Sent sent = intake.sent();
        return List.of(
                Family.gauge("belay_partitions", "Partitions that are this worker's.", partitions.size()),
                Family.gauge(
                        "belay_partitions_stalled",
                        "Those of them that stand still, because something cannot be written.",
                        partitions.stream()
                                .mapToInt(one -> one.stalled().isPresent() ? 1 : 0)
                                .sum()),
                Family.gauge(
                        "belay_messages_open",
                        "Messages taken and not settled: they wait, run, or are being announced.",
                        "topic",
                        byTopic(partitions, IntakeStatus.Partition::open)),
                Family.gauge(
                        "belay_kafka_lag_messages",
                        "Messages of these partitions that were not taken yet.",
                        "topic",
                        byTopic(partitions, one -> one.lag().orElse(0))),
                Family.counter(
                        "belay_messages_sent_total",
                        "Messages in committed transactions.",
                        "kind",
                        Map.of(
                                "event", (double) sent.events(),
                                "retry", (double) sent.retries(),
                                "dead_letter", (double) sent.deadLetters())));
    }

    private static Map<String, Double> byTopic(
            List<IntakeStatus.Partition> partitions, ToDoubleFunction<IntakeStatus.Partition> number) {
        return partitions.stream()
                .collect(Collectors.groupingBy(
                        IntakeStatus.Partition::topic, TreeMap::new, Collectors.summingDouble(number)));
    }

    private List<Family> outages(IntakeStatus intake) {
        boolean brokerAway = intake.brokerSilent().compareTo(shown.brokerLostAfter()) > 0;
        return List.of(
                Family.gauge(
                        "belay_outage",
                        "1 while it lasts: of the journal, of the stores (journal, datastore or stash: nothing is taken), of the broker.",
                        "of",
                        Map.of(
                                "journal", yes(shown.beat().isAway()),
                                "stores", yes(intake.outage()),
                                "broker", yes(brokerAway))),
                Family.gauge(
                        "belay_broker_silent_seconds",
                        "How long nothing has come from a broker.",
                        intake.brokerSilent().toNanos() / NANOS),
                beat());
    }

    private Family beat() {
        String name = "belay_journal_beat_timestamp_seconds";
        String help = "When this worker said last in the journal that it lives, in seconds since 1970.";
        return shown.beat()
                .last()
                .map(at -> Family.gauge(name, help, seconds(at)))
                .orElse(new Family(name, Family.Type.GAUGE, help, List.of()));
    }

    private static double seconds(Instant at) {
        return at.getEpochSecond() + at.getNano() / NANOS;
    }

    private static double yes(boolean is) {
        return is ? 1 : 0;
    }
}
