package dev.belay.format;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Decides in which encoding a text is: a byte order mark, else what was declared, else UTF-16 or UTF-32 where their
/// zero bytes show them, else UTF-8 where three samples are that, else what the bytes that are not ASCII say.
///
/// Samples are enough for UTF-8, because the reader proves every byte anyway: see [#afterProof].
final class Encodings {
    private static final int SAMPLE = 1 << 18;
    private static final int HEAD = 4096;

    private record Mark(String hex, Charset charset) {}

    // The longer mark first: UTF-32LE's begins with UTF-16LE's.
    private static final List<Mark> MARKS = List.of(
            new Mark("efbbbf", StandardCharsets.UTF_8),
            new Mark("fffe0000", StandardCharsets.UTF_32LE),
            new Mark("0000feff", StandardCharsets.UTF_32BE),
            new Mark("fffe", StandardCharsets.UTF_16LE),
            new Mark("feff", StandardCharsets.UTF_16BE));

    private final Path file;
    private final Pulse pulse;

    Encodings(Path file, Pulse pulse) {
        this.file = file;
        this.pulse = pulse;
    }

    /// @param charset   the decision
    /// @param markBytes how many bytes stand before the text
    /// @param note      what is worth knowing
    record Decision(Charset charset, int markBytes, Optional<String> note) {
        boolean isUtf8() {
            return charset.equals(StandardCharsets.UTF_8);
        }
    }

    /// @throws JobFailure `ENCODING_UNSUPPORTED` for a name the JDK does not know, `ENCODING_AMBIGUOUS` where the bytes
    /// do not say enough
    Decision decide(Optional<String> declared) throws JobFailure, IOException {
        byte[] head = sample(0, HEAD);
        Optional<Charset> named = declared.isPresent() ? Optional.of(known(declared.get())) : Optional.empty();
        String start = HexFormat.of().formatHex(head, 0, Math.min(head.length, 4));
        for (Mark mark : MARKS) {
            if (start.startsWith(mark.hex())) {
                return new Decision(mark.charset(), mark.hex().length() / 2, contradiction(mark.charset(), named));
            }
        }
        if (named.isPresent()) {
            return new Decision(ordered(named.get(), head), 0, Optional.empty());
        }
        if (start.matches("2b2f76(38|39|2b|2f)")) {
            throw JobFailure.permanent(
                    FailureCode.ENCODING_UNSUPPORTED, "the file begins with the mark of UTF-7, which is not read");
        }
        Optional<Charset> wide = ZeroBytes.charset(head);
        if (wide.isPresent()) {
            return new Decision(
                    wide.get(),
                    0,
                    Optional.of("the text has no byte order mark and is read as %s, which its zero bytes show"
                            .formatted(wide.get())));
        }
        return looksLikeUtf8() ? new Decision(StandardCharsets.UTF_8, 0, Optional.empty()) : fromAllBytes();
    }

    /// The decision once more, after the reader has found bytes that are no UTF-8 outside the samples.
    Decision afterProof() throws JobFailure, IOException {
        byte[] head = sample(0, 3);
        boolean marked = HexFormat.of().formatHex(head).equals(MARKS.getFirst().hex());
        return marked ? new Decision(StandardCharsets.UTF_8, 3, Optional.empty()) : fromAllBytes();
    }

    static Charset known(String name) throws JobFailure {
        try {
            return Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
            throw new JobFailure(
                    JobFailure.permanent(
                                    FailureCode.ENCODING_UNSUPPORTED,
                                    "the encoding %s is not known".formatted(Quoted.of(name)))
                            .failure(),
                    unknown);
        }
    }

    private static Optional<String> contradiction(Charset marked, Optional<Charset> named) {
        return named.filter(charset -> !marked.name().startsWith(charset.name()))
                .map(charset -> "the file starts with the byte order mark of %s, so it is read as that and not as %s"
                        .formatted(marked, charset));
    }

    /// UTF-16 and UTF-32 without an order are read in the order that the zero bytes show.
    private static Charset ordered(Charset named, byte[] head) {
        boolean open = named.equals(StandardCharsets.UTF_16) || named.equals(StandardCharsets.UTF_32);
        return open
                ? ZeroBytes.charset(head)
                        .filter(found -> found.name().startsWith(named.name()))
                        .orElse(named)
                : named;
    }

    private boolean looksLikeUtf8() throws IOException {
        long size = java.nio.file.Files.size(file);
        long[] starts = size <= 3L * SAMPLE ? new long[] {0} : new long[] {0, size / 2, size - SAMPLE};
        int length = size <= 3L * SAMPLE ? (int) size : SAMPLE;
        for (long start : starts) {
            byte[] bytes = sample(start, length);
            int from = 0;
            while (start > 0 && from < 3 && from < bytes.length && (bytes[from] & 0xc0) == 0x80) {
                from++;
            }
            var scan = new Utf8Scan();
            scan.over(bytes, from, bytes.length);
            if (scan.invalid() > 0 || (start == 0 && JapaneseEscapes.isIn(bytes))) {
                return false;
            }
        }
        return true;
    }

    private Decision fromAllBytes() throws JobFailure, IOException {
        var scan = new Utf8Scan();
        var evidence = new ForeignLines();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Source.open(file, pulse)) {
            for (int count = in.read(buffer, 0, buffer.length); count >= 0; count = in.read(buffer, 0, buffer.length)) {
                scan.over(buffer, 0, count);
                evidence.over(buffer, count);
            }
        }
        if (scan.invalid() == 0 && !JapaneseEscapes.isIn(sample(0, SAMPLE))) {
            return new Decision(StandardCharsets.UTF_8, 0, Optional.empty());
        }
        // Text in another encoding is UTF-8 by chance only here and there.
        if (scan.characters() > 0 && scan.invalid() * 4 <= scan.characters()) {
            return new Decision(
                    StandardCharsets.UTF_8,
                    0,
                    Optional.of("the text is UTF-8 (%,d characters of several bytes) but for %,d places"
                            .formatted(scan.characters(), scan.invalid())));
        }
        return Guess.of(evidence.lines(), evidence.foreignBytes());
    }

    private byte[] sample(long from, int length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(length);
            while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {
                // Until it is full or the file ends.
            }
            return Arrays.copyOf(bytes.array(), bytes.position());
        }
    }
}
