package dev.belay.powercut;

import dev.belay.dedupe.DuplicateSearch;
import dev.belay.dictionary.DataDictionary;
import dev.belay.format.FormatLimits;
import dev.belay.format.Formats;
import dev.belay.job.DatasetId;
import dev.belay.job.IdSource;
import dev.belay.job.JobFailure;
import dev.belay.job.JobId;
import dev.belay.job.JobRequest;
import dev.belay.job.SourcePosition;
import dev.belay.job.WorkerId;
import dev.belay.journal.Announcement;
import dev.belay.journal.Delivery;
import dev.belay.journal.Verdict;
import dev.belay.runtime.Stores;
import dev.belay.runtime.folder.DataFolder;
import dev.belay.saga.Handled;
import dev.belay.saga.JobListener;
import dev.belay.saga.Requests;
import dev.belay.saga.Saga;
import dev.belay.saga.SagaSettings;
import dev.belay.saga.Stages;
import dev.belay.saga.StopSignal;
import dev.belay.schemas.EventCodec;
import dev.belay.schemas.JobMessage;
import dev.belay.schemas.MessageCodec;
import dev.belay.source.FakeSource;
import dev.belay.stage.Arm;
import dev.belay.stage.BuildIndexes;
import dev.belay.stage.Dedupe;
import dev.belay.stage.DeleteLive;
import dev.belay.stage.Examine;
import dev.belay.stage.Fetch;
import dev.belay.stage.Gate;
import dev.belay.stage.Prepare;
import dev.belay.stage.Publish;
import dev.belay.stage.RejectsLedger;
import dev.belay.stage.Settle;
import dev.belay.stage.StageRows;
import dev.belay.stage.StashDictionary;
import dev.belay.stage.Workspace;
import dev.belay.tabular.DelimitedReader;
import dev.belay.tabular.ReadLimits;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/// A worker without Kafka: the real stores of a data folder and the saga over them.
final class World implements AutoCloseable {
    private static final int KEPT_VERSIONS = 5;
    private static final InstantSource CLOCK = InstantSource.system();

    private final MessageCodec codec = new MessageCodec();
    private final Requests requests = new Requests(codec, 3);
    private final FakeSource source = new FakeSource();
    private final Stores stores;
    private final Saga saga;

    private World(DataFolder folder, Stores stores, IdSource ids) {
        this.stores = stores;
        var me = new WorkerId("0", ids.next());
        var examine = new Examine(DelimitedReader.alone(ReadLimits.DEFAULTS));
        var workspace = new Workspace(folder.work());
        var stages = new Stages(
                new Fetch(source, workspace),
                new Prepare(new Formats(FormatLimits.DEFAULTS)),
                examine,
                new RejectsLedger(
                        workspace.root().resolveSibling("rejects"), new RejectsLedger.Limits(1_000, 1 << 20, 20)),
                Gate.OPEN,
                new Dedupe(examine, DuplicateSearch.alone(1 << 10)),
                new StashDictionary(stores.stash(), stores.datastore()),
                new Arm(),
                new DeleteLive(stores.datastore(), stores.stash(), CLOCK),
                new StageRows(stores.datastore(), examine, workspace),
                new BuildIndexes(stores.datastore()),
                new Publish(stores.datastore()),
                new Settle(stores.datastore(), stores.stash(), workspace, KEPT_VERSIONS));
        stores.journal().beat(me, CLOCK.instant());
        saga = new Saga(
                new Saga.Rooms(
                        stores.journal(), stores.datastore(), stores.stash(), stages, requests, new EventCodec()),
                new SagaSettings(KEPT_VERSIONS, List.of(Duration.ofMillis(1)), Duration.ofMinutes(1), "belay:powercut"),
                me,
                CLOCK,
                ids);
    }

    /// Opens everything in a folder, as a worker does that starts.
    static World open(Path folder, IdSource ids) throws JobFailure {
        DataFolder data = DataFolder.at(folder);
        return new World(data, Stores.open(data, ids), ids);
    }

    Stores stores() {
        return stores;
    }

    /// Resolves what an earlier life left open, and removes what it left behind.
    void recover() {
        saga.recover();
        saga.sweep();
    }

    /// Brings a job to its end.
    ///
    /// @return what is to be announced; it is not noted as announced yet
    Announcement run(ScriptedJob job) {
        JobMessage message = job.message(job.id() + ".csv");
        source.with(job.id() + ".csv", job.file());
        JobRequest request = requests.of(message, new JobId(job.id()));
        for (int hop = 0; ; hop++) {
            var delivery = new Delivery(
                    request.jobId(),
                    request.dataset(),
                    new String(codec.writeJob(message), StandardCharsets.UTF_8),
                    request.digest(),
                    request.retry().maxAttempts(),
                    new SourcePosition("topic-" + job.lane(), 0, job.number()),
                    hop);
            switch (saga.handle(request, delivery, JobListener.SILENT, StopSignal.NEVER)) {
                case Handled.Announce(Announcement announcement) -> {
                    if (announcement.verdict() instanceof Verdict.Over) {
                        return announcement;
                    }
                    stores.journal().announced(List.of(announcement.key()));
                }
                case Handled.Drop _ -> {
                    var known =
                            stores.journal().announcement(request.jobId(), hop).orElseThrow();
                    if (known.verdict() instanceof Verdict.Over) {
                        return known;
                    }
                }
                case Handled unexpected -> throw new IllegalStateException(job + ": " + unexpected);
            }
        }
    }

    /// A person writes a title; returns when it is kept.
    void title(String dataset, int number) throws JobFailure {
        var id = new DatasetId(dataset);
        var state = stores.datastore().state(id);
        DataDictionary edited =
                DataDictionary.parse(state.dictionary().orElseThrow()).withTitle("name", "Title " + number);
        if (!stores.datastore().editDictionary(id, state.dictionaryRevision(), edited.toDocument())) {
            throw new IllegalStateException("somebody else has edited the dictionary of " + dataset);
        }
    }

    @Override
    public void close() {
        stores.close();
    }
}
