package dev.belay.tabular;

import dev.belay.job.Excerpt;
import java.util.Arrays;
import java.util.Optional;

/// The first and the last of many texts by code point, and whether they rise or fall: looking at the first bytes of
/// each only, which is more than is ever shown.
///
/// Most are told apart by a key, their first eight bytes as a number, zeros behind a shorter one. No value holds a zero
/// byte, so keys order as their texts do.
final class TextRange {
    /// How many bytes of each text are looked at.
    static final int LOOKED_AT = 264;

    private final Cut least = new Cut();
    private final Cut most = new Cut();
    private final Cut first = new Cut();
    private final Cut last = new Cut();
    private long leastKey;
    private long mostKey;
    // Of the texts that were compared last with these ends and were not beyond them: they often come again.
    private long notLower;
    private long notHigher;
    private boolean rises;
    private boolean falls;
    private int previousFrom;
    private int previousTo;
    private long previousKey;

    /// The beginning of a text.
    private static final class Cut {
        private byte[] bytes = new byte[16];
        // -1 while there is none.
        private int length = -1;

        void set(byte[] source, int from, int to) {
            int size = Math.min(to - from, LOOKED_AT);
            if (size > bytes.length) {
                bytes = new byte[Math.min(LOOKED_AT, size * 2)];
            }
            System.arraycopy(source, from, bytes, 0, size);
            length = size;
        }

        void set(Cut other) {
            set(other.bytes, 0, other.length);
        }

        int compareTo(byte[] other, int from, int to) {
            return Arrays.compareUnsigned(bytes, 0, length, other, from, Math.min(to, from + LOOKED_AT));
        }

        Optional<String> text() {
            return length < 0
                    ? Optional.empty()
                    : Optional.of(Excerpt.of(Utf8Check.excerpt(bytes, 0, length, LOOKED_AT - 4)));
        }
    }

    TextRange() {
        clear();
    }

    void clear() {
        least.length = -1;
        most.length = -1;
        first.length = -1;
        last.length = -1;
        leastKey = Long.MAX_VALUE;
        mostKey = Long.MIN_VALUE;
        notLower = 0;
        notHigher = 0;
        rises = false;
        falls = false;
        previousFrom = -1;
    }

    /// Of the first eight bytes of a text, zeros behind a shorter one.
    static long key(long word) {
        return Long.reverseBytes(word) ^ Long.MIN_VALUE;
    }

    /// Takes in a text. Until [#leave], all are in the same array.
    ///
    /// @param hash of [DistinctTally]: two texts of the same are taken to be the same
    void add(byte[] bytes, int from, int to, long key, long hash) {
        if (key <= leastKey && hash != notLower) {
            lower(bytes, from, to, key);
            notLower = hash;
        }
        if (key >= mostKey && hash != notHigher) {
            raise(bytes, from, to, key);
            notHigher = hash;
        }
        if (!rises || !falls) {
            follow(bytes, from, to, key);
        }
    }

    /// The array goes: keeps what is needed of it.
    void leave(byte[] bytes) {
        if (previousFrom >= 0) {
            last.set(bytes, previousFrom, previousTo);
            previousFrom = -1;
        }
    }

    private void lower(byte[] bytes, int from, int to, long key) {
        if (least.length < 0
                || key < leastKey
                || (isLong(from, to, least.length) && least.compareTo(bytes, from, to) > 0)) {
            leastKey = key;
            least.set(bytes, from, to);
        }
    }

    private void raise(byte[] bytes, int from, int to, long key) {
        if (most.length < 0
                || key > mostKey
                || (isLong(from, to, most.length) && most.compareTo(bytes, from, to) < 0)) {
            mostKey = key;
            most.set(bytes, from, to);
        }
    }

    private static boolean isLong(int from, int to, int length) {
        return to - from > 8 || length > 8;
    }

    private void follow(byte[] bytes, int from, int to, long key) {
        if (previousFrom < 0) {
            if (last.length < 0) {
                first.set(bytes, from, to);
            } else {
                note(last.compareTo(bytes, from, to));
            }
        } else if (key != previousKey) {
            note(previousKey < key ? -1 : 1);
        } else if (isLong(from, to, previousTo - previousFrom)) {
            note(Arrays.compareUnsigned(
                    bytes,
                    previousFrom,
                    Math.min(previousTo, previousFrom + LOOKED_AT),
                    bytes,
                    from,
                    Math.min(to, from + LOOKED_AT)));
        }
        previousFrom = from;
        previousTo = to;
        previousKey = key;
    }

    private void note(int order) {
        rises |= order < 0;
        falls |= order > 0;
    }

    /// Takes in what came after.
    void add(TextRange later) {
        if (later.least.length < 0) {
            return;
        }
        if (least.length < 0 || least.compareTo(later.least.bytes, 0, later.least.length) > 0) {
            least.set(later.least);
            leastKey = later.leastKey;
        }
        if (most.length < 0 || most.compareTo(later.most.bytes, 0, later.most.length) < 0) {
            most.set(later.most);
            mostKey = later.mostKey;
        }
        rises |= later.rises;
        falls |= later.falls;
        if (last.length >= 0 && later.first.length >= 0) {
            note(last.compareTo(later.first.bytes, 0, later.first.length));
        }
        if (first.length < 0) {
            first.set(later.first);
        }
        if (later.last.length >= 0) {
            last.set(later.last);
        }
    }

    Optional<String> least() {
        return least.text();
    }

    Optional<String> most() {
        return most.text();
    }

    SortOrder order() {
        return SortOrder.of(rises, falls, least.length >= 0);
    }
}
