package dev.belay.tabular;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import dev.belay.job.Place;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;

/// Finds where in the file some rows stand, of a file that was profiled: cuts the parts that hold them once more.
final class RowPlaces {
    private final TableBytes bytes;
    private final TableProfile profile;
    private final Window window;
    private final Cutter cutter;
    private final RecordGate gate;
    private final NullTokens nulls;
    private final int[] spans;

    RowPlaces(TableBytes bytes, ReadLimits limits, TableProfile profile) {
        this.bytes = bytes;
        this.profile = profile;
        int columns = profile.columns().size();
        long longest = profile.parts().stream()
                .mapToLong(part -> part.to() - part.from())
                .max()
                .orElse(0);
        window = new Window(bytes, Math.toIntExact(longest));
        cutter = new Cutter(window, profile.dialect().format(), columns, limits);
        gate = RecordGate.of(profile);
        nulls = new NullTokens(profile.nullTexts());
        spans = new int[2 * columns];
    }

    /// The places of rows that are numbered from 0, each with record and line.
    ///
    /// @throws JobFailure `SOURCE_CHANGED` when the file has not the rows that were counted
    Map<Long, Place> of(SortedSet<Long> rows) throws JobFailure, IOException {
        Map<Long, Place> places = new HashMap<>();
        if (bytes.size() == profile.bytes()) {
            for (Part part : profile.parts()) {
                SortedSet<Long> wanted = rows.subSet(part.before(), part.before() + part.rows());
                if (!wanted.isEmpty()) {
                    find(part, wanted, places);
                }
            }
        }
        if (places.size() != rows.size()) {
            throw JobFailure.transientFailure(
                    FailureCode.SOURCE_CHANGED,
                    "the file has not the rows any more that it had when it was first read");
        }
        return places;
    }

    private void find(Part part, SortedSet<Long> wanted, Map<Long, Place> places) throws IOException {
        window.open(part.from(), part.to());
        window.read(part.to() - part.from());
        cutter.open(0, part.to());
        long record = part.records();
        long row = part.before();
        while (row <= wanted.getLast() && cutter.next(spans, 0) == Cutter.Step.RECORD) {
            record++;
            if (cutter.count() == profile.columns().size()) {
                nulls.take(window.bytes(), spans, 0);
            }
            if (gate.check(cutter, window.bytes(), spans, 0) == null) {
                if (wanted.contains(row)) {
                    places.put(row, place(record, part.lines() + cutter.line() + 1));
                }
                row++;
            }
        }
    }

    private static Place place(long record, long line) {
        return new Place(
                OptionalLong.of(record),
                OptionalLong.of(line),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
