package dev.belay.tabular;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Place;
import dev.belay.job.Progress;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/// Turns bytes that are no text into a failure with offset and line. The lines are counted only now, by reading once
/// more up to the bad byte, so that good files pay nothing for it.
final class EncodingFailure {
    private EncodingFailure() {}

    static JobFailure of(StrictText.Undecodable undecodable, TableBytes bytes, TextFormat format) throws IOException {
        long line = lineOfFirstBadByte(bytes, format);
        return JobFailure.permanent(
                FailureCode.ENCODING_INVALID,
                "byte %d (line %d): %s is not text in %s"
                        .formatted(undecodable.offset(), line, undecodable.hex(), format.encoding()),
                new Place(
                        OptionalLong.empty(),
                        OptionalLong.of(line),
                        OptionalLong.of(undecodable.offset()),
                        Optional.empty(),
                        Optional.empty()));
    }

    private static long lineOfFirstBadByte(TableBytes bytes, TextFormat format) throws IOException {
        var lines = new LineCount();
        char[] chunk = new char[8192];
        try (var text = new StrictText(bytes.open(), format, Progress.SILENT)) {
            for (int count = text.read(chunk, 0, chunk.length); count > 0; count = text.read(chunk, 0, chunk.length)) {
                for (int at = 0; at < count; at++) {
                    lines.pass(chunk[at]);
                }
            }
        } catch (StrictText.Undecodable found) {
            return lines.current();
        }
        return lines.current();
    }
}
