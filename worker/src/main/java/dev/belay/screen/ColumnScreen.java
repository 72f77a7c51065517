package dev.belay.screen;

import com.google.re2j.Matcher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Gathers what is found in one column, in one chunk or in all; joins exactly, however the rows were cut. For one
/// thread.
///
/// Nothing is allocated for a value, but for the first few that are shown, and for own patterns: RE2/J wants
/// each value as an array of its own.
public final class ColumnScreen {
    private static final int BUILT_IN = Detector.values().length;

    private final Screening screening;
    private final Look look = new Look();
    private final long[] found;
    private final long[] shaped;
    private final List<List<Finding.Sample>> samples;
    private long values;
    private long cut;

    ColumnScreen(Screening screening) {
        this.screening = screening;
        found = new long[screening.detectors()];
        shaped = new long[screening.detectors()];
        samples = new ArrayList<>(screening.detectors());
        for (int detector = 0; detector < screening.detectors(); detector++) {
            samples.add(new ArrayList<>(0));
        }
    }

    /// Begins anew.
    public void clear() {
        Arrays.fill(found, 0);
        Arrays.fill(shaped, 0);
        samples.forEach(List::clear);
        values = 0;
        cut = 0;
    }

    /// Looks at one value; an empty one counts for nothing.
    ///
    /// @param record the number of its record, from 1
    /// @param line   the line that the record begins on, from 1
    public void look(byte[] bytes, int from, int to, long record, long line) {
        if (from == to) {
            return;
        }
        values++;
        if (look.at(bytes, from, to)) {
            note(bytes, record, line);
        }
        if (!screening.patterns().isEmpty()) {
            patterns(bytes, from, to, record, line);
        }
    }

    private void note(byte[] bytes, long record, long line) {
        long passed = look.found();
        for (long left = look.shaped(); left != 0; left &= left - 1) {
            int detector = Long.numberOfTrailingZeros(left);
            shaped[detector]++;
            if ((passed >> detector & 1) != 0) {
                found[detector]++;
                sample(detector, bytes, look.start(detector), look.end(detector), record, line);
            }
        }
    }

    private void patterns(byte[] bytes, int from, int to, long record, long line) {
        int end = Math.min(to, from + screening.patternBytes());
        if (end < to) {
            cut++;
        }
        byte[] value = Arrays.copyOfRange(bytes, from, end);
        for (int own = 0; own < screening.patterns().size(); own++) {
            Matcher matcher = screening.patterns().get(own).pattern().matcher(value);
            if (matcher.find()) {
                shaped[BUILT_IN + own]++;
                found[BUILT_IN + own]++;
                sample(BUILT_IN + own, value, matcher.start(), matcher.end(), record, line);
            }
        }
    }

    // One parameter more than elsewhere: a record for a place in a hot loop would be an object for each value.
    private void sample(int detector, byte[] bytes, int from, int to, long record, long line) {
        List<Finding.Sample> kept = samples.get(detector);
        if (kept.size() < screening.samples()) {
            kept.add(new Finding.Sample(record, line, Mask.of(bytes, from, to)));
        }
    }

    /// Takes in what came after.
    ///
    /// @param records how many records stand before what `later` has seen
    /// @param lines   how many lines stand before it
    public void add(ColumnScreen later, long records, long lines) {
        values += later.values;
        cut += later.cut;
        for (int detector = 0; detector < found.length; detector++) {
            found[detector] += later.found[detector];
            shaped[detector] += later.shaped[detector];
            List<Finding.Sample> kept = samples.get(detector);
            for (Finding.Sample sample : later.samples.get(detector)) {
                if (kept.size() < screening.samples()) {
                    kept.add(new Finding.Sample(sample.record() + records, sample.line() + lines, sample.masked()));
                }
            }
        }
    }

    /// What was found, in the order of the detectors.
    ///
    /// @param column the column's original header
    public List<Finding> findings(String column) {
        var findings = new ArrayList<Finding>();
        for (int detector = 0; detector < found.length; detector++) {
            if (found[detector] > 0) {
                findings.add(new Finding(
                        screening.label(detector),
                        column,
                        found[detector],
                        shaped[detector],
                        values,
                        samples.get(detector)));
            }
        }
        return findings;
    }

    /// How many values were longer than own patterns are given.
    public long cut() {
        return cut;
    }
}
