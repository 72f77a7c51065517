package dev.belay.runtime.broker;

import java.nio.file.Path;
import java.util.Properties;

/// The server settings of the one-node broker: combined broker and controller, loopback only, small, quick to start.
///
/// Everything here serves one node for one person on one machine: with no replica elsewhere, only what is fsynced
/// survives a power cut.
record NodeProperties(Path logFolder, int port, int controllerPort) {
    static final int NODE_ID = 1;
    static final String CONTROLLER_LISTENER = "CONTROLLER";
    static final String HOST = "127.0.0.1";

    private static final String MEGABYTE = "1048576";
    /// Offsets of a group that has no member: ten years, so that a folder left alone for a month is not read
    /// anew.
    private static final String OFFSETS_KEPT_MINUTES = "5256000";

    Properties asProperties() {
        var properties = new Properties();
        node(properties);
        powerSafe(properties);
        internalTopics(properties);
        smallAndQuick(properties);
        return properties;
    }

    private void node(Properties properties) {
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", Integer.toString(NODE_ID));
        properties.put("controller.quorum.voters", NODE_ID + "@" + HOST + ":" + controllerPort);
        properties.put("controller.listener.names", CONTROLLER_LISTENER);
        properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        properties.put("inter.broker.listener.name", "PLAINTEXT");
        properties.put(
                "listeners", "PLAINTEXT://" + HOST + ":" + port + ",CONTROLLER://" + HOST + ":" + controllerPort);
        properties.put("advertised.listeners", "PLAINTEXT://" + HOST + ":" + port);
        properties.put("log.dirs", logFolder.toString());
        properties.put("auto.create.topics.enable", "false");
    }

    /// Each append is fsynced before it is acknowledged. Topics of ours say so themselves (`flush.messages`);
    /// this is for those that Kafka makes: without it a power cut takes the end of a transaction that was
    /// acknowledged, and the offsets in it, while its events stay.
    private static void powerSafe(Properties properties) {
        properties.put("log.flush.interval.messages", "1");
    }

    private static void internalTopics(Properties properties) {
        for (var topic : new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
            properties.put(topic + ".replication.factor", "1");
            properties.put(topic + ".num.partitions", "1");
            properties.put(topic + ".segment.bytes", MEGABYTE);
        }
        properties.put("transaction.state.log.min.isr", "1");
        properties.put("share.coordinator.state.topic.min.isr", "1");
        properties.put("offsets.retention.minutes", OFFSETS_KEPT_MINUTES);
    }

    private static void smallAndQuick(Properties properties) {
        properties.put("group.initial.rebalance.delay.ms", "0");
        properties.put("add.partitions.to.txn.retry.backoff.ms", "1");
        // After a kill the controller waits for the session of the dead broker before it lets the new one in.
        properties.put("broker.session.timeout.ms", "1000");
        properties.put("broker.heartbeat.interval.ms", "200");
        // A transaction that a kill has left open holds up readers for its time-out and this.
        properties.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
        // The records that say "nothing happened" every half second help replicas only; there are none.
        properties.put("metadata.max.idle.interval.ms", "0");
        properties.put("num.network.threads", "2");
        properties.put("num.io.threads", "4");
        properties.put("num.replica.fetchers", "1");
        properties.put("num.recovery.threads.per.data.dir", "1");
        properties.put("background.threads", "2");
        // The cleaner's buffer is heap that is taken at start: 128 MB by default.
        properties.put("log.cleaner.dedupe.buffer.size", "4194304");
        properties.put("log.index.size.max.bytes", MEGABYTE);
    }
}
