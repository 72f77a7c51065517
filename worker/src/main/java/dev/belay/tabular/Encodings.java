package dev.belay.tabular;

import dev.belay.job.Excerpt;
import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Decides the encoding: a byte order mark, else what was declared, else UTF-16 where the zero bytes show it, else
/// UTF-8. Whether the whole file is text in it is proven by the walk over every byte.
final class Encodings {
    private record Mark(String hex, Charset charset) {}

    // The longer mark first: UTF-32LE's begins with UTF-16LE's.
    private static final List<Mark> MARKS = List.of(
            new Mark("efbbbf", StandardCharsets.UTF_8),
            new Mark("fffe0000", StandardCharsets.UTF_32LE),
            new Mark("0000feff", StandardCharsets.UTF_32BE),
            new Mark("fffe", StandardCharsets.UTF_16LE),
            new Mark("feff", StandardCharsets.UTF_16BE));

    private Encodings() {}

    /// @param charset the decision
    /// @param marked  whether a byte order mark made it
    record Decision(Charset charset, boolean marked) {}

    /// @throws JobFailure `ENCODING_UNSUPPORTED` when the declared name is not one the JDK knows
    static Decision decide(byte[] head, Optional<String> declared) throws JobFailure {
        Optional<Charset> named = declared.isPresent() ? Optional.of(charset(declared.get())) : Optional.empty();
        String start = HexFormat.of().formatHex(head, 0, Math.min(head.length, 4));
        for (Mark mark : MARKS) {
            if (start.startsWith(mark.hex())) {
                return new Decision(mark.charset(), true);
            }
        }
        return new Decision(named.or(() -> utf16(head)).orElse(StandardCharsets.UTF_8), false);
    }

    private static Charset charset(String name) throws JobFailure {
        try {
            return Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
            throw new JobFailure(
                    JobFailure.permanent(
                                    FailureCode.ENCODING_UNSUPPORTED,
                                    "the encoding \"%s\" is not known".formatted(Excerpt.of(name)))
                            .failure(),
                    unknown);
        }
    }

    /// Text in UTF-16 without a mark has a zero byte in most pairs, always in the same half; other text has none.
    private static Optional<Charset> utf16(byte[] head) {
        int pairs = head.length / 2;
        int[] zeros = new int[2];
        for (int at = 0; at < pairs * 2; at++) {
            if (head[at] == 0) {
                zeros[at % 2]++;
            }
        }
        if (zeros[1] * 10 > pairs * 4 && zeros[0] * 20 < pairs) {
            return Optional.of(StandardCharsets.UTF_16LE);
        }
        if (zeros[0] * 10 > pairs * 4 && zeros[1] * 20 < pairs) {
            return Optional.of(StandardCharsets.UTF_16BE);
        }
        return Optional.empty();
    }
}
