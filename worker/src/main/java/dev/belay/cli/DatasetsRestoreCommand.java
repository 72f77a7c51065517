package dev.belay.cli;

import dev.belay.datastore.Commit;
import dev.belay.datastore.DatasetState;
import dev.belay.datastore.DatastoreReader;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.runtime.RoomSettings;
import dev.belay.runtime.logging.LogPlan;
import dev.belay.runtime.settings.Settings;
import dev.belay.schemas.JobMessage;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `belay datasets restore`: publishes an earlier version again, as a job like any other.
@Command(
        name = "restore",
        description = "Publish an earlier version again, as a new version; the history stays.",
        mixinStandardHelpOptions = true)
final class DatasetsRestoreCommand extends dev.belay.cli.Command {
    @Parameters(index = "0", paramLabel = "DATASET", description = "The dataset's id.")
    private String dataset = "";

    @Parameters(index = "1", paramLabel = "VERSION", description = "A version whose data are kept.")
    private int version;

    @Option(names = "--json", description = "Print one JSON object: the terminal event's data.")
    private boolean json;

    @Option(names = "--quiet", description = "Say nothing but the outcome.")
    private boolean quiet;

    DatasetsRestoreCommand(Screen screen) {
        super(screen);
    }

    @Override
    int execute() throws JobFailure, InterruptedException {
        Settings settings = options.settingsOr("retry.delays", KafkaWay.SOON);
        Belay.logQuietly(settings);
        refuseWhatIsNotKept(settings);
        Belay.log(
                LogPlan.run(settings.log(), new RoomSettings(settings).folder().logFile()));
        JobMessage message = JobOptions.checked(JobMessage.replace(dataset, JobMessage.Source.version(version))
                .withJobId(UUID.randomUUID().toString()));
        try (KafkaWay way = KafkaWay.open(settings, List.of(), quiet ? Optional.empty() : Optional.of(screen))) {
            return new JobsView(screen, new JobsView.Manner(json, quiet), settings).load(way, List.of(message));
        }
    }

    /// The job would find out by itself; a person need not wait for that.
    private void refuseWhatIsNotKept(Settings settings) throws JobFailure {
        try (StoredFacts facts = StoredFacts.open(settings)) {
            DatasetState state = facts.dataset(dataset);
            DatastoreReader datastore = facts.datastore().orElseThrow();
            List<Integer> kept = datastore.commits(state.dataset()).stream()
                    .filter(datastore::isKept)
                    .map(Commit::version)
                    .toList();
            if (!kept.contains(version)) {
                throw JobFailure.permanent(
                        FailureCode.VERSION_NOT_FOUND,
                        "the data of version %d of %s are not kept; kept are %s"
                                .formatted(version, state.dataset(), kept));
            }
        }
    }
}
