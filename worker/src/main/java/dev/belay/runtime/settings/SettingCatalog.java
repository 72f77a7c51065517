package dev.belay.runtime.settings;

import dev.belay.job.ScreenRule;
import dev.belay.runtime.settings.Settings.DatastoreLayout;
import dev.belay.runtime.settings.Settings.EventFormat;
import dev.belay.runtime.settings.Settings.GroupProtocol;
import dev.belay.runtime.settings.Settings.LogFormat;
import dev.belay.runtime.settings.Settings.LogLevel;
import dev.belay.screen.OwnPattern;
import dev.belay.screen.Screening;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Every setting with its type, range, default and meaning: the only place where they are said.
/// `docs/configuration.md` is compared with it by a test.
final class SettingCatalog {
    static final Setting<Path> DATA = new Setting<>(
            "data",
            ValueType.folder(),
            "./belay-data",
            "The data folder: datasets, journal, stash, the embedded broker.");

    static final Setting<List<String>> KAFKA_BOOTSTRAP_SERVERS = new Setting<>(
            KafkaProperties.BOOTSTRAP_SERVERS_KEY,
            ValueType.text(Pattern.compile("(\\[[0-9A-Fa-f:.]{2,45}]|[A-Za-z0-9._-]{1,253}):[0-9]{1,5}"), "`host:port`")
                    .listOf("addresses", 0, 100),
            "",
            "Where Kafka is. None: the broker of the `belay dev` that is running on the data folder.");

