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

/// Ends a worker against its will, or waits for what does.
final class Fatal {
    /// The exit status after a failed fsync: EX_IOERR of `sysexits.h`.
    private static final int IO_ERROR = 74;

    private Fatal() {}

    /// Sees to it that a failed fsync ends the process at once, on the thread that met it: no other thread writes
    /// anything more, and no shutdown hook.
    static void haltOn(CompletableFuture<Void> failure) {
        var _ = failure.whenComplete((_, fatal) -> {
            if (fatal instanceof FsyncFailed fsync) {
                halt(fsync);
            }
        });
    }

    /// Ends the process without another word to any file.
    static void halt(FsyncFailed fsync) {
        System.err.println(fsync.getMessage());
        Runtime.getRuntime().halt(IO_ERROR);
    }

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
            case FsyncFailed fsync -> {
                halt(fsync);
                throw fsync;
            }
            default ->
                new JobFailure(
                        new Failure.Unknown(FailureCode.INTERNAL, "the worker ended: " + cause, Place.NONE), cause);
        };
    }
}
