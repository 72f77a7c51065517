package dev.belay.bench;

import com.sun.management.OperatingSystemMXBean;
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
import dev.belay.saga.Stages;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.JobMessage.Source;
import dev.belay.schemas.MessageCodec;
import dev.belay.stage.BuildIndexes;
import dev.belay.stage.StageRows;
import dev.belay.stage.Watch;
import dev.belay.tabular.Dialect;
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

    private final Cores cores;
    private final Stores stores;
    private final Stages stages;
    private final IdSource ids;

    /// @param folder for its stores
    Engine(Path folder, Map<String, String> more, IdSource ids) throws JobFailure {
        Settings settings = StayingWorker.settings(folder, more);
        var rooms = new RoomSettings(settings);
        this.ids = ids;
        this.cores = rooms.cores();
        this.stores = Stores.open(rooms.folder(), rooms.places(), ids, cores);
        this.stages = WorkerStages.over(settings, stores, cores, List.of());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String terms() {
        return "warm, in this process: finds the dialect, types and statistics of every column from every byte, then writes the typed table, with its digest, closed and fsynced; CPU and memory of the whole process";
    }

    @Override
    public boolean warmsUp() {
        return true;
    }

    @Override
    public Cost load(LoadedFile file, Path folder) throws JobFailure {
        var machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        OperationId operation = ids.nextOperation();
        JobRequest request = new Requests(new MessageCodec(), 1)
                .of(
                        JobMessage.replace(
                                DATASET.value(), Source.url(file.path().toString())),
                        new JobId(operation.value()));
        long self = ProcessHandle.current().pid();
        ProcessFacts.forgetPeak(self);
        long cpu = machine.getProcessCpuTime();
        long start = System.nanoTime();
        try {
            Staged sealed = sealed(file.path(), request, operation);
            long nanos = System.nanoTime() - start;
            return new Cost(
                    nanos,
                    OptionalLong.of(machine.getProcessCpuTime() - cpu),
                    ProcessFacts.peakMemory(self),
                    sealed.rows());
        } finally {
            stores.datastore().dropStaged(DATASET, operation);
        }
    }

    private Staged sealed(Path file, JobRequest request, OperationId operation) throws JobFailure {
        var watch = new Watch(Progress.SILENT, () -> false);
        Dialect dialect = stages.examine().detect(file, request.read());
        TableProfile profile = stages.examine().profile(file, dialect, Map.of(), watch);
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
        var rows = new StageRows.Input(plan, StageRows.Rows.OfFile.whole(file, profile), watch);
        Staged staged = stages.stageRows().apply(stages.stageRows().plan(rows), rows);
        var build = new BuildIndexes.Input(plan, staged, List.of());
        return stages.buildIndexes().apply(stages.buildIndexes().plan(build), build);
    }

    @Override
    public void close() {
        stores.close();
        cores.close();
    }
}
