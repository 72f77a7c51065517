package dev.belay.tabular;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Place;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The first record of a file.
///
/// @param titles its fields; those beyond `limits.columns` are left out
/// @param count  how many it has
/// @param line   the line it begins on, from 1
/// @param end    where the next record or line begins
/// @param lines  how many lines end before that
record Header(List<String> titles, int count, long line, long end, long lines) {
    private static final int WINDOW = 1 << 16;

    /// @return the header; empty when there are only blank lines
    static Optional<Header> read(TableBytes bytes, TextFormat format, ReadLimits limits)
            throws JobFailure, IOException {
        var window = new Window(bytes, WINDOW);
        long size = bytes.size();
        window.open(format.start(), size);
        window.read(WINDOW);
        var cutter = new Cutter(window, format, limits.columns(), limits);
        cutter.open(0, Long.MAX_VALUE);
        int[] spans = new int[2 * limits.columns()];
        while (true) {
            switch (cutter.next(spans, 0)) {
                case END -> {
                    return Optional.empty();
                }
                case RECORD -> {
                    Header header = of(window, cutter, format, spans, limits);
                    boolean skipped = format.unitsBelow() && cutter.next(spans, 0) == Cutter.Step.RECORD;
                    return Optional.of(skipped ? header.endingAt(window, cutter, format) : header);
                }
                case WRONG -> throw failure(bytes, format, limits, window.base() + cutter.start(), cutter.line());
                case TOO_LONG -> {
                    long start = window.base() + cutter.start();
                    long line = format.linesAbove() + cutter.line() + 1L;
                    switch (new QuoteDiagnosis(bytes, format, limits).ofRecordAt(start, line)) {
                        case QuoteDiagnosis.Nothing(long end) -> window.grow((int) (end - window.base()) + 1);
                        default -> throw failure(bytes, format, limits, start, cutter.line());
                    }
                }
            }
        }
    }

    private Header endingAt(Window window, Cutter cutter, TextFormat format) {
        return new Header(titles, count, line, window.base() + cutter.at(), format.linesAbove() + cutter.lines());
    }

    private static JobFailure failure(TableBytes bytes, TextFormat format, ReadLimits limits, long place, int lines)
            throws IOException {
        return new RecordFailures(bytes, format, limits, List.of()).at(place, format.linesAbove() + lines + 1L, 0);
    }

    private static Header of(Window window, Cutter cutter, TextFormat format, int[] spans, ReadLimits limits)
            throws JobFailure {
        List<String> titles = new ArrayList<>();
        var check = new Utf8Check();
        for (int field = 0; field < Math.min(cutter.count(), limits.columns()); field++) {
            int from = spans[2 * field];
            int to = spans[2 * field + 1];
            int bad = check.firstBad(window.bytes(), from, to);
            if (bad < to) {
                throw undecodable(window, bad, to, format.linesAbove() + cutter.line() + 1);
            }
            titles.add(new String(window.bytes(), from, to - from, StandardCharsets.UTF_8));
        }
        return new Header(
                titles,
                cutter.count(),
                format.linesAbove() + cutter.line() + 1,
                window.base() + cutter.at(),
                format.linesAbove() + cutter.lines());
    }

    private static JobFailure undecodable(Window window, int bad, int to, long line) {
        long place = window.base() + bad;
        return JobFailure.permanent(
                FailureCode.ENCODING_INVALID,
                "byte %d (line %d): %s is not text in UTF-8"
                        .formatted(place, line, Utf8Check.hex(window.bytes(), bad, to)),
                new Place(
                        OptionalLong.empty(),
                        OptionalLong.of(line),
                        OptionalLong.of(place),
                        Optional.empty(),
                        Optional.empty()));
    }
}
