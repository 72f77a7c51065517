package dev.belay.drill;

import dev.belay.datastore.Datastore;
import dev.belay.dictionary.DataDictionary;
import dev.belay.dictionary.Field;
import dev.belay.intake.Backlog;
import dev.belay.intake.DeadLetterReader;
import dev.belay.intake.EventHistory;
import dev.belay.intake.IntakeSettings;
import dev.belay.intake.TopicAdmin;
import dev.belay.job.ColumnType;
import dev.belay.job.DatasetId;
import dev.belay.job.IdSource;
import dev.belay.job.JobFailure;
import dev.belay.journal.JournalReader;
import dev.belay.runtime.RoomSettings;
import dev.belay.runtime.folder.DataFolder;
import dev.belay.runtime.settings.Settings;
import dev.belay.runtime.settings.SettingsInputs;
import dev.belay.runtime.settings.SettingsReader;
import dev.belay.schemas.DeadLetter;
import dev.belay.schemas.Event;
import dev.belay.stores.StorePlaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/// A folder with a data folder, sources and logs in it, the settings of its workers, and the worker processes started
/// on them, all ended when it is closed. Safe for many threads.
public final class Site implements AutoCloseable {
    /// How long anything may take that should come by itself.
    public static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Program program;
    private final Path folder;
    private final Optional<DrillServer> server;
    private final Map<String, String> flags;
    private final Settings settings;
    private final String servers;
    private final IdSource ids;
    // Guarded by itself, and guards what follows.
    private final List<WorkerProcess> workers = new ArrayList<>();
    private boolean closed;

    /// What one is made of.
    ///
    /// @param folder   an existing one for everything
    /// @param data     the data folder
    /// @param servers  where Kafka is
    /// @param settings those that matter to the caller; the others are the usual ones of a site
    /// @param server   where all stores are, if they are not in files; each worker has a data folder of its own
    public record Ground(
            Path folder, Path data, String servers, Map<String, String> settings, Optional<DrillServer> server) {
        /// With all stores in files.
        public Ground(Path folder, Path data, String servers, Map<String, String> settings) {
            this(folder, data, servers, settings, Optional.empty());
        }

        /// Copies the settings.
        public Ground {
            settings = Map.copyOf(settings);
        }
    }

    /// @param program what workers are
    /// @param ids     for edits of dictionaries
    public Site(Ground ground, Program program, IdSource ids) throws JobFailure, IOException {
        this.program = program;
        this.ids = ids;
        folder = ground.folder().toRealPath();
        servers = ground.servers();
        Files.createDirectories(sources());
        server = ground.server();
        flags = flags(ground);
        settings = SettingsReader.read(new SettingsInputs(folder, null, Map.of(), flags))
                .settings();
    }

