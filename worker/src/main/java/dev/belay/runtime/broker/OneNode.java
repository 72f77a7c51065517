package dev.belay.runtime.broker;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import kafka.server.StandardFaultHandlerFactory;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.loader.LoaderManifest;
import org.apache.kafka.image.publisher.MetadataPublisher;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.server.ServerSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Controller and broker in one JVM, as [KafkaRaftServer] has them, but after a kill one after the other: the broker
/// starts once the controller has taken the leadership of all partitions from its earlier life.
///
/// Started together, the broker first believes the leadership of its earlier life, and goes on with transactions that
/// were committed but not yet marked in their partitions. When the controller then takes the leadership away, Kafka
/// 4.1 to 4.3 takes a partition without a leader for a deleted one and calls the transaction complete without the
/// marks (KAFKA-20734): what was acknowledged as committed is aborted later, or stands open for ever. Seen in one of
/// four kills in the moment of a commit.
final class OneNode {
    // Ten times what the controller needs to miss a broker (NodeProperties), on a machine that is busy.
    private static final Duration FENCED_WITHIN = Duration.ofSeconds(60);
    private static final Logger LOG = LoggerFactory.getLogger(OneNode.class);

    private final SharedServer shared;
    private final ControllerServer controller;
    private final BrokerServer broker;

    OneNode(KafkaConfig config) {
        var folders = KafkaRaftServer.initializeLogDirs(config, LOG, "");
        MetaPropertiesEnsemble properties = folders._1();
        BootstrapMetadata bootstrap = folders._2();
        var metrics = Server.initializeMetrics(
                config, Time.SYSTEM, properties.clusterId().orElseThrow());
        shared = new SharedServer(
                config,
                properties,
                Time.SYSTEM,
                metrics,
                CompletableFuture.completedFuture(
                        QuorumConfig.parseVoterConnections(config.quorumConfig().voters())),
                QuorumConfig.parseBootstrapServers(config.quorumConfig().bootstrapServers()),
                new StandardFaultHandlerFactory(),
                ServerSocketFactory.INSTANCE);
        controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), bootstrap);
        broker = new BrokerServer(shared);
    }

    /// Returns when clients are answered.
    void startup() throws InterruptedException, ExecutionException, TimeoutException {
        controller.startup();
        var earlierLifeEnded = new EarlierLife();
        shared.loader().installPublishers(List.of(earlierLifeEnded)).get();
        earlierLifeEnded.ended.get(FENCED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        broker.startup();
    }

    void shutdown() {
        broker.shutdown();
        controller.shutdown();
    }

    /// Waits in the metadata for the fence around the broker's earlier life; there is none to wait for on a new folder
    /// and after an orderly stop.
    private static final class EarlierLife implements MetadataPublisher {
        private final CompletableFuture<Void> ended = new CompletableFuture<>();

        @Override
        public String name() {
            return "EarlierLife";
        }

        @Override
        public void onMetadataUpdate(MetadataDelta delta, MetadataImage image, LoaderManifest manifest) {
            var registration = image.cluster().broker(NodeProperties.NODE_ID);
            if (registration == null || registration.fenced()) {
                ended.complete(null);
            }
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }
}
