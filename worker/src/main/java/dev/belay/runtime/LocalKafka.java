package dev.belay.runtime;

import dev.belay.intake.TopicAdmin;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.runtime.broker.BrokerFailure;
import dev.belay.runtime.broker.BrokerSettings;
import dev.belay.runtime.broker.EmbeddedBroker;
import dev.belay.runtime.folder.DataFolder;
import dev.belay.runtime.folder.Endpoint;
import dev.belay.runtime.settings.Settings;
import java.time.Duration;

/// A broker of this data folder's own, with its topics, found by other commands through the folder's endpoint file.
public final class LocalKafka implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final EmbeddedBroker broker;
    private final DataFolder folder;

    private LocalKafka(EmbeddedBroker broker, DataFolder folder) {
        this.broker = broker;
        this.folder = folder;
    }

    /// Starts the broker and makes the topics that are missing.
    ///
    /// @param kind what is running: said in the endpoint file
    /// @throws JobFailure `PORT_BUSY`, `BROKER_START_FAILED`, `STORE_READ_ONLY`, `DATA_FOLDER_IN_USE`; nothing
    /// is left running
    public static LocalKafka start(Settings settings, Endpoint.Kind kind) throws JobFailure, InterruptedException {
        var rooms = new RoomSettings(settings);
        DataFolder folder = rooms.folder();
        folder.prepare();
        EmbeddedBroker broker = broker(settings, folder);
        try (var topics = new TopicAdmin(rooms.intake("admin", broker.bootstrapServers()), PATIENCE)) {
            topics.create(rooms.topics());
            folder.endpoint().write(Endpoint.ofThisProcess(broker.bootstrapServers(), kind));
            return new LocalKafka(broker, folder);
        } catch (JobFailure | RuntimeException | InterruptedException failed) {
            broker.close();
            throw failed;
        }
    }

    private static EmbeddedBroker broker(Settings settings, DataFolder folder) throws JobFailure {
        BrokerSettings wanted = BrokerSettings.in(folder.broker());
        int port = settings.dev().port();
        try {
            return EmbeddedBroker.start(port == 0 ? wanted : wanted.withPort(port));
        } catch (BrokerFailure failed) {
            throw JobFailure.configuration(FailureCode.valueOf(failed.code()), String.valueOf(failed.getMessage()));
        }
    }

    /// Where any Kafka client finds it.
    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    /// Stops the broker; what it has stays in the data folder.
    @Override
    public void close() {
        folder.endpoint().removeOwn();
        broker.close();
    }
}
