package dev.belay.format;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.mozilla.universalchardet.prober.Big5Prober;
import org.mozilla.universalchardet.prober.CharsetProber;
import org.mozilla.universalchardet.prober.EUCJPProber;
import org.mozilla.universalchardet.prober.EUCKRProber;
import org.mozilla.universalchardet.prober.GB18030Prober;
import org.mozilla.universalchardet.prober.SJISProber;
import org.mozilla.universalchardet.prober.SingleByteCharsetProber;
import org.mozilla.universalchardet.prober.sequence.Ibm866Model;
import org.mozilla.universalchardet.prober.sequence.Koi8rModel;
import org.mozilla.universalchardet.prober.sequence.Latin5Model;
import org.mozilla.universalchardet.prober.sequence.Win1251Model;
import org.mozilla.universalchardet.prober.sequence.Win1253Model;

/// Which encoding makes most sense of bytes that are no UTF-8.
///
/// East Asian, Cyrillic and Greek encodings are told by how often which characters come (Mozilla's probers); Western
/// ones by whether the letters stand where letters do, see [WesternText]. The best must be well ahead of the next,
/// else nothing is guessed: a wrong letter in a name is worse than a question.
final class Guess {
    private static final double SURE = 0.55;
    private static final double AHEAD = 0.15;
    private static final double NO_TEXT = 0.02;

    private Guess() {}

    private record Candidate(Charset charset, double confidence, String text) {
        String shown() {
            return "%s (%.2f)".formatted(charset, confidence);
        }
    }

    /// @param lines   those of the text's lines that have bytes outside ASCII
    /// @param foreign how many such bytes the whole text has
    /// @throws JobFailure `ENCODING_AMBIGUOUS`; `NOT_TABULAR` when they are no text in any encoding
    static Encodings.Decision of(byte[] lines, long foreign) throws JobFailure {
        refuseNoText(lines);
        if (JapaneseEscapes.isIn(lines)) {
            return decision(new Candidate(Charset.forName("ISO-2022-JP"), 1, ""), foreign);
        }
        List<Candidate> candidates = candidates(lines);
        if (candidates.isEmpty() || candidates.getFirst().confidence() < SURE) {
            throw ambiguous(candidates, foreign);
        }
        Candidate best = candidates.getFirst();
        Optional<Candidate> rival = candidates.stream()
                .filter(other -> !other.text().equals(best.text()))
                .findFirst();
        if (rival.isPresent() && best.confidence() - rival.get().confidence() < AHEAD) {
            throw ambiguous(candidates, foreign);
        }
        return decision(best, foreign);
    }

    /// No encoding that is read here has bytes below the space but for line ends, tabs, form feeds and escapes.
    private static void refuseNoText(byte[] lines) throws JobFailure {
        int controls = 0;
        for (byte one : lines) {
            controls += one >= 0 && one < ' ' && "\t\n\f\r\u001b".indexOf(one) < 0 ? 1 : 0;
        }
        if (controls > lines.length * NO_TEXT) {
            throw JobFailure.permanent(
                    FailureCode.NOT_TABULAR,
                    "the file is no text: %,d of %,d bytes looked at are control characters"
                            .formatted(controls, lines.length));
        }
    }

    private static Encodings.Decision decision(Candidate best, long foreign) {
        return new Encodings.Decision(
                best.charset(),
                0,
                Optional.of(
                        "the text is not UTF-8 and is read as %s: %,d bytes outside ASCII, confidence %.2f; read.encoding names another"
                                .formatted(best.charset(), foreign, best.confidence())));
    }

    private static JobFailure ambiguous(List<Candidate> candidates, long foreign) {
        String list = candidates.stream().limit(4).map(Candidate::shown).collect(Collectors.joining(", "));
        return JobFailure.permanent(
                FailureCode.ENCODING_AMBIGUOUS,
                "the text is not UTF-8, and its %,d bytes outside ASCII do not say what it is (%s); name it as read.encoding"
                        .formatted(foreign, list.isEmpty() ? "nothing known fits" : "candidates: " + list));
    }

    private static List<Candidate> candidates(byte[] lines) {
        List<Candidate> candidates = new ArrayList<>();
        for (CharsetProber prober : probers()) {
            prober.reset();
            CharsetProber.ProbingState state = prober.handleData(lines, 0, lines.length);
            if (state != CharsetProber.ProbingState.NOT_ME && prober.getConfidence() > 0.05) {
                add(candidates, Charset.forName(prober.getCharSetName()), lines, prober.getConfidence());
            }
        }
        Charset western = Charset.forName("windows-1252");
        String text = decoded(lines, western).orElse("");
        if (!text.isEmpty()) {
            candidates.add(new Candidate(western, WesternText.plausibility(text), text));
        }
        candidates.sort(Comparator.comparingDouble(Candidate::confidence).reversed());
        return candidates;
    }

    private static List<CharsetProber> probers() {
        return List.of(
                new SJISProber(),
                new EUCJPProber(),
                new GB18030Prober(),
                new Big5Prober(),
                new EUCKRProber(),
                new SingleByteCharsetProber(new Win1251Model()),
                new SingleByteCharsetProber(new Koi8rModel()),
                new SingleByteCharsetProber(new Latin5Model()),
                new SingleByteCharsetProber(new Ibm866Model()),
                new SingleByteCharsetProber(new Win1253Model()));
    }

    private static void add(List<Candidate> candidates, Charset charset, byte[] lines, double confidence) {
        // Shift_JIS as it is written in the wild has Microsoft's characters too.
        Charset wide = charset.name().equals("Shift_JIS") ? Charset.forName("windows-31j") : charset;
        decoded(lines, wide).ifPresent(text -> candidates.add(new Candidate(wide, Math.min(confidence, 0.99), text)));
    }

    /// The text, unless bytes of it are none.
    private static Optional<String> decoded(byte[] lines, Charset charset) {
        try {
            return Optional.of(
                    charset.newDecoder().decode(ByteBuffer.wrap(lines)).toString());
        } catch (CharacterCodingException none) {
            return Optional.empty();
        }
    }
}
