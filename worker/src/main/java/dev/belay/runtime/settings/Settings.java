package dev.belay.runtime.settings;

import dev.belay.job.ScreenRule;
import dev.belay.screen.OwnPattern;
import dev.belay.stores.StorePlace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Everything that can be set, checked. What each value means and may be is said in [SettingCatalog] and in
/// `docs/configuration.md`. Folders are absolute, sizes are bytes.
///
/// @param data           the data folder
/// @param journalPlace   where journal and stash are (`journal.url`)
/// @param datastorePlace where datasets are (`datastore.url`)
public record Settings(
        Path data,
        StorePlace journalPlace,
        StorePlace datastorePlace,
        Kafka kafka,
        Topics topics,
        Worker worker,
        Retry retry,
        Source source,
        Limits limits,
        Screen screen,
        Versions versions,
        JournalKept journal,
        Events events,
        Log log,
        Metrics metrics,
        Dev dev) {
    /// The same without a port for metrics: of a program that comes and goes.
    public Settings withoutMetrics() {
        return new Settings(
                data,
                journalPlace,
                datastorePlace,
                kafka,
                topics,
                worker,
                retry,
                source,
                limits,
                screen,
                versions,
                journal,
                events,
                log,
                new Metrics(Optional.empty()),
                dev);
    }

    /// @param clientProperties what is passed to Kafka's clients, `bootstrap.servers` included when it is set; a
    /// name that begins with `consumer.`, `producer.` or `admin.` is for that kind of client only
    public record Kafka(Map<String, String> clientProperties) {
        /// Copies the properties.
        public Kafka {
            clientProperties = Map.copyOf(clientProperties);
        }

        /// Where Kafka is; empty when that is the broker of the running `belay dev`.
        public Optional<String> bootstrapServers() {
            return Optional.ofNullable(clientProperties.get(KafkaProperties.BOOTSTRAP_SERVERS));
        }

        /// The properties with secrets masked, so that settings can be logged.
        @Override
        public String toString() {
            var shown = new TreeMap<String, String>();
            clientProperties.forEach((name, value) -> shown.put(name, Secrets.masked(name, value)));
            return "Kafka" + shown;
        }
    }

    /// Topics and how they are created.
    public record Topics(String prefix, int partitions, Choosable replication) {}

    /// The worker and its group.
    public record Worker(
            String group,
            Choosable slot,
            int concurrency,
            Choosable cores,
            int window,
            GroupProtocol groupProtocol,
            Duration sessionTimeout,
            Duration revokeWithin,
            Duration stopWithin,
            Duration ownerLostAfter,
            Duration recoverEvery,
            Duration outageProbe) {}

    /// How workers agree on who owns which partition.
    public enum GroupProtocol {
        /// Static members, cooperative assignment.
        CLASSIC,
        /// KIP-848.
        CONSUMER
    }

    /// Jobs that failed and may be tried again.
    public record Retry(int maxAttempts, List<Duration> delays) {
        /// Copies the delays.
        public Retry {
            delays = List.copyOf(delays);
        }
    }

    /// @param roots folders that jobs may read local files from
    public record Source(List<Path> roots, Http http) {
        /// Copies the roots.
        public Source {
            roots = List.copyOf(roots);
        }
    }

    /// How other hosts are spoken to.
    public record Http(
            List<String> allow,
            List<Integer> ports,
            Duration connectTimeout,
            Duration timeout,
            Duration bodyTimeout,
            long minBytesPerSecond,
            int maxRedirects,
            int attempts,
            Duration backoff,
            Duration retryAfterCap,
            int breakerFailures,
            Duration breakerPause,
            int perHost) {
        /// Copies the lists.
        public Http {
            allow = List.copyOf(allow);
            ports = List.copyOf(ports);
        }
    }

    /// Sizes in bytes, and counts.
    public record Limits(
            int messageBytes,
            long bufferBytes,
            long sourceBytes,
            long fieldBytes,
            long recordBytes,
            int columns,
            int rejectExamples,
            int rejectsKept,
            long rejectBytesKept,
            long dedupeBytes,
            Unpacking unpacking) {}

    /// How far packed and structured files are followed.
    public record Unpacking(long bytes, int ratio, int archiveEntries, int archiveDepth, int jsonDepth) {}

    /// @param usual for jobs that do not say
    public record Screen(
            ScreenRule usual, Duration reviewWithin, List<OwnPattern> patterns, int samples, int patternBytes) {
        /// Copies the patterns.
        public Screen {
            patterns = List.copyOf(patterns);
        }
    }

    /// @param keep how many versions of a dataset keep their data
    public record Versions(int keep) {}

    /// @param keepFinished how long attempts and events of finished jobs are kept
    public record JournalKept(Duration keepFinished) {}

    /// What is sent and how.
    public record Events(EventFormat format, boolean notices, String source, Duration progressEvery) {}

    /// How events are laid out in Kafka records.
    public enum EventFormat {
        /// The whole event is the record's value.
        STRUCTURED,
        /// The value is the event's data, the attributes are headers.
        BINARY
    }

    /// What a worker logs.
    public record Log(LogLevel level, LogFormat format) {}

    /// From the few to the many.
    public enum LogLevel {
        /// Someone must act.
        ERROR,
        /// Odd but handled.
        WARN,
        /// About ten lines a job.
        INFO,
        /// For looking into one thing.
        DEBUG,
        /// Everything.
        TRACE
    }

    /// What a line of the log is.
    public enum LogFormat {
        /// For people.
        TEXT,
        /// One JSON object.
        JSON
    }

    /// How tables of a database are laid out.
    public enum DatastoreLayout {
        /// A view of each dataset.
        BELAY,
        /// As CKAN's datastore has them.
        CKAN
    }

    /// @param listen where a worker's pages of numbers are
    public record Metrics(Optional<Address> listen) {}

    /// @param host a name or address, without the brackets of IPv6
    /// @param port 0 is any free one
    public record Address(String host, int port) {
        /// As it is written.
        public String text() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /// @param port of the embedded broker; 0 is any free one
    public record Dev(int port) {}
}