    private Map<String, String> flags(Ground ground) throws IOException {
        var all = new TreeMap<String, String>();
        all.put("data", ground.data().toString());
        all.put("kafka.bootstrap.servers", servers);
        all.put("topics.partitions", "3");
        all.put("worker.sessionTimeout", "6s");
        all.put("worker.ownerLostAfter", "6s");
        all.put("worker.recoverEvery", "2s");
        all.put("worker.stopWithin", "30s");
        all.put("retry.delays", "200ms,500ms");
        all.put("source.roots", sources().toString());
        all.put("versions.keep", "10000");
        all.putAll(ground.settings());
        if (server.isPresent()) {
            all.put("journal.url", server.get().url());
            all.put("datastore.url", server.get().url());
            if (!server.get().password().isEmpty()) {
                Path secret = folder.resolve("database.password");
                if (!Files.exists(secret)) {
                    Files.createFile(
                            secret, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                }
                Files.writeString(secret, server.get().password());
                all.put("journal.password.file", secret.toString());
            }
        }
        return all;
    }

    /// Makes the topics.
    public void createTopics() throws JobFailure, InterruptedException {
        var rooms = new RoomSettings(settings);
        try (var admin = new TopicAdmin(rooms.intake("admin", servers), PATIENCE)) {
            admin.create(rooms.topics());
        }
    }

    public Path sources() {
        return folder.resolve("sources");
    }

    public DataFolder data() {
        return new RoomSettings(settings).folder();
    }

    /// Where the stores are.
    public StorePlaces places() {
        return new RoomSettings(settings).places();
    }

    public Settings settings() {
        return settings;
    }

    /// For clients that are no worker.
    public IntakeSettings intake() {
        return new RoomSettings(settings).intake("reader", servers);
    }

    /// Starts a worker process; it is not ready yet.
    ///
    /// @throws IllegalStateException once this is closed: nobody would end it
    public WorkerProcess start(int slot) throws IOException {
        return start(slot, List.of());
    }

    /// The same with more options of its JVM.
    public WorkerProcess start(int slot, List<String> options) throws IOException {
        var arguments = new ArrayList<>(List.of("worker", "--until-stdin-ends"));
        flags.forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
        arguments.addAll(List.of("--set", "worker.slot=" + slot));
        if (server.isPresent()) {
            arguments.addAll(List.of("--set", "data=" + host(slot)));
        }
        synchronized (workers) {
            if (closed) {
                throw new IllegalStateException("no worker is started any more");
            }
            var worker = WorkerProcess.start(program.with(options), arguments, log(slot));
            workers.removeIf(one -> !one.isAlive());
            workers.add(worker);
            return worker;
        }
    }

    /// The data folder of a worker on a host of its own.
    private Path host(int slot) {
        return folder.resolve("host-" + slot);
    }

    /// What the lives of one slot have said.
    public Path log(int slot) {
        return folder.resolve("worker-" + slot + ".log");
    }

    /// All events that are wanted, from the first on.
    public EventHistory events(Predicate<Event> wanted) throws JobFailure {
        return new EventHistory(intake(), PATIENCE, wanted);
    }

    public List<DeadLetter> deadLetters() throws JobFailure {
        return new DeadLetterReader(intake(), PATIENCE).all();
    }

    public Backlog backlog() {
        return new Backlog(intake(), PATIENCE);
    }

    /// Asks the datastore, opened as another process beside the workers.
    public <T> T datastore(Function<Datastore, T> question) {
        try (Datastore datastore = places().openDatastore(ids)) {
            return question.apply(datastore);
        }
    }

    /// Asks the journal, as a command that only lists does.
    public <T> T journal(Function<JournalReader, T> question) {
        try (JournalReader journal = places().readJournal().orElseThrow(() -> new Breach("there is no journal"))) {
            return question.apply(journal);
        }
    }

    /// Writes a title, a description and a type into the live dictionary, as a person does.
    public void curate(String dataset, Curated curated) throws JobFailure {
        try (Datastore datastore = places().openDatastore(ids)) {
            var id = new DatasetId(dataset);
            var state = datastore.state(id);
            var edited = DataDictionary.parse(
                            state.dictionary().orElseThrow(() -> new Breach(dataset + " has no dictionary")))
                    .withTitle(curated.titled(), "Title of " + dataset)
                    .withDescription(curated.described(), "Description of " + dataset)
                    .withTypeOverride(curated.typed(), ColumnType.TEXT);
            if (!datastore.editDictionary(id, state.dictionaryRevision(), edited.toDocument())) {
                throw new Breach("the dictionary of %s was edited by somebody else".formatted(dataset));
            }
        }
    }

    /// Whether what [#curate] wrote is there.
    public boolean isCurated(Datastore datastore, String dataset, Curated curated) {
        try {
            var document = datastore.state(new DatasetId(dataset)).dictionary();
            if (document.isEmpty()) {
                return false;
            }
            var dictionary = DataDictionary.parse(document.get());
            Field titled = dictionary.field(curated.titled());
            Field described = dictionary.field(curated.described());
            Field typed = dictionary.field(curated.typed());
            return ("Title of " + dataset).equals(titled.title())
                    && ("Description of " + dataset).equals(described.description())
                    && typed.typeOverride().filter(ColumnType.TEXT::equals).isPresent();
        } catch (JobFailure damaged) {
            return false;
        }
    }

    /// What nobody needs any more, if no worker lives.
    public List<String> leftLying() {
        return datastore(this::leftLying);
    }

    List<String> leftLying(Datastore datastore) {
        if (server.isEmpty()) {
            return LeftLying.in(datastore, List.of(data()));
        }
        var hosts = new ArrayList<DataFolder>();
        for (int slot = 0; Files.isDirectory(host(slot)); slot++) {
            hosts.add(DataFolder.at(host(slot)));
        }
        var lying = new ArrayList<>(LeftLying.in(datastore, hosts));
        lying.addAll(LeftLying.in(server.get()));
        return lying;
    }

    /// Where journal, stash and datasets are, if not in files.
    Optional<DrillServer> server() {
        return server;
    }

    /// How a reader sees what is served.
    Eyes eyes() {
        return server.<Eyes>map(ServerEyes::new).orElseGet(() -> new FileEyes(data().datasets()));
    }

    /// Ends all workers that live (`kill -9`); others may be started afterwards.
    public void killWorkers() {
        synchronized (workers) {
            workers.forEach(WorkerProcess::close);
            workers.clear();
        }
    }

    /// Ends all workers that live, for good.
    @Override
    public void close() {
        synchronized (workers) {
            closed = true;
            killWorkers();
        }
    }
}
