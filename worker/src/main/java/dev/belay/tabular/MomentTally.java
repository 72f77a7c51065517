package dev.belay.tabular;

import dev.belay.job.Excerpt;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The earliest and the latest of many points in time, and whether they rise or fall.
final class MomentTally {
    private final Moment earliest = new Moment();
    private final Moment latest = new Moment();
    private final Moment first = new Moment();
    private final Moment last = new Moment();
    private boolean any;
    private boolean rises;
    private boolean falls;

    private static final class Moment {
        private final byte[] iso = new byte[TimeForm.LONGEST];
        private int length;
        private long second;
        private int nano;

        void set(TimeForm time) {
            second = time.second();
            nano = time.nano();
        }

        void set(TimeForm time, int from) {
            set(time);
            length = time.iso(from, iso);
        }

        void set(Moment other) {
            second = other.second;
            nano = other.nano;
            length = other.length;
            System.arraycopy(other.iso, 0, iso, 0, length);
        }

        int compareTo(long otherSecond, int otherNano) {
            int seconds = Long.compare(second, otherSecond);
            return seconds == 0 ? Integer.compare(nano, otherNano) : seconds;
        }

        int compareTo(Moment other) {
            return compareTo(other.second, other.nano);
        }

        String text() {
            return Excerpt.of(new String(iso, 0, length, StandardCharsets.ISO_8859_1));
        }
    }

    void clear() {
        any = false;
        rises = false;
        falls = false;
    }

    /// Takes in the time just read, which began at `from`.
    void add(TimeForm time, int from) {
        if (!any) {
            any = true;
            earliest.set(time, from);
            latest.set(time, from);
            first.set(time);
        } else {
            if (earliest.compareTo(time.second(), time.nano()) > 0) {
                earliest.set(time, from);
            }
            if (latest.compareTo(time.second(), time.nano()) < 0) {
                latest.set(time, from);
            }
            note(last.compareTo(time.second(), time.nano()));
        }
        last.set(time);
    }

    /// Takes in what came after.
    void add(MomentTally later) {
        if (!later.any) {
            return;
        }
        rises |= later.rises;
        falls |= later.falls;
        if (!any) {
            any = true;
            earliest.set(later.earliest);
            latest.set(later.latest);
            first.set(later.first);
        } else {
            if (earliest.compareTo(later.earliest) > 0) {
                earliest.set(later.earliest);
            }
            if (latest.compareTo(later.latest) < 0) {
                latest.set(later.latest);
            }
            note(last.compareTo(later.first));
        }
        last.set(later.last);
    }

    private void note(int order) {
        rises |= order < 0;
        falls |= order > 0;
    }

    Optional<String> earliest() {
        return any ? Optional.of(earliest.text()) : Optional.empty();
    }

    Optional<String> latest() {
        return any ? Optional.of(latest.text()) : Optional.empty();
    }

    SortOrder order() {
        return SortOrder.of(rises, falls, any);
    }
}
