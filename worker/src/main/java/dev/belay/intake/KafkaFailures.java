package dev.belay.intake;

import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;

/// What Kafka's exceptions mean to us, by their types.
final class KafkaFailures {
    private KafkaFailures() {}

    /// What an asynchronous call failed with.
    static KafkaException of(ExecutionException failed) {
        return failed.getCause() instanceof KafkaException cause
                ? cause
                : new KafkaException(failed.getCause() == null ? failed : failed.getCause());
    }

    /// Whether `failure` or one of its causes is a `type`.
    static boolean isA(Throwable failure, Class<? extends Throwable> type) {
        return find(failure, type).isPresent();
    }

    /// The first of `failure` and its causes that is a `type`.
    static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> type) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (type.isInstance(at)) {
                return Optional.of(type.cast(at));
            }
        }
        return Optional.empty();
    }
}
