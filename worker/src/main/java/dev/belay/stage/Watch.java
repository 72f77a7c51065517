package dev.belay.stage;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Progress;
import dev.belay.tabular.TableBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.function.BooleanSupplier;

/// Looks over a long stage's shoulder: hears how far it is, and stops it between two reads of its input.
///
/// @param progress hears how far the stage is
/// @param stop     whether to give up
public record Watch(Progress progress, BooleanSupplier stop) {
    /// The bytes of an open file, until there is a reason to stop.
    TableBytes over(FileChannel file) {
        return new TableBytes() {
            @Override
            public long size() throws IOException {
                return file.size();
            }

            @Override
            public int read(long position, byte[] target, int from, int length) throws IOException {
                refuseWhenStopped();
                return file.read(ByteBuffer.wrap(target, from, length), position);
            }

            @Override
            public void close() throws IOException {
                file.close();
            }
        };
    }

    /// The bytes of an open file, of which only few are going to be read.
    static TableBytes unwatched(FileChannel file) {
        return new Watch(Progress.SILENT, () -> false).over(file);
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

    /// Stops a stage that has nothing new to say.
    void pause() throws Stopped {
        refuseWhenStopped();
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
