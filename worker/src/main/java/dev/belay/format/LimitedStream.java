package dev.belay.format;

import dev.belay.job.JobFailure;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Ends with [Exceeded] where more is unpacked than the limits allow, for streams that are read by a library.
final class LimitedStream extends FilterInputStream {
    private final String part;
    private final long packed;
    private final FormatLimits limits;
    private long total;

    /// Carries the failure through code that reads.
    static final class Exceeded extends IOException {
        private final JobFailure failure;

        Exceeded(JobFailure failure) {
            super(failure);
            this.failure = failure;
        }

        JobFailure failure() {
            return failure;
        }
    }

    LimitedStream(InputStream in, String part, long packed, FormatLimits limits) {
        super(in);
        this.part = part;
        this.packed = packed;
        this.limits = limits;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        int count = in.read(target, from, length);
        total += Math.max(0, count);
        try {
            Unpacking.check(limits, Quoted.of(part), total, packed);
        } catch (JobFailure failure) {
            throw new Exceeded(failure);
        }
        return count;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
