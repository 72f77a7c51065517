package dev.belay.intake;

import dev.belay.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What intake is told by the settings.
///
/// @param slot  the worker's place in the group, stable across restarts and its own: names `group.instance.id` and
/// `transactional.id`
/// @param kafka client properties, `bootstrap.servers` among them; what begins with `consumer.`, `producer.` or
/// `admin.` is for that kind of client only
public record IntakeSettings(
        Topics topics, String slot, Group group, Flow flow, Emission emission, Map<String, String> kafka) {
    /// Copies the properties.
    public IntakeSettings {
        kafka = Map.copyOf(kafka);
    }

    /// Everything at its default.
    public static IntakeSettings defaults(String slot, Map<String, String> kafka) {
        return new IntakeSettings(
                Topics.withDefaultPrefix(), slot, Group.DEFAULT, Flow.DEFAULT, Emission.DEFAULT, kafka);
    }

    /// How many retry topics there are.
    public int retryTopics() {
        return flow.retryDelays().size();
    }

    /// The number of the retry topic for a job's nth message in one: the last one serves all further ones.
    public int retryTopic(int hop) {
        return Math.min(hop, retryTopics());
    }

    /// How long a job waits before its nth message in a retry topic is due.
    public Duration retryDelay(int hop) {
        return flow.retryDelays().get(retryTopic(hop) - 1);
    }

    /// The group of workers.
    ///
    /// @param session      after this silence a worker's partitions go to others (classic protocol; the broker
    /// refuses less than 6 s)
    /// @param revokeWithin how long jobs have to reach a safe point when their partition goes to another worker
    public record Group(String id, GroupProtocol protocol, Duration session, Duration revokeWithin) {
        /// Group `belay`, classic, 10 s, 10 s.
        public static final Group DEFAULT =
                new Group("belay", GroupProtocol.CLASSIC, Duration.ofSeconds(10), Duration.ofSeconds(10));
    }

    /// How much at once, and how often.
    ///
    /// @param concurrency  datasets worked on at the same time
    /// @param window       offsets of one partition between the oldest unfinished message and the newest
    /// one taken
    /// @param messageBytes a longer message is dead-lettered
    /// @param bufferBytes  bytes of messages taken and not finished, of all partitions together
    /// @param maxAttempts  for jobs that do not say
    /// @param retryDelays  one retry topic each
    public record Flow(
            int concurrency,
            int window,
            int messageBytes,
            long bufferBytes,
            int maxAttempts,
            List<Duration> retryDelays) {
        /// 4 datasets, 2,048 offsets, 256 KiB, 64 MiB, 4 attempts, 5 s, 1 min, 10 min.
        public static final Flow DEFAULT = new Flow(
                4,
                2048,
                256 * 1024,
                64L * 1024 * 1024,
                4,
                List.of(Duration.ofSeconds(5), Duration.ofMinutes(1), Duration.ofMinutes(10)));

        /// @throws IllegalArgumentException naming the value that is out of range
        public Flow {
            retryDelays = List.copyOf(retryDelays);
            within("concurrency", concurrency, 1, 1000);
            within("window", window, 1, OffsetLedger.WIDEST_WINDOW);
            within("messageBytes", messageBytes, 1024, 512 * 1024);
            within("retryDelays", retryDelays.size(), 1, 20);
        }

        private static void within(String name, int value, int least, int most) {
            if (value < least || value > most) {
                throw new IllegalArgumentException(name + " is " + least + " to " + most + ", not " + value);
            }
        }
    }

    /// What is sent and how.
    ///
    /// @param source        the CloudEvents `source` of notices
    /// @param notices       whether accepted, stage and progress events are sent
    /// @param progressEvery at most one progress event of a stage in this time
    public record Emission(EventFormat format, String source, boolean notices, Duration progressEvery) {
        /// Structured, `/belay`, with notices, progress every 250 ms.
        public static final Emission DEFAULT =
                new Emission(EventFormat.STRUCTURED, "/belay", true, Duration.ofMillis(250));
    }
}
