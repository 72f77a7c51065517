package dev.belay.tabular;

import dev.belay.job.ColumnType;
import dev.belay.job.Excerpt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/// Finds the most frequent values of a column: by their counts where they were counted one by one, else in the sample.
/// What they are is read from the file again, where the first of each stands.
///
/// @param bytes the file
record TopValues(TableBytes bytes, TextFormat format) {
    private static final int SHOWN = 10;
    private static final int LOOKED_AT = 264;
    // What is there but once in a sample says nothing.
    private static final int LEAST_IN_SAMPLE = 2;

    private record Counted(long count, long place) {}

    private static final Comparator<Counted> RAREST_FIRST = Comparator.comparingLong(Counted::count)
            .thenComparing(Comparator.comparingLong(Counted::place).reversed());

    List<ColumnProfile.TopValue> of(ColumnTally tally, RowSample sample, int column) throws IOException {
        if (tally.type() == ColumnType.BOOLEAN) {
            return truths(tally.truths());
        }
        if (tally.distinct().isExact()) {
            return tally.distinct().count() == tally.values() ? List.of() : shown(counted(tally.distinct()), 1);
        }
        Map<Long, Counted> found = new HashMap<>();
        long inSample = 0;
        for (int row = 0; row < sample.size(); row++) {
            if (sample.hash(row, column) != 0) {
                inSample++;
                found.merge(
                        sample.hash(row, column),
                        new Counted(1, sample.place(row, column)),
                        (one, other) -> new Counted(one.count() + 1, Math.min(one.place(), other.place())));
            }
        }
        List<Counted> often = found.values().stream()
                .filter(each -> each.count() >= LEAST_IN_SAMPLE)
                .toList();
        return shown(often, tally.values() / (double) Math.max(1, inSample));
    }

    private static List<ColumnProfile.TopValue> truths(TruthTally truths) {
        var isTrue = new ColumnProfile.TopValue("true", truths.trues());
        var isFalse = new ColumnProfile.TopValue("false", truths.falses());
        return List.of(isTrue, isFalse).stream()
                .filter(each -> each.count() > 0)
                .sorted(Comparator.comparingLong(ColumnProfile.TopValue::count).reversed())
                .toList();
    }

    private static List<Counted> counted(DistinctTally distinct) {
        var top = new PriorityQueue<>(RAREST_FIRST);
        distinct.forEach((hash, count, place) -> {
            top.add(new Counted(count, place));
            if (top.size() > SHOWN) {
                top.remove();
            }
        });
        return new ArrayList<>(top);
    }

    private List<ColumnProfile.TopValue> shown(List<Counted> counted, double weight) throws IOException {
        List<ColumnProfile.TopValue> shown = new ArrayList<>();
        for (Counted each :
                counted.stream().sorted(RAREST_FIRST.reversed()).limit(SHOWN).toList()) {
            shown.add(new ColumnProfile.TopValue(valueAt(each.place()), Math.round(each.count() * weight)));
        }
        return shown;
    }

    /// The value that begins at some place of the file: behind a quote or not.
    private String valueAt(long place) throws IOException {
        byte[] piece = new byte[2 * LOOKED_AT];
        int size = 0;
        while (size < piece.length) {
            int count = bytes.read(place - 1 + size, piece, size, piece.length - size);
            if (count < 0) {
                break;
            }
            size += count;
        }
        boolean quoted = size > 0 && piece[0] == '"';
        var value = new ByteArrayOutputStream();
        for (int at = 1; at < size && value.size() < LOOKED_AT; at++) {
            boolean ends = quoted ? piece[at] == '"' : piece[at] == '\n' || piece[at] == '\r' || isDelimiter(piece, at);
            if (ends && !(quoted && at + 1 < size && piece[at + 1] == '"')) {
                break;
            }
            at += ends ? 1 : 0;
            value.write(piece[at]);
        }
        byte[] all = value.toByteArray();
        String text = all.length < LOOKED_AT
                ? new String(all, StandardCharsets.UTF_8)
                : Utf8Check.excerpt(all, 0, all.length, LOOKED_AT - 4);
        return Excerpt.of(text);
    }

    private boolean isDelimiter(byte[] piece, int at) {
        byte[] delimiter = format.delimiterBytes();
        for (int each = 0; each < delimiter.length; each++) {
            if (at + each >= piece.length || piece[at + each] != delimiter[each]) {
                return false;
            }
        }
        return true;
    }
}
