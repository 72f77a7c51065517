package dev.belay.cli;

import dev.belay.job.Failure;
import dev.belay.job.FailureCode;
import dev.belay.job.FsyncFailed;
import dev.belay.job.JobFailure;
import dev.belay.job.Place;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Waits for what ends a worker against its will.
final class Fatal {
    /// The exit status after a failed fsync: EX_IOERR of `sysexits.h`.
    private static final int IO_ERROR = 74;

    private Fatal() {}

    /// Waits for the failure for a while; returns when the time is up.
    ///
    /// @throws JobFailure when the worker cannot go on
    static void await(CompletableFuture<Void> failure, long time, TimeUnit unit)
            throws JobFailure, InterruptedException {
        try {
            failure.get(time, unit);
        } catch (TimeoutException allIsWell) {
            return;
        } catch (ExecutionException fatal) {
            Throwable cause = fatal.getCause();
            throw known(cause == null ? fatal : cause);
        }
    }

    private static JobFailure known(Throwable cause) {
        return switch (cause) {
            case JobFailure failure -> failure;
            // Nothing may be written any more, by no shutdown hook either.
            case FsyncFailed fsync -> {
                System.err.println(fsync.getMessage());
                Runtime.getRuntime().halt(IO_ERROR);
                throw fsync;
            }
            default ->
                new JobFailure(
                        new Failure.Unknown(FailureCode.INTERNAL, "the worker ended: " + cause, Place.NONE), cause);
        };
    }
}
