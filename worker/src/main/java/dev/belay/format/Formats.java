package dev.belay.format;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Place;
import dev.belay.job.ReadOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Makes any file it knows readable for a reader of delimited text in UTF-8. Holds no state between calls and may be
/// used by several threads.
public final class Formats {
    private final FormatLimits limits;

    /// @param limits what to take in at most
    public Formats(FormatLimits limits) {
        this.limits = limits;
    }

    /// Takes wrappers off, decodes, writes out. What is plain UTF-8 text already is left where it is and costs a look
    /// at
    /// three samples of it.
    ///
    /// @throws JobFailure  when the file is at fault; the message names the place
    /// @throws IOException when files cannot be read or written, or what the order's pulse threw
    public Prepared prepare(Order order) throws JobFailure, IOException {
        try {
            Wrappers.Inner inner = new Wrappers(limits, order).unwrap();
            return ofContent(order, inner);
        } catch (Source.Trouble trouble) {
            throw trouble.reason();
        }
    }

    private Prepared ofContent(Order order, Wrappers.Inner inner) throws JobFailure, IOException {
        return switch (inner.content().kind()) {
            case TEXT, JSON -> text(order, inner);
            case OTHER, OLE, PARQUET, GZIP, ZSTD, BZIP2, XZ, ZIP, TAR -> throw notTabular(inner.content());
        };
    }

    private Prepared text(Order order, Wrappers.Inner inner) throws JobFailure, IOException {
        List<String> notes = new ArrayList<>(inner.notes());
        var encodings = new Encodings(inner.file(), order.pulse());
        Encodings.Decision encoding = encodings.decide(order.read().encoding());
        encoding.note().ifPresent(notes::add);
        if (encoding.isUtf8()) {
            return new Prepared(inner.file(), Prepared.Kind.AS_IT_IS, utf8(order.read()), notes, new Refusals());
        }
        Path target = order.folder().resolve("decoded");
        var decoding = new Decoding(encoding, limits);
        decoding.write(inner.file(), target, order.pulse());
        if (decoding.bad() > 0) {
            notes.add("%,d places are no text in %s, the first at byte %,d; their records are rejected"
                    .formatted(decoding.bad(), encoding.charset(), decoding.firstBad()));
        }
        return new Prepared(target, Prepared.Kind.DECODED, utf8(order.read()), notes, new Refusals());
    }

    private static ReadOptions utf8(ReadOptions read) {
        return read.encoded("UTF-8");
    }

    private static JobFailure notTabular(Content content) {
        return JobFailure.permanent(
                FailureCode.NOT_TABULAR, "the file is %s, not a table".formatted(content.shown()), Place.atByte(0));
    }
}
