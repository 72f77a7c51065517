package dev.belay.tabular;

import java.io.IOException;
import java.util.Arrays;

/// Cuts the bytes of a window into records and fields, strictly after RFC 4180: a quote opens a field only at its very
/// start, a closing quote is followed by a delimiter, a line end or nothing. CR, LF and CRLF each end a line; blank
/// lines are no records.
///
/// A field is a place in the window. Only doubled quotes are taken out, in the window itself, once their record is
/// complete. A record belongs to a cutter when it begins before its border, and is cut whole wherever it ends.
final class Cutter {
    private static final byte QUOTE = '"';
    private static final long QUOTES = Words.all(QUOTE);
    // CR, LF and U+0000 are below; so are few bytes that stand in text.
    private static final long CONTROLS = Words.all((byte) ('\r' + 1));
    private static final int MORE = 1 << 16;

    private static final int CUT = 0;
    private static final int INCOMPLETE = 1;
    private static final int WRONG = 2;

    private final byte[] delimiter;
    private final int columns;
    private final long fieldLimit;
    private final long recordLimit;
    private final Window window;
    private int[] doubled = new int[8];
    private int doubledCount;
    private int pairsOfField;
    private int at;
    private long border;
    private int lines;
    private int start;
    private int line;
    private int count;
    private int ownLines;
    private long highBits;
    private boolean holdsNul;
    private long longestDropped;
    private long dropped;

    /// What a step came to.
    enum Step {
        /// There is a record.
        RECORD,
        /// The border is reached, or the end of the file.
        END,
        /// The next record does not fit into the window.
        TOO_LONG,
        /// The next record breaks a rule or a limit; [QuoteDiagnosis] can say which.
        WRONG
    }

    /// @param columns how many fields of a record are kept; more are counted
    Cutter(Window window, TextFormat format, int columns, ReadLimits limits) {
        this.window = window;
        this.delimiter = format.delimiterBytes();
        this.columns = columns;
        this.fieldLimit = limits.fieldBytes();
        this.recordLimit = limits.recordBytes();
    }

    /// Begins anew.
    ///
    /// @param at     the place in the window where the first record begins
    /// @param border the place in the file from which on records are not its own
    void open(int at, long border) {
        this.at = at;
        this.border = border;
        start = at;
        line = 0;
        lines = 0;
    }

    /// Goes to the next record.
    ///
    /// @param spans takes, for each field kept, where it begins and where it ends
    /// @param to    the place of the first of these numbers
    Step next(int[] spans, int to) throws IOException {
        while (true) {
            if (window.base() + at >= border) {
                return Step.END;
            }
            if (at == window.limit()) {
                if (window.isAtEnd()) {
                    return Step.END;
                }
            } else if (isLineEnd(window.bytes()[at])) {
                int after = behindLineEnd(at);
                if (after > 0) {
                    at = after;
                    lines++;
                    continue;
                }
            } else {
                switch (cut(spans, to)) {
                    case CUT -> {
                        return isTooLarge(spans, to) ? Step.WRONG : Step.RECORD;
                    }
                    case WRONG -> {
                        start = at;
                        line = lines;
                        return Step.WRONG;
                    }
                    default -> {
                        // More bytes are needed.
                    }
                }
            }
            start = at;
            line = lines;
            if (!window.hasRoom()) {
                return Step.TOO_LONG;
            }
            window.read(MORE);
        }
    }

    /// Where the current record, or the one that could not be cut, begins.
    int start() {
        return start;
    }

    /// Where the next record or line begins.
    int at() {
        return at;
    }

    /// How many line ends were passed before the current record.
    int line() {
        return line;
    }

    /// How many line ends were passed in all.
    int lines() {
        return lines;
    }

    /// How many fields the current record has, those that are not kept included.
    int count() {
        return count;
    }

    /// Whether U+0000 stands in the current record.
    boolean holdsNul() {
        return holdsNul;
    }

    /// Whether the current record is surely ASCII alone.
    boolean isAscii() {
        return (highBits & Words.HIGHS) == 0;
    }

