package dev.belay.tabular;

import java.time.LocalDate;
import java.util.Optional;

/// The first and the last of many days, and whether they rise or fall.
final class DayTally {
    private boolean any;
    private long earliest;
    private long latest;
    private long first;
    private long last;
    private boolean rises;
    private boolean falls;

    void clear() {
        any = false;
        rises = false;
        falls = false;
    }

    /// @param day since 1970
    void add(long day) {
        if (!any) {
            any = true;
            earliest = day;
            latest = day;
            first = day;
        } else {
            earliest = Math.min(earliest, day);
            latest = Math.max(latest, day);
            note(last, day);
        }
        last = day;
    }

    /// Takes in what came after.
    void add(DayTally later) {
        if (!later.any) {
            return;
        }
        rises |= later.rises;
        falls |= later.falls;
        if (!any) {
            any = true;
            earliest = later.earliest;
            latest = later.latest;
            first = later.first;
        } else {
            earliest = Math.min(earliest, later.earliest);
            latest = Math.max(latest, later.latest);
            note(last, later.first);
        }
        last = later.last;
    }

    private void note(long before, long after) {
        rises |= after > before;
        falls |= after < before;
    }

    Optional<String> earliest() {
        return any ? Optional.of(LocalDate.ofEpochDay(earliest).toString()) : Optional.empty();
    }

    Optional<String> latest() {
        return any ? Optional.of(LocalDate.ofEpochDay(latest).toString()) : Optional.empty();
    }

    SortOrder order() {
        return SortOrder.of(rises, falls, any);
    }
}