    static final Setting<String> TOPICS_PREFIX = new Setting<>(
            "topics.prefix",
            ValueType.text(
                    Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}"),
                    "1 to 200 letters, digits, dots, hyphens, underscores; the first a letter or digit"),
            "belay",
            "What the names of all topics begin with.");
    static final Setting<Integer> TOPICS_PARTITIONS = new Setting<>(
            "topics.partitions", ValueType.whole(1, 1000), "6", "Partitions of topics that Belay creates.");
    static final Setting<Choosable> TOPICS_REPLICATION = new Setting<>(
            "topics.replication",
            ValueType.automaticOr(1, 10),
            "auto",
            "Replicas of topics that Belay creates; `auto` is three, or as many as there are brokers.");

    static final Setting<String> WORKER_GROUP = new Setting<>(
            "worker.group",
            ValueType.text(
                    Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}"),
                    "1 to 200 letters, digits, dots, hyphens, underscores; the first a letter or digit"),
            "belay",
            "The consumer group; workers of one group share one journal.");
    static final Setting<Choosable> WORKER_SLOT = new Setting<>(
            "worker.slot",
            ValueType.automaticOr(0, 63),
            "auto",
            "The worker's stable place in the group; `auto` is the first free one of the data folder.");
    static final Setting<Integer> WORKER_CONCURRENCY =
            new Setting<>("worker.concurrency", ValueType.whole(1, 1000), "4", "Datasets worked on at the same time.");
    static final Setting<Choosable> WORKER_CORES = new Setting<>(
            "worker.cores",
            ValueType.automaticOr(1, 256),
            "auto",
            "Threads that parts of tables are worked on, for all jobs together; `auto` is one for each processor.");
    static final Setting<Integer> WORKER_WINDOW = new Setting<>(
            "worker.window",
            ValueType.whole(1, 16_384),
            "2048",
            "Offsets of one partition between the oldest unfinished job and the newest one taken.");
    static final Setting<GroupProtocol> WORKER_GROUP_PROTOCOL = new Setting<>(
            "worker.groupProtocol",
            ValueType.choice(GroupProtocol.class),
            "classic",
            "How workers agree on partitions: static members, or the broker's own protocol (KIP-848).");
    static final Setting<Duration> WORKER_SESSION_TIMEOUT = new Setting<>(
            "worker.sessionTimeout",
            ValueType.duration("6s", "30m"),
            "10s",
            "After this silence a worker's partitions go to others (classic protocol).");
    static final Setting<Duration> WORKER_REVOKE_WITHIN = new Setting<>(
            "worker.revokeWithin",
            ValueType.duration("100ms", "5m"),
            "10s",
            "How long jobs have to reach a safe point when their partition goes to another worker.");
    static final Setting<Duration> WORKER_STOP_WITHIN = new Setting<>(
            "worker.stopWithin",
            ValueType.duration("1s", "1h"),
            "30s",
            "How long a stop may take until jobs that are still running are left to recovery.");
    static final Setting<Duration> WORKER_OWNER_LOST_AFTER = new Setting<>(
            "worker.ownerLostAfter",
            ValueType.duration("6s", "1d"),
            "60s",
            "A worker not heard of for so long is taken for dead; at least `worker.sessionTimeout`.");
    static final Setting<Duration> WORKER_RECOVER_EVERY = new Setting<>(
            "worker.recoverEvery",
            ValueType.duration("1s", "1d"),
            "30s",
            "How often attempts of lost workers are looked for.");
    static final Setting<Duration> WORKER_OUTAGE_PROBE = new Setting<>(
            "worker.outageProbe",
            ValueType.duration("100ms", "5m"),
            "2s",
            "How often a broker or store that is away is tried again.");

    static final Setting<Integer> RETRY_MAX_ATTEMPTS = new Setting<>(
            "retry.maxAttempts",
            ValueType.whole(1, 100),
            "3",
            "Attempts of a job that does not say, the first one included.");
    static final Setting<List<Duration>> RETRY_DELAYS = new Setting<>(
            "retry.delays",
            ValueType.duration("100ms", "7d").listOf("durations", 1, 20),
            "5s,1m,10m",
            "Waits before the second, third, … attempt, one retry topic each; the last one serves all further ones.");

    static final Setting<List<Path>> SOURCE_ROOTS = new Setting<>(
            "source.roots",
            ValueType.folder().listOf("folders", 0, 100),
            "",
            "Folders that jobs may read local files from. None: no local file at all.");
    static final Setting<List<String>> SOURCE_HTTP_ALLOW = new Setting<>(
            "source.http.allow",
            ValueType.text(
                            Pattern.compile("[A-Za-z0-9._:\\[\\]/-]{1,300}"),
                            "a host, `host:port` or address block such as `10.1.0.0/16`")
                    .listOf("hosts", 0, 1000),
            "",
            "What is exempt from the address guard, which keeps jobs out of private networks.");
    static final Setting<List<Integer>> SOURCE_HTTP_PORTS = new Setting<>(
            "source.http.ports",
            ValueType.whole(1, 65_535).listOf("ports", 1, 100),
            "80,443",
            "Ports that jobs may fetch from.");
    static final Setting<Duration> SOURCE_HTTP_CONNECT_TIMEOUT = new Setting<>(
            "source.http.connectTimeout",
            ValueType.duration("100ms", "5m"),
            "10s",
            "Until a host's name is resolved, and again until it accepts a connection.");
    static final Setting<Duration> SOURCE_HTTP_TIMEOUT = new Setting<>(
            "source.http.timeout",
            ValueType.duration("100ms", "1h"),
            "30s",
            "From the connection to the last header of the response.");
    static final Setting<Duration> SOURCE_HTTP_BODY_TIMEOUT = new Setting<>(
            "source.http.bodyTimeout", ValueType.duration("1s", "7d"), "30m", "Until the whole body is there.");
    static final Setting<Long> SOURCE_HTTP_MIN_BYTES_PER_SECOND = new Setting<>(
            "source.http.minBytesPerSecond",
            ValueType.wholeLong(0, 1_000_000_000),
            "100",
            "Slowest body that is waited for, in bytes per second; 0 is no such limit.");
    static final Setting<Integer> SOURCE_HTTP_MAX_REDIRECTS =
            new Setting<>("source.http.maxRedirects", ValueType.whole(0, 5), "5", "Redirects that are followed.");
    static final Setting<Integer> SOURCE_HTTP_ATTEMPTS = new Setting<>(
            "source.http.attempts",
            ValueType.whole(1, 20),
            "3",
            "Tries of one fetch within one attempt of the job, the first one included.");
    static final Setting<Duration> SOURCE_HTTP_BACKOFF = new Setting<>(
            "source.http.backoff",
            ValueType.duration("1ms", "5m"),
            "500ms",
            "Wait before the second try; doubles with each further one, half of it is random.");
    static final Setting<Duration> SOURCE_HTTP_RETRY_AFTER_CAP = new Setting<>(
            "source.http.retryAfterCap",
            ValueType.duration("1ms", "1h"),
            "30s",
            "The longest wait that a server's `Retry-After` can ask for.");
    static final Setting<Integer> SOURCE_HTTP_BREAKER_FAILURES = new Setting<>(
            "source.http.breakerFailures",
            ValueType.whole(1, 1000),
            "10",
            "Failures of one host in a row until it is left alone.");
    static final Setting<Duration> SOURCE_HTTP_BREAKER_PAUSE = new Setting<>(
            "source.http.breakerPause", ValueType.duration("1ms", "1d"), "30s", "For how long it is left alone.");
    static final Setting<Integer> SOURCE_HTTP_PER_HOST = new Setting<>(
            "source.http.perHost",
            ValueType.whole(1, 1000),
            "4",
            "Fetches from one host at the same time; further ones wait for `source.http.timeout`.");

    static final Setting<Long> LIMITS_MESSAGE_BYTES = new Setting<>(
            "limits.messageBytes",
            ValueType.size("1KiB", "512KiB"),
            "256KiB",
            "The longest job message; a dead letter with it must fit into a Kafka record.");
    static final Setting<Long> LIMITS_BUFFER_BYTES = new Setting<>(
            "limits.bufferBytes",
            ValueType.size("1MiB", "4GiB"),
            "64MiB",
            "Job messages taken and not finished, of all partitions together.");
    static final Setting<Long> LIMITS_SOURCE_BYTES =
            new Setting<>("limits.sourceBytes", ValueType.size("1B", "64TiB"), "50GiB", "The largest source.");
    static final Setting<Long> LIMITS_FIELD_BYTES =
            new Setting<>("limits.fieldBytes", ValueType.size("1B", "512MiB"), "16MiB", "The largest field, as UTF-8.");
    static final Setting<Long> LIMITS_RECORD_BYTES = new Setting<>(
            "limits.recordBytes",
            ValueType.size("1B", "512MiB"),
            "64MiB",
            "The largest record, as UTF-8; it stands in memory whole. At least `limits.fieldBytes`.");
    static final Setting<Integer> LIMITS_COLUMNS = new Setting<>(
            "limits.columns",
            ValueType.whole(1, 1990),
            "1990",
            "Columns of a file (SQLite takes 2000, some are ours).");
    static final Setting<Integer> LIMITS_REJECT_EXAMPLES = new Setting<>(
            "limits.rejectExamples",
            ValueType.whole(0, 1000),
            "20",
            "Rejected records that events and receipts tell of; all are counted.");
    static final Setting<Integer> LIMITS_REJECTS_KEPT = new Setting<>(
            "limits.rejectsKept",
            ValueType.whole(0, 100_000),
            "10000",
            "Rejected records of a job that `belay rejects` can show; a receipt says when there were more.");
    static final Setting<Long> LIMITS_REJECT_BYTES_KEPT = new Setting<>(
            "limits.rejectBytesKept", ValueType.size("1KiB", "256MiB"), "16MiB", "The size of what is kept of them.");
    static final Setting<Long> LIMITS_DEDUPE_BYTES = new Setting<>(
            "limits.dedupeBytes",
            ValueType.size("1MiB", "4GiB"),
            "64MiB",
            "Memory in which jobs look for duplicates (`rules.dedupe`), all of a worker together; what does not fit goes to their work folders.");

    static final Setting<Long> LIMITS_UNPACKED_BYTES = new Setting<>(
            "limits.unpackedBytes",
            ValueType.size("1KiB", "64TiB"),
            "50GiB",
            "What a file may be when it is unpacked, decoded or written out as text.");
    static final Setting<Integer> LIMITS_UNPACK_RATIO = new Setting<>(
            "limits.unpackRatio",
            ValueType.whole(1, 1_000_000),
            "250",
            "How many times its packed size a file of more than 64 MiB may be.");
    static final Setting<Integer> LIMITS_ARCHIVE_ENTRIES = new Setting<>(
            "limits.archiveEntries", ValueType.whole(1, 100_000), "10000", "Files in one archive or workbook.");
    static final Setting<Integer> LIMITS_ARCHIVE_DEPTH = new Setting<>(
            "limits.archiveDepth",
            ValueType.whole(0, 10),
            "3",
            "Wrappers around one another, such as a gzip in a zip; a tar.gz has two.");
    static final Setting<Integer> LIMITS_JSON_DEPTH =
            new Setting<>("limits.jsonDepth", ValueType.whole(1, 1000), "100", "JSON values inside one another.");

    static final Setting<ScreenRule> SCREEN_DEFAULT = new Setting<>(
            "screen.default",
            ValueType.choice(ScreenRule.class),
            "off",
            "What is done about values that look like personal data, for jobs that do not say.");
    static final Setting<Duration> SCREEN_REVIEW_WITHIN = new Setting<>(
            "screen.reviewWithin",
            ValueType.duration("1s", "365d"),
            "7d",
            "How long a job waits for `belay jobs approve` or `reject` until it fails.");
    static final Setting<List<OwnPattern>> SCREEN_PATTERNS = new Setting<>(
            "screen.patterns",
            ValueType.pattern().listOf("patterns", 0, Screening.MOST_PATTERNS),
            "",
            "Patterns of your own to look for, as RE2 writes them; in lists of text a comma is `\\x2c`.");
    static final Setting<Integer> SCREEN_SAMPLES = new Setting<>(
            "screen.samples",
            ValueType.whole(0, 20),
            "3",
            "Places and masked samples kept of each kind of finding in a column; all are counted.");
    static final Setting<Long> SCREEN_PATTERN_BYTES = new Setting<>(
            "screen.patternBytes",
            ValueType.size("64B", "16MiB"),
            "64KiB",
            "How much of a value your own patterns are given, which bounds their time.");

    static final Setting<Choosable> VERSIONS_KEEP = new Setting<>(
            "versions.keep",
            ValueType.automaticOr(1, 10_000),
            "auto",
            "Versions of a dataset that keep their data; `auto` is 10 in files and 2 in PostgreSQL, what is served and the one before.");

    static final Setting<EventFormat> EVENTS_FORMAT = new Setting<>(
            "events.format",
            ValueType.choice(EventFormat.class),
            "structured",
            "CloudEvents as the record's value, or as headers with the data as value.");
    static final Setting<Boolean> EVENTS_NOTICES = new Setting<>(
            "events.notices", ValueType.yesOrNo(), "true", "Whether accepted, stage and progress events are sent.");
    static final Setting<String> EVENTS_SOURCE = new Setting<>(
            "events.source",
            ValueType.text(Pattern.compile("[!-~]{1,200}"), "1 to 200 printable ASCII characters without spaces"),
            "/belay",
            "The CloudEvents `source` of all events: a URI reference.");
    static final Setting<Duration> EVENTS_PROGRESS_EVERY = new Setting<>(
            "events.progressEvery",
            ValueType.duration("10ms", "1h"),
            "250ms",
            "At most one progress event of a job in this time.");

    static final Setting<LogLevel> LOG_LEVEL = new Setting<>(
            "log.level",
            ValueType.choice(LogLevel.class),
            "info",
            "The least level that a worker logs; other commands show warnings only.");
    static final Setting<LogFormat> LOG_FORMAT = new Setting<>(
            "log.format", ValueType.choice(LogFormat.class), "text", "Lines of text, or one JSON object a line.");

    static final Setting<Optional<Settings.Address>> METRICS_LISTEN = new Setting<>(
            "metrics.listen",
            ValueType.address(),
            "",
            "Where a worker shows `/metrics` to Prometheus and `/health` to probes, over plain HTTP; none: nowhere.");

    static final Setting<StoreUrl> JOURNAL_URL = new Setting<>(
            "journal.url",
            ValueType.store("journal.password"),
            "sqlite:<data>",
            "Where the journal is, and the stash with it: files of this host, or a database that workers of many hosts share.");
    static final Setting<String> JOURNAL_PASSWORD = new Setting<>(
            "journal.password", ValueType.secret(), "", "The role's password; best set as `BELAY_JOURNAL_PASSWORD`.");
    static final Setting<Choosable> JOURNAL_CONNECTIONS = new Setting<>(
            "journal.connections",
            ValueType.automaticOr(2, 1000),
            "auto",
            "Connections of a worker to the journal's server at most; `auto` is `worker.concurrency` and 2.");
    static final Setting<Duration> JOURNAL_KEEP_FINISHED = new Setting<>(
            "journal.keepFinished",
            ValueType.duration("1d", "3650d"),
            "30d",
            "How long attempts and events of finished jobs are kept; receipts longer, while Kafka holds the message.");
    static final Setting<StoreUrl> DATASTORE_URL = new Setting<>(
            "datastore.url",
            ValueType.store("datastore.password"),
            "sqlite:<data>",
            "Where published data and its catalog are: files of this host, or a database; that if the journal is in one.");
    static final Setting<String> DATASTORE_PASSWORD = new Setting<>(
            "datastore.password",
            ValueType.secret(),
            "",
            "The role's password; none: that of the journal, if role, host and port are the same.");
    static final Setting<Choosable> DATASTORE_CONNECTIONS = new Setting<>(
            "datastore.connections",
            ValueType.automaticOr(2, 2100),
            "auto",
            "Connections of a worker to the datastore's server at most, at least two for each of `worker.concurrency`; `auto` is those and 2.");

    static final Setting<DatastoreLayout> DATASTORE_LAYOUT = new Setting<>(
            "datastore.layout",
            ValueType.choice(DatastoreLayout.class),
            "belay",
            "How tables of a database are laid out: with a view of each dataset, or as CKAN's datastore has them; never changes.");

    static final Setting<Integer> DEV_PORT = new Setting<>(
            "dev.port", ValueType.whole(0, 65_535), "0", "Port of the embedded broker; 0 is any free one.");

    /// All of them, in the order of the documentation.
    static final List<Setting<?>> ALL = List.of(
            DATA,
            KAFKA_BOOTSTRAP_SERVERS,
            TOPICS_PREFIX,
            TOPICS_PARTITIONS,
            TOPICS_REPLICATION,
            WORKER_GROUP,
            WORKER_SLOT,
            WORKER_CONCURRENCY,
            WORKER_CORES,
            WORKER_WINDOW,
            WORKER_GROUP_PROTOCOL,
            WORKER_SESSION_TIMEOUT,
            WORKER_REVOKE_WITHIN,
            WORKER_STOP_WITHIN,
            WORKER_OWNER_LOST_AFTER,
            WORKER_RECOVER_EVERY,
            WORKER_OUTAGE_PROBE,
            RETRY_MAX_ATTEMPTS,
            RETRY_DELAYS,
            SOURCE_ROOTS,
            SOURCE_HTTP_ALLOW,
            SOURCE_HTTP_PORTS,
            SOURCE_HTTP_CONNECT_TIMEOUT,
            SOURCE_HTTP_TIMEOUT,
            SOURCE_HTTP_BODY_TIMEOUT,
            SOURCE_HTTP_MIN_BYTES_PER_SECOND,
            SOURCE_HTTP_MAX_REDIRECTS,
            SOURCE_HTTP_ATTEMPTS,
            SOURCE_HTTP_BACKOFF,
            SOURCE_HTTP_RETRY_AFTER_CAP,
            SOURCE_HTTP_BREAKER_FAILURES,
            SOURCE_HTTP_BREAKER_PAUSE,
            SOURCE_HTTP_PER_HOST,
            LIMITS_MESSAGE_BYTES,
            LIMITS_BUFFER_BYTES,
            LIMITS_SOURCE_BYTES,
            LIMITS_FIELD_BYTES,
            LIMITS_RECORD_BYTES,
            LIMITS_COLUMNS,
            LIMITS_REJECT_EXAMPLES,
            LIMITS_REJECTS_KEPT,
            LIMITS_REJECT_BYTES_KEPT,
            LIMITS_DEDUPE_BYTES,
            LIMITS_UNPACKED_BYTES,
            LIMITS_UNPACK_RATIO,
            LIMITS_ARCHIVE_ENTRIES,
            LIMITS_ARCHIVE_DEPTH,
            LIMITS_JSON_DEPTH,
            SCREEN_DEFAULT,
            SCREEN_REVIEW_WITHIN,
            SCREEN_PATTERNS,
            SCREEN_SAMPLES,
            SCREEN_PATTERN_BYTES,
            VERSIONS_KEEP,
            EVENTS_FORMAT,
            EVENTS_NOTICES,
            EVENTS_SOURCE,
            EVENTS_PROGRESS_EVERY,
            LOG_LEVEL,
            LOG_FORMAT,
            METRICS_LISTEN,
            JOURNAL_URL,
            JOURNAL_PASSWORD,
            JOURNAL_CONNECTIONS,
            JOURNAL_KEEP_FINISHED,
            DATASTORE_URL,
            DATASTORE_PASSWORD,
            DATASTORE_CONNECTIONS,
            DATASTORE_LAYOUT,
            DEV_PORT);

    private SettingCatalog() {}
}
