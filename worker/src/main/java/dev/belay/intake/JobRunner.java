package dev.belay.intake;

import dev.belay.fault.FaultPoint;
import dev.belay.job.JobFailure;
import dev.belay.job.OperationId;
import dev.belay.journal.Announcement;
import dev.belay.saga.Handled;
import dev.belay.saga.JobHandler;
import dev.belay.saga.JobListener;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// Hands one job to the saga and its end to the announcer.
final class JobRunner implements Dispatcher.Runner {
    private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);

    /// What a job's end needs.
    ///
    /// @param listeners hears of the job while it runs
    /// @param said      knows what is out though journal and offset do not say so
    /// @param announce  takes the end
    /// @param broken    hears of an error after which nothing may go on
    record Parts(
            JobHandler handler,
            OutgoingRecords records,
            Function<Delivered.Job, JobListener> listeners,
            Said said,
            Consumer<Finished> announce,
            Consumer<Error> broken) {}

    /// Knows what earlier owners of a partition have announced.
    @FunctionalInterface
    interface Said {
        /// @throws JobFailure when it cannot be known now
        boolean before(Announcement announcement, Ownership ownership) throws JobFailure;
    }

    private final Parts parts;
    private final OutageBreaker breaker;
    private final BooleanSupplier stopping;

    JobRunner(Parts parts, OutageBreaker breaker, BooleanSupplier stopping) {
        this.parts = parts;
        this.breaker = breaker;
        this.stopping = stopping;
    }

    @Override
    public Optional<Handled.Later> run(Delivered.Job job) {
        var request = job.request();
        try (var _ = MDC.putCloseable("job", request.jobId().value());
                var _ = MDC.putCloseable("dataset", request.dataset().value())) {
            job.warnings().forEach(warning -> LOG.warn("{}: {}", job.taken(), warning));
            var heard = new Heard(parts.listeners().apply(job), breaker);
            return end(job, handled(job, heard), heard.anAttempt());
        } catch (JobFailure unsaid) {
            return Optional.of(waits(
                    new Handled.Later(Handled.Later.Cause.BUSY, unsaid.failure().message())));
        } catch (RuntimeException defect) {
            LOG.error("{}: a defect of ours; the job is handed in again", job.taken(), defect);
            breaker.untried();
            return Optional.of(new Handled.Later(Handled.Later.Cause.BUSY, "a defect: " + defect));
        } catch (Error broken) {
            breaker.untried();
            parts.broken().accept(broken);
            return Optional.of(new Handled.Later(Handled.Later.Cause.STOPPED, broken.toString()));
        }
    }

    private Handled handled(Delivered.Job job, Heard heard) {
        var ownership = job.taken().ownership();
        FaultPoint.INTAKE_HANDLE.before(UncheckedIOException::new);
        Handled handled = parts.handler()
                .handle(job.request(), job.delivery(), heard, () -> stopping.getAsBoolean() || !ownership.isHeld());
        FaultPoint.INTAKE_HANDLE.after(UncheckedIOException::new);
        return handled;
    }

    private Optional<Handled.Later> end(Delivered.Job job, Handled handled, boolean ran) throws JobFailure {
        switch (handled) {
            case Handled.Announce(Announcement found)
            when !ran && isSaid(job, found) -> {
                LOG.info(
                        "{} of job {} was announced before",
                        job.taken(),
                        job.request().jobId());
                parts.announce().accept(parts.records().said(job, found));
            }
            case Handled.Announce announce ->
                parts.announce().accept(parts.records().announced(job, announce.announcement()));
            case Handled.Drop drop -> {
                LOG.info(
                        "{} of job {} is dropped: {}",
                        job.taken(),
                        job.request().jobId(),
                        drop.reason());
                parts.announce().accept(parts.records().dropped(job));
            }
            case Handled.Conflict conflict ->
                parts.announce().accept(parts.records().conflicting(job, conflict.first()));
            case Handled.Unasked(String reason) -> {
                LOG.warn("{}: {}", job.taken(), reason);
                parts.announce().accept(parts.records().unasked(job, reason));
            }
            case Handled.Later later -> {
                return Optional.of(waits(later));
            }
        }
        breaker.worked();
        return Optional.empty();
    }

    private boolean isSaid(Delivered.Job job, Announcement found) throws JobFailure {
        var ownership = job.taken().ownership();
        return job.taken().offset() < ownership.unsureBelow() && parts.said().before(found, ownership);
    }

    private Handled.Later waits(Handled.Later later) {
        switch (later.cause()) {
            case OUTAGE -> breaker.failed(later.reason());
            case STOPPED -> breaker.untried();
            case BUSY, FENCED -> breaker.worked();
        }
        return later;
    }

    /// Takes a finished stage for a sign that the stores can be used: a long job must not keep others
    /// waiting for it.
    private static final class Heard implements JobListener {
        private final JobListener listener;
        private final OutageBreaker breaker;
        private boolean toldSo;
        private boolean anAttempt;

        Heard(JobListener listener, OutageBreaker breaker) {
            this.listener = listener;
            this.breaker = breaker;
        }

        /// Whether the job was run, not only found.
        boolean anAttempt() {
            return anAttempt;
        }

        @Override
        public void attemptStarted(OperationId operation, int number) {
            anAttempt = true;
            listener.attemptStarted(operation, number);
        }

        @Override
        public void stageStarted(OperationId operation, String stage) {
            listener.stageStarted(operation, stage);
        }

        @Override
        public void stageDone(OperationId operation, String stage) {
            if (!toldSo) {
                toldSo = true;
                breaker.worked();
            }
            listener.stageDone(operation, stage);
        }

        @Override
        public void progress(OperationId operation, String stage, long done, long total, String unit) {
            listener.progress(operation, stage, done, total, unit);
        }
    }
}