    // Long, since all that a byte costs stands in one place.
    private int cut(int[] spans, int to) {
        byte[] bytes = window.bytes();
        int limit = window.limit();
        byte delimiter = this.delimiter[0];
        long delimiters = Words.all(delimiter);
        boolean isLong = this.delimiter.length > 1;
        long high = 0;
        int p = at;
        int field = 0;
        begin();
        while (true) {
            int from = p;
            int end;
            int pairs = 0;
            if (bytes[p] == QUOTE) {
                from = p + 1;
                p = closingQuote(from, limit);
                if (p < 0) {
                    return window.isAtEnd() ? WRONG : INCOMPLETE;
                }
                end = p++;
                pairs = pairsOfField;
                if (pairs > 0 && field < columns) {
                    note(field);
                }
                boolean isEnd = p == limit || isLineEnd(bytes[p]);
                if (!isEnd && (bytes[p] != delimiter || (isLong && !isDelimiter(bytes, p, limit)))) {
                    return mayBeCut(p, limit) ? INCOMPLETE : WRONG;
                }
            } else {
                while (true) {
                    long word = Words.at(bytes, p);
                    high |= word;
                    long found = Words.zeros(word ^ delimiters) | ((word - CONTROLS) & ~word & Words.HIGHS);
                    if (found == 0) {
                        p += 8;
                        continue;
                    }
                    p += Long.numberOfTrailingZeros(found) >>> 3;
                    byte character = bytes[p];
                    if (character == delimiter && (!isLong || isDelimiter(bytes, p, limit))) {
                        break;
                    }
                    if (character == '\n' || character == '\r') {
                        break;
                    }
                    holdsNul |= character == 0;
                    p++;
                }
                end = p;
            }
            if (field < columns) {
                spans[to + 2 * field] = from;
                spans[to + 2 * field + 1] = end;
            } else {
                drop(end - from - pairs);
            }
            field++;
            if (p >= limit) {
                if (!window.isAtEnd()) {
                    return INCOMPLETE;
                }
                break;
            }
            if (bytes[p] == '\n') {
                p++;
                ownLines++;
                break;
            }
            if (bytes[p] == '\r') {
                p = behindLineEnd(p);
                if (p == 0) {
                    return INCOMPLETE;
                }
                ownLines++;
                break;
            }
            p += this.delimiter.length;
        }
        highBits |= high;
        finish(spans, to, field, p);
        return CUT;
    }

    /// @return where the quote stands that closes the field, or -1 when it is not in the window
    private int closingQuote(int from, int limit) {
        byte[] bytes = window.bytes();
        int pairs = 0;
        long high = 0;
        int p = from;
        while (true) {
            long word = Words.at(bytes, p);
            high |= word;
            long found = Words.zeros(word ^ QUOTES) | ((word - CONTROLS) & ~word & Words.HIGHS);
            if (found == 0) {
                p += 8;
                continue;
            }
            p += Long.numberOfTrailingZeros(found) >>> 3;
            if (p >= limit) {
                return -1;
            }
            byte character = bytes[p];
            if (character == QUOTE) {
                if (p + 1 < limit && bytes[p + 1] == QUOTE) {
                    pairs++;
                    p += 2;
                    continue;
                }
                if (p + 1 == limit && !window.isAtEnd()) {
                    return -1;
                }
                pairsOfField = pairs;
                highBits |= high;
                return p;
            }
            if (character == '\n') {
                ownLines++;
            } else if (character == '\r') {
                ownLines++;
                p += p + 1 < limit && bytes[p + 1] == '\n' ? 1 : 0;
            } else {
                holdsNul |= character == 0;
            }
            p++;
        }
    }

    private void begin() {
        doubledCount = 0;
        ownLines = 0;
        highBits = 0;
        holdsNul = false;
        longestDropped = 0;
        dropped = 0;
    }

    private void finish(int[] spans, int to, int fields, int end) {
        start = at;
        line = lines;
        at = end;
        lines += ownLines;
        count = fields;
        for (int each = 0; each < doubledCount; each++) {
            int place = to + 2 * doubled[each];
            spans[place + 1] = withoutPairs(spans[place], spans[place + 1]);
        }
    }

    /// Takes one of each two quotes out of a field.
    private int withoutPairs(int from, int end) {
        byte[] bytes = window.bytes();
        int target = from;
        for (int source = from; source < end; source++) {
            bytes[target++] = bytes[source];
            source += bytes[source] == QUOTE ? 1 : 0;
        }
        return target;
    }

    private void note(int field) {
        if (doubledCount == doubled.length) {
            doubled = Arrays.copyOf(doubled, doubledCount * 2);
        }
        doubled[doubledCount++] = field;
    }

    private void drop(int size) {
        longestDropped = Math.max(longestDropped, size);
        dropped += size;
    }

    private boolean isTooLarge(int[] spans, int to) {
        if (at - start <= fieldLimit && at - start <= recordLimit) {
            return false;
        }
        long all = dropped;
        long longest = longestDropped;
        for (int field = 0; field < Math.min(count, columns); field++) {
            int size = spans[to + 2 * field + 1] - spans[to + 2 * field];
            all += size;
            longest = Math.max(longest, size);
        }
        return longest > fieldLimit || all > recordLimit;
    }

    private boolean isDelimiter(byte[] bytes, int place, int limit) {
        if (place + delimiter.length > limit) {
            return false;
        }
        for (int each = 0; each < delimiter.length; each++) {
            if (bytes[place + each] != delimiter[each]) {
                return false;
            }
        }
        return true;
    }

    /// Whether a long delimiter may go on behind the window.
    private boolean mayBeCut(int place, int limit) {
        return place + delimiter.length > limit && !window.isAtEnd();
    }

    private static boolean isLineEnd(byte character) {
        return character == '\n' || character == '\r';
    }

    /// @return the place behind a line end, or 0 when the window ends between CR and a possible LF
    private int behindLineEnd(int place) {
        byte[] bytes = window.bytes();
        if (bytes[place] == '\n') {
            return place + 1;
        }
        if (place + 1 < window.limit()) {
            return bytes[place + 1] == '\n' ? place + 2 : place + 1;
        }
        return window.isAtEnd() ? place + 1 : 0;
    }
}
