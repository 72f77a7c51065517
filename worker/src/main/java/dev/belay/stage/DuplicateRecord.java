package dev.belay.stage;

import dev.belay.job.Place;

/// A record that is left out because another one says the same.
///
/// @param record   its number, from 1
/// @param line     the physical line it starts on; 0 where the source has no lines
/// @param kept     the number of the record that stays
/// @param keptLine its line; 0 where the source has no lines
public record DuplicateRecord(long record, long line, long kept, long keptLine) {
    static DuplicateRecord of(Place left, Place stays, boolean hasLines) {
        return new DuplicateRecord(
                left.record().orElseThrow(),
                line(left, hasLines),
                stays.record().orElseThrow(),
                line(stays, hasLines));
    }

    private static long line(Place place, boolean hasLines) {
        return hasLines ? place.line().orElse(0) : 0;
    }
}
