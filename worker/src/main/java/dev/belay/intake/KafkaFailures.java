package dev.belay.intake;

import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Place;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

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
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (type.isInstance(at)) {
                return true;
            }
        }
        return false;
    }

    /// The failure of a command that needed the broker.
    static JobFailure unreachable(String servers, Exception cause) {
        if (isA(cause, UnknownTopicOrPartitionException.class)) {
            return JobFailure.configuration(
                    FailureCode.TOPICS_MISSING,
                    "a topic is missing at " + servers + "; `belay topics create` makes the topics");
        }
        String reason = isA(cause, RetriableException.class)
                ? "no answer in time"
                : cause.getClass().getSimpleName() + ": " + cause.getMessage();
        return new JobFailure(
                new Failure.Transient(
                        FailureCode.BROKER_UNREACHABLE,
                        "Kafka at " + servers + " cannot be used: " + reason,
                        Place.NONE),
                cause);
    }
}
