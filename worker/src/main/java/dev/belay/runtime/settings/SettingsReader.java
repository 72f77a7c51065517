package dev.belay.runtime.settings;

import dev.belay.job.JobFailure;
import dev.belay.stores.StorePlace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Reads the settings: defaults, then the file, then the environment, then the command line; the later one wins.
public final class SettingsReader {
    private static final int KEPT_FILES = 10;
    private static final int KEPT_TABLES = 2;
    private static final String FILE_NAME = "belay.yaml";
    private static final String FILE_VARIABLE = "BELAY_CONFIG";

    private final SettingsInputs inputs;
    private final Problems problems = new Problems();
    private final Map<String, Written> written = new LinkedHashMap<>();
    private final SecretFiles secretFiles;

    private SettingsReader(SettingsInputs inputs) {
        this.inputs = inputs;
        secretFiles = new SecretFiles(inputs.workingFolder(), problems);
    }

    /// @throws JobFailure with [dev.belay.job.FailureCode#SETTINGS_INVALID], naming everything that is wrong at
    /// once: unknown keys, values out of range, values that do not go together
    public static EffectiveSettings read(SettingsInputs inputs) throws JobFailure {
        var reader = new SettingsReader(inputs);
        reader.readFile();
        reader.readEnvironment();
        reader.readFlags();
        var values = new Values(reader.written, reader.problems);
        var settings = reader.settings(values);
        reader.checkTogether(settings);
        reader.problems.throwIfAny();
        return new EffectiveSettings(settings, values.report());
    }

    private void readFile() {
        Path named = namedFile();
        Path file = inputs.workingFolder().resolve(named == null ? Path.of(FILE_NAME) : named);
        if (!Files.exists(file)) {
            if (named != null) {
                problems.add("the settings file %s does not exist".formatted(named));
            }
            return;
        }
        YamlSettings.read(named == null ? inputs.workingFolder().resolve(FILE_NAME) : file, problems)
                .forEach(this::accept);
    }

    private @Nullable Path namedFile() {
        if (inputs.configFile() != null) {
            return inputs.configFile();
        }
        String variable = inputs.environment().getOrDefault(FILE_VARIABLE, "");
        return variable.isBlank() ? null : Path.of(variable);
    }

    /// An empty variable counts as not set: that is what compose files make of a variable that is not there.
    private void readEnvironment() {
        for (var variable : new TreeMap<>(inputs.environment()).entrySet()) {
            String name = variable.getKey();
            if (!name.startsWith("BELAY_") || variable.getValue().isEmpty() || !KnownKeys.isSetting(name)) {
                continue;
            }
            KnownKeys.keyOf(name)
                    .ifPresentOrElse(
                            key -> accept(key, Written.text(variable.getValue(), new Origin.Environment(name))),
                            () -> problems.add(KnownKeys.unknownVariable(name)));
        }
    }

    private void readFlags() {
        new TreeMap<>(inputs.flags())
                .forEach((key, value) -> accept(key, Written.text(value, new Origin.CommandLine())));
    }

    private void accept(String key, Written value) {
        KnownKeys.objection(key)
                .ifPresentOrElse(
                        objection -> problems.add(
                                "%s (%s)".formatted(objection, value.origin().text())),
                        () -> SecretFiles.secretOf(key)
                                .ifPresentOrElse(
                                        secret -> secretFiles
                                                .read(secret, value)
                                                .ifPresent(content -> put(secret, content)),
                                        () -> put(key, value)));
    }

    private void put(String key, Written value) {
        Written earlier = written.put(key, value);
        if (earlier != null && SecretFiles.contradict(earlier.origin(), value.origin())) {
            problems.add("%s is there twice, as a value and as a file (%s)"
                    .formatted(key, value.origin().text()));
        }
    }

    private Settings settings(Values values) {
        Path data = absolute(values.of(SettingCatalog.DATA));
        var kafka = kafka(values);
        var topics = new Settings.Topics(
                values.of(SettingCatalog.TOPICS_PREFIX),
                values.of(SettingCatalog.TOPICS_PARTITIONS),
                values.of(SettingCatalog.TOPICS_REPLICATION));
        var worker = worker(values);
        var retry = new Settings.Retry(
                values.of(SettingCatalog.RETRY_MAX_ATTEMPTS), values.of(SettingCatalog.RETRY_DELAYS));
        var source = source(values);
        var limits = limits(values);
        var screen = new Settings.Screen(
                values.of(SettingCatalog.SCREEN_DEFAULT),
                values.of(SettingCatalog.SCREEN_REVIEW_WITHIN),
                values.of(SettingCatalog.SCREEN_PATTERNS),
                values.of(SettingCatalog.SCREEN_SAMPLES),
                Math.toIntExact(values.of(SettingCatalog.SCREEN_PATTERN_BYTES)));
        var kept = new Settings.JournalKept(values.of(SettingCatalog.JOURNAL_KEEP_FINISHED));
        var events = new Settings.Events(
                values.of(SettingCatalog.EVENTS_FORMAT),
                values.of(SettingCatalog.EVENTS_NOTICES),
                values.of(SettingCatalog.EVENTS_SOURCE),
                values.of(SettingCatalog.EVENTS_PROGRESS_EVERY));
        var log = new Settings.Log(values.of(SettingCatalog.LOG_LEVEL), values.of(SettingCatalog.LOG_FORMAT));
        var stores = new StoreSettings(values, data, inputs.workingFolder(), problems);
        StorePlace journal = stores.journal(worker.concurrency());
        StorePlace datastore = stores.datastore(worker.concurrency());
        var versions = new Settings.Versions(keep(values.of(SettingCatalog.VERSIONS_KEEP), datastore));
        var metrics = new Settings.Metrics(values.of(SettingCatalog.METRICS_LISTEN));
        var dev = new Settings.Dev(values.of(SettingCatalog.DEV_PORT));
        return new Settings(
                data, journal, datastore, kafka, topics, worker, retry, source, limits, screen, versions, kept, events,
                log, metrics, dev);
    }

