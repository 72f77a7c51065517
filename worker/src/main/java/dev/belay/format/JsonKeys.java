package dev.belay.format;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The keys of all rows in the order of their first appearance: the table's columns.
///
/// Rows mostly have their keys in one order, so the key that followed the last one before is tried first, and
/// nothing is made for it.
final class JsonKeys {
    private final FormatLimits limits;
    private final List<String> names = new ArrayList<>();
    private final List<byte[]> bytes = new ArrayList<>();
    private final Map<String, Integer> places = new HashMap<>();
    private long length;
    private int expected;

    JsonKeys(FormatLimits limits) {
        this.limits = limits;
    }

    /// In order.
    List<String> names() {
        return names;
    }

    /// A new row begins.
    void begin() {
        expected = 0;
    }

    /// The place of a key, which becomes the next one if it was not there before.
    int place(JsonTokens key, long record) throws JobFailure {
        if (expected < bytes.size()) {
            byte[] guess = bytes.get(expected);
            if (Arrays.equals(guess, 0, guess.length, key.bytes(), 0, key.length())) {
                return expected++;
            }
        }
        String name = new String(key.bytes(), 0, key.length(), StandardCharsets.UTF_8);
        Integer known = places.get(name);
        int place = known == null ? add(name, key, record) : known;
        expected = place + 1;
        return place;
    }

    private int add(String name, JsonTokens key, long record) throws JobFailure {
        if (names.size() == limits.columns()) {
            throw JobFailure.permanent(
                    FailureCode.TOO_MANY_COLUMNS,
                    "record %d: key %s is one more than limits.columns (%d)"
                            .formatted(record, Quoted.of(name), limits.columns()));
        }
        length += key.length();
        if (length > limits.recordBytes()) {
            throw JobFailure.permanent(
                    FailureCode.ROW_TOO_LARGE,
                    "record %d: all keys together are larger than limits.recordBytes (%d bytes)"
                            .formatted(record, limits.recordBytes()));
        }
        names.add(name);
        bytes.add(Arrays.copyOf(key.bytes(), key.length()));
        places.put(name, names.size() - 1);
        return names.size() - 1;
    }
}
