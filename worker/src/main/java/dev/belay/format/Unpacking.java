package dev.belay.format;

import dev.belay.job.Excerpt;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/// Writes unpacked bytes to a file of ours, within the limits.
///
/// @param target the file; killed half-way there is a part of it, which goes with its folder
record Unpacking(FormatLimits limits, Path target) {
    // What is small cannot be a bomb: a ratio is asked for from here on.
    private static final long FREE_BYTES = 64L << 20;

    /// @param what   what is unpacked, for messages
    /// @param packed how many packed bytes were taken so far
    /// @return how many bytes there are
    long write(String what, InputStream unpacked, LongSupplier packed) throws JobFailure, IOException {
        byte[] buffer = new byte[1 << 16];
        long total = 0;
        try (OutputStream out = Files.newOutputStream(target)) {
            for (int count = next(what, unpacked, buffer, total);
                    count >= 0;
                    count = next(what, unpacked, buffer, total)) {
                total += count;
                check(limits, what, total, packed.getAsLong());
                out.write(buffer, 0, count);
            }
        }
        return total;
    }

    /// Anything a decoder throws on bytes that make no sense is the file's fault; [Source.Trouble] is not.
    static JobFailure corrupt(String what, Exception broken) {
        String reason = broken.getMessage();
        if (reason == null) {
            reason = broken instanceof EOFException ? "they break off" : "they make no sense";
        }
        return new JobFailure(
                JobFailure.permanent(
                                FailureCode.ARCHIVE_CORRUPT,
                                "%s cannot be unpacked: %s".formatted(what, Excerpt.of(reason)))
                        .failure(),
                broken);
    }

    private static int next(String what, InputStream unpacked, byte[] buffer, long total)
            throws JobFailure, IOException {
        try {
            return unpacked.read(buffer, 0, buffer.length);
        } catch (Source.Trouble trouble) {
            throw trouble;
        } catch (IOException | RuntimeException broken) {
            throw corrupt("%s, after %,d bytes,".formatted(what, total), broken);
        }
    }

    /// @throws JobFailure when more has come out than the limits allow
    static void check(FormatLimits limits, String what, long total, long packed) throws JobFailure {
        if (total > limits.unpackedBytes()) {
            throw limit("%s is larger than limits.unpackedBytes (%,d bytes) when it is unpacked"
                    .formatted(what, limits.unpackedBytes()));
        }
        if (total > FREE_BYTES && total / Math.max(1, packed) > limits.unpackRatio()) {
            throw limit("%s grows to more than %d times its size (limits.unpackRatio): %,d bytes were made of %,d"
                    .formatted(what, limits.unpackRatio(), total, packed));
        }
    }

    private static JobFailure limit(String message) {
        return JobFailure.permanent(FailureCode.DECOMPRESSION_LIMIT, message);
    }
}
