package dev.belay.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.belay.datastore.Datastore;
import dev.belay.datastore.Staged;
import dev.belay.datastore.StagingPlan;
import dev.belay.job.Column;
import dev.belay.job.DatasetId;
import dev.belay.job.IdSource;
import dev.belay.job.JobFailure;
import dev.belay.job.JobId;
import dev.belay.job.JobRequest;
import dev.belay.job.Mode;
import dev.belay.job.OperationId;
import dev.belay.job.Progress;
import dev.belay.parts.Cores;
import dev.belay.runtime.RoomSettings;
import dev.belay.runtime.Stores;
import dev.belay.runtime.WorkerStages;
import dev.belay.runtime.settings.Settings;
import dev.belay.saga.Requests;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.JobMessage.Source;
import dev.belay.schemas.MessageCodec;
import dev.belay.stage.BuildIndexes;
import dev.belay.stage.Examine;
import dev.belay.stage.StageRows;
import dev.belay.stage.Watch;
import dev.belay.stage.Workspace;
import dev.belay.tabular.Dialect;
import dev.belay.tabular.Drafting;
import dev.belay.tabular.TableProfile;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/// The stages of a worker that read a file and make a version of it, in this process: detect, profile, stage, seal.
final class Engine implements Contender {
    static final String NAME = "belay, engine alone";
    private static final DatasetId DATASET = new DatasetId("bench");
    private static final String READS =
            "warm, in this process: finds the dialect, types and statistics of every column from every byte, then ";

    private final String name;
    private final String terms;
    private final Runnable end;
    private final Datastore datastore;
    private final Examine examine;
    private final Workspace workspace;
    private final ServerCpu server;
    private final IdSource ids;

    private Engine(Words words, Made made, Datastore datastore, ServerCpu server, IdSource ids) {
        this.name = words.name();
        this.terms = words.terms();
        this.end = made.end(datastore);
        this.datastore = datastore;
        this.examine = made.examine();
        this.workspace = made.workspace();
        this.server = server;
        this.ids = ids;
    }

    private record Words(String name, String terms) {}

    /// What a worker would have.
    private record Made(Cores cores, Stores stores, Workspace workspace, Examine examine) {
        static Made in(Path folder, Map<String, String> more, IdSource ids) throws JobFailure {
            Settings settings = StayingWorker.settings(folder, more);
            var rooms = new RoomSettings(settings);
            Cores cores = rooms.cores();
            Stores stores = Stores.open(rooms.folder(), rooms.places(), ids, cores);
            return new Made(
                    cores,
                    stores,
                    new Workspace(rooms.folder().work()),
                    WorkerStages.over(settings, stores, cores, List.of()).examine());
        }

        /// Closes the datastore too, which may be the stores' own: that is closed twice then, which is once.
        Runnable end(Datastore datastore) {
            return () -> {
                datastore.close();
                stores.close();
                cores.close();
            };
        }
    }

    /// Into files of its own.
    ///
    /// @param folder for its stores
    static Engine intoFiles(Path folder, Map<String, String> more, IdSource ids) throws JobFailure {
        Made made = Made.in(folder, more, ids);
        var words = new Words(
                NAME,
                READS
                        + "writes the typed table, with its digest, closed and fsynced; CPU and memory of the whole process");
        return new Engine(words, made, made.stores().datastore(), ServerCpu.NONE, ids);
    }

    /// Into schemas of its own of a PostgreSQL server.
    ///
    /// @param folder for what is not in the server
    static Engine intoPostgres(Path folder, Map<String, String> more, IdSource ids, PostgresServer server)
            throws JobFailure {
        Made made = Made.in(folder, more, ids);
        var words = new Words(
                "belay, into PostgreSQL",
                READS
                        + "binary COPY into the typed table, numbered and with the key of its numbers, with its digest, committed, ANALYZE; CPU of this process and of the server's processes that it is connected to; memory of this process");
        return new Engine(words, made, server.datastore(made.cores()), server.cpu(), ids);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String terms() {
        return terms;
    }

    @Override
    public boolean warmsUp() {
        return true;
    }

    @Override
    public Cost load(LoadedFile file, Path folder) throws JobFailure {
        return load(file, () -> {});
    }

    /// Loads a file and lets somebody look at the staged table before it is dropped.
    Cost load(LoadedFile file, Look look) throws JobFailure {
        var machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        OperationId operation = ids.nextOperation();
        JobRequest request = new Requests(new MessageCodec(), 1)
                .of(
                        JobMessage.replace(
                                DATASET.value(), Source.url(file.path().toString())),
                        new JobId(operation.value()));
        workspace.make(operation);
        long self = ProcessHandle.current().pid();
        ProcessFacts.forgetPeak(self);
        Map<Long, Long> before = server.nanos();
        long cpu = machine.getProcessCpuTime();
        long start = System.nanoTime();
        try {
            Staged sealed = sealed(file.path(), request, operation);
            long nanos = System.nanoTime() - start;
            long own = machine.getProcessCpuTime() - cpu;
            OptionalLong others = server.since(before);
            look.at();
            return new Cost(
                    nanos,
                    others.isPresent() ? OptionalLong.of(own + others.getAsLong()) : others,
                    ProcessFacts.peakMemory(self),
                    sealed.rows());
        } finally {
            datastore.dropStaged(DATASET, operation);
            workspace.remove(operation);
        }
    }

    /// Looks at what was staged.
    @FunctionalInterface
    interface Look {
        void at() throws JobFailure;
    }

    private Staged sealed(Path file, JobRequest request, OperationId operation) throws JobFailure {
        var stageRows = new StageRows(datastore, examine, workspace);
        try (Drafting drafting = stageRows.drafting(operation)) {
            return sealed(file, request, operation, stageRows, drafting);
        }
    }

    private Staged sealed(Path file, JobRequest request, OperationId operation, StageRows stageRows, Drafting drafting)
            throws JobFailure {
        var watch = new Watch(Progress.SILENT, () -> false);
        Dialect dialect = examine.detect(file, request.read());
        TableProfile profile = examine.profile(file, dialect, Map.of(), watch, drafting);
        List<Column> columns =
                profile.columns().stream().map(column -> column.column()).toList();
        var plan = new StagingPlan(
                DATASET,
                operation,
                operation.commitId(),
                1,
                Mode.REPLACE,
                Optional.empty(),
                columns,
                IntStream.range(0, columns.size()).boxed().toList(),
                List.of());
        var rows = new StageRows.Input(plan, StageRows.Rows.OfFile.whole(file, profile, drafting), watch);
        Staged staged = stageRows.apply(stageRows.plan(rows), rows);
        var build = new BuildIndexes.Input(plan, staged, List.of());
        var buildIndexes = new BuildIndexes(datastore);
        return buildIndexes.apply(buildIndexes.plan(build), build);
    }

    @Override
    public void close() {
        end.run();
    }
}
