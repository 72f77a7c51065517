package dev.belay.intake;

import dev.belay.fault.FaultPoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.FencedMemberEpochException;
import org.apache.kafka.common.errors.IllegalGenerationException;
import org.apache.kafka.common.errors.StaleMemberEpochException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes records and offsets in one Kafka transaction and says exactly what is known about its end.
///
/// Everything is flushed and checked, and the offsets are taken, before the commit is asked for. So whatever goes wrong
/// before it ends in an abort that is certain; and whatever goes wrong in the commit itself is *unknown*, the producer
/// is thrown away, and a new one (whose initialisation waits until the broker has decided) makes it known to a reader.
/// For one thread.
final class TransactionalSender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TransactionalSender.class);

    /// How a transaction ended.
    sealed interface End {
        /// Everything is written, the offsets are moved.
        record Committed() implements End {}

        /// Nothing is: this worker's membership does not hold for the offsets.
        record Fenced() implements End {}

        /// Nothing is.
        ///
        /// @param culprit the record that could not be written, if it was one
        record Aborted(KafkaException cause, Optional<Outgoing> culprit) implements End {}

        /// Not known: [TransactionalSender#renew()], then read the offsets.
        record Unknown(KafkaException cause) implements End {}
    }

    private final Supplier<Producer<byte[], byte[]>> producers;
    private final Duration writtenWithin;
    private Producer<byte[], byte[]> producer;

    /// @param producers     makes transactional producers of one transactional id
    /// @param writtenWithin how long a producer may take to write a record or give it up; longer than its
    /// `delivery.timeout.ms`
    TransactionalSender(Supplier<Producer<byte[], byte[]>> producers, Duration writtenWithin) {
        this.producers = producers;
        this.writtenWithin = writtenWithin;
        producer = producers.get();
    }

    /// Fences an earlier life of this slot and waits until the broker has decided its last transaction.
    ///
    /// @throws KafkaException when the broker does not answer
    void begin() {
        producer.initTransactions();
    }

    /// Throws the producer away and makes a new one; afterwards the last transaction is decided.
    ///
    /// @throws KafkaException when the broker does not answer; to be called again then
    void renew() {
        FaultPoint.INTAKE_RENEW.before(KafkaException::new);
        producer.close(Duration.ZERO);
        producer = producers.get();
        producer.initTransactions();
        FaultPoint.INTAKE_RENEW.after(KafkaException::new);
    }

    End send(List<Outgoing> records, Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata membership) {
        try {
            producer.beginTransaction();
        } catch (KafkaException | IllegalStateException e) {
            return new End.Unknown(asKafka(e));
        }
        var writing = new ArrayList<Writing>();
        try {
            FaultPoint.INTAKE_SEND.before(KafkaException::new);
            for (var outgoing : records) {
                var writes = new Writing(outgoing, producer.send(outgoing.record()));
                writing.add(writes);
                if (writes.hasFailed()) {
                    break;
                }
            }
            if (!areDone(writing)) {
                return new End.Unknown(new TimeoutException("a record was not written within " + writtenWithin));
            }
            Optional<Failed> failed = firstAtFault(writing);
            if (failed.isPresent()) {
                return abort(failed.get().cause(), Optional.of(failed.get().outgoing()));
            }
            FaultPoint.INTAKE_SEND.after(KafkaException::new);
            FaultPoint.INTAKE_OFFSETS.before(KafkaException::new);
            producer.sendOffsetsToTransaction(offsets, membership);
            FaultPoint.INTAKE_OFFSETS.after(KafkaException::new);
        } catch (KafkaException | IllegalStateException e) {
            return abort(asKafka(e), Optional.empty());
        }
        try {
            FaultPoint.INTAKE_COMMIT.before(KafkaException::new);
            producer.commitTransaction();
            FaultPoint.INTAKE_COMMIT.after(KafkaException::new);
            return new End.Committed();
        } catch (KafkaException | IllegalStateException e) {
            return new End.Unknown(asKafka(e));
        }
    }

    /// Waits as a flush does (nothing lingers), but not for ever: after a broker's return a producer was seen that
    /// neither wrote a record nor gave it up.
    private boolean areDone(List<Writing> writing) {
        long end = System.nanoTime() + writtenWithin.toNanos();
        return writing.stream().allMatch(writes -> writes.isDoneBy(end));
    }

    /// The record that is at fault, not one that only went down with it: those fail too, perhaps before it.
    private static Optional<Failed> firstAtFault(List<Writing> writing) {
        var failed = writing.stream()
                .flatMap(writes -> writes.failure().map(cause -> new Failed(writes.outgoing(), cause)).stream())
                .toList();
        return failed.stream()
                .filter(one -> !KafkaFailures.isA(one.cause(), TransactionAbortedException.class))
                .findFirst()
                .or(() -> failed.stream().findFirst());
    }

    private record Failed(Outgoing outgoing, KafkaException cause) {}

    private End abort(KafkaException cause, Optional<Outgoing> culprit) {
        try {
            producer.abortTransaction();
        } catch (KafkaException | IllegalStateException e) {
            LOG.debug("a transaction could not be aborted", e);
            return new End.Unknown(cause);
        }
        return isFenced(cause) ? new End.Fenced() : new End.Aborted(cause, culprit);
    }

    private static boolean isFenced(KafkaException cause) {
        return KafkaFailures.isA(cause, CommitFailedException.class)
                || KafkaFailures.isA(cause, FencedInstanceIdException.class)
                || KafkaFailures.isA(cause, UnknownMemberIdException.class)
                || KafkaFailures.isA(cause, IllegalGenerationException.class)
                || KafkaFailures.isA(cause, StaleMemberEpochException.class)
                || KafkaFailures.isA(cause, FencedMemberEpochException.class);
    }

    private static KafkaException asKafka(RuntimeException cause) {
        return cause instanceof KafkaException kafka ? kafka : new KafkaException(cause);
    }

    /// Lets go without waiting: what is open is decided by the next life of this slot, or by the broker.
    @Override
    public void close() {
        producer.close(Duration.ofSeconds(1));
    }

    private record Writing(Outgoing outgoing, Future<RecordMetadata> future) {
        boolean hasFailed() {
            return future.state() == Future.State.FAILED;
        }

        boolean isDoneBy(long nanoTime) {
            try {
                future.get(nanoTime - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (ExecutionException failed) {
                return true;
            } catch (java.util.concurrent.TimeoutException late) {
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
            return true;
        }

        /// To be asked once it is done.
        Optional<KafkaException> failure() {
            try {
                future.get();
                return Optional.empty();
            } catch (ExecutionException e) {
                return Optional.of(KafkaFailures.of(e));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.of(new KafkaException("interrupted", e));
            }
        }
    }
}
