package dev.belay.stage;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Progress;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.BooleanSupplier;

/// Looks over a long stage's shoulder: hears how far it is, and stops it between two reads of its input.
///
/// @param progress hears how far the stage is
/// @param stop     whether to give up
public record Watch(Progress progress, BooleanSupplier stop) {
    /// The same bytes, until there is a reason to stop.
    InputStream over(InputStream input) {
        return new FilterInputStream(input) {
            @Override
            public int read() throws IOException {
                refuseWhenStopped();
                return super.read();
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                refuseWhenStopped();
                return super.read(buffer, offset, length);
            }
        };
    }

    /// The failure of a stage that was stopped: the job is not at fault.
    public static JobFailure stopped() {
        return JobFailure.transientFailure(FailureCode.WORKER_STOPPED, "the worker was stopped while the job ran");
    }

    /// Hears how far a stage is, and stops it.
    void heard(long bytes) throws Stopped {
        refuseWhenStopped();
        progress.at(bytes, -1);
    }

    private void refuseWhenStopped() throws Stopped {
        if (stop.getAsBoolean()) {
            throw new Stopped();
        }
    }

    /// Carries the stop through code that reads.
    static final class Stopped extends IOException {
        Stopped() {
            super("stopped");
        }
    }
}