    /// A table costs its database more than a file its folder: every dump holds it, every catalog lists it.
    private static int keep(Choosable said, StorePlace datastore) {
        return switch (said) {
            case Choosable.Chosen(int number) -> number;
            case Choosable.Automatic() -> datastore instanceof StorePlace.Server ? KEPT_TABLES : KEPT_FILES;
        };
    }

    private static Settings.Kafka kafka(Values values) {
        List<String> servers = values.of(SettingCatalog.KAFKA_BOOTSTRAP_SERVERS);
        var properties = new TreeMap<>(values.kafkaProperties());
        if (!servers.isEmpty()) {
            properties.put(KafkaProperties.BOOTSTRAP_SERVERS, String.join(",", servers));
        }
        return new Settings.Kafka(properties);
    }

    private static Settings.Worker worker(Values values) {
        return new Settings.Worker(
                values.of(SettingCatalog.WORKER_GROUP),
                values.of(SettingCatalog.WORKER_SLOT),
                values.of(SettingCatalog.WORKER_CONCURRENCY),
                values.of(SettingCatalog.WORKER_CORES),
                values.of(SettingCatalog.WORKER_WINDOW),
                values.of(SettingCatalog.WORKER_GROUP_PROTOCOL),
                values.of(SettingCatalog.WORKER_SESSION_TIMEOUT),
                values.of(SettingCatalog.WORKER_REVOKE_WITHIN),
                values.of(SettingCatalog.WORKER_STOP_WITHIN),
                values.of(SettingCatalog.WORKER_OWNER_LOST_AFTER),
                values.of(SettingCatalog.WORKER_RECOVER_EVERY),
                values.of(SettingCatalog.WORKER_OUTAGE_PROBE));
    }

    private Settings.Source source(Values values) {
        List<Path> roots = values.of(SettingCatalog.SOURCE_ROOTS);
        var http = new Settings.Http(
                values.of(SettingCatalog.SOURCE_HTTP_ALLOW),
                values.of(SettingCatalog.SOURCE_HTTP_PORTS),
                values.of(SettingCatalog.SOURCE_HTTP_CONNECT_TIMEOUT),
                values.of(SettingCatalog.SOURCE_HTTP_TIMEOUT),
                values.of(SettingCatalog.SOURCE_HTTP_BODY_TIMEOUT),
                values.of(SettingCatalog.SOURCE_HTTP_MIN_BYTES_PER_SECOND),
                values.of(SettingCatalog.SOURCE_HTTP_MAX_REDIRECTS),
                values.of(SettingCatalog.SOURCE_HTTP_ATTEMPTS),
                values.of(SettingCatalog.SOURCE_HTTP_BACKOFF),
                values.of(SettingCatalog.SOURCE_HTTP_RETRY_AFTER_CAP),
                values.of(SettingCatalog.SOURCE_HTTP_BREAKER_FAILURES),
                values.of(SettingCatalog.SOURCE_HTTP_BREAKER_PAUSE),
                values.of(SettingCatalog.SOURCE_HTTP_PER_HOST));
        return new Settings.Source(roots.stream().map(this::absolute).toList(), http);
    }

    private static Settings.Limits limits(Values values) {
        return new Settings.Limits(
                Math.toIntExact(values.of(SettingCatalog.LIMITS_MESSAGE_BYTES)),
                values.of(SettingCatalog.LIMITS_BUFFER_BYTES),
                values.of(SettingCatalog.LIMITS_SOURCE_BYTES),
                values.of(SettingCatalog.LIMITS_FIELD_BYTES),
                values.of(SettingCatalog.LIMITS_RECORD_BYTES),
                values.of(SettingCatalog.LIMITS_COLUMNS),
                values.of(SettingCatalog.LIMITS_REJECT_EXAMPLES),
                values.of(SettingCatalog.LIMITS_REJECTS_KEPT),
                values.of(SettingCatalog.LIMITS_REJECT_BYTES_KEPT),
                values.of(SettingCatalog.LIMITS_DEDUPE_BYTES),
                new Settings.Unpacking(
                        values.of(SettingCatalog.LIMITS_UNPACKED_BYTES),
                        values.of(SettingCatalog.LIMITS_UNPACK_RATIO),
                        values.of(SettingCatalog.LIMITS_ARCHIVE_ENTRIES),
                        values.of(SettingCatalog.LIMITS_ARCHIVE_DEPTH),
                        values.of(SettingCatalog.LIMITS_JSON_DEPTH)));
    }

    private void checkTogether(Settings settings) {
        var limits = settings.limits();
        if (limits.recordBytes() < limits.fieldBytes()) {
            problems.add("limits.recordBytes (%s) must be at least limits.fieldBytes (%s)"
                    .formatted(SizeText.format(limits.recordBytes()), SizeText.format(limits.fieldBytes())));
        }
        Duration lost = settings.worker().ownerLostAfter();
        Duration session = settings.worker().sessionTimeout();
        if (lost.compareTo(session) < 0) {
            problems.add("worker.ownerLostAfter (%s) must be at least worker.sessionTimeout (%s)"
                    .formatted(DurationText.format(lost), DurationText.format(session)));
        }
    }

    private Path absolute(Path folder) {
        return inputs.workingFolder().resolve(folder).normalize();
    }
}
