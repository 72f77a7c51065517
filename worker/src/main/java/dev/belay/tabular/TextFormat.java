package dev.belay.tabular;

import java.nio.charset.StandardCharsets;

/// What must be known to cut bytes of UTF-8 into records.
///
/// @param delimiter  what stands between fields
/// @param start      where the header's line begins, in bytes
/// @param linesAbove how many lines end before it
/// @param unitsBelow whether the record below the header holds units and is none of the table's
record TextFormat(String delimiter, long start, long linesAbove, boolean unitsBelow) {
    byte[] delimiterBytes() {
        return delimiter.getBytes(StandardCharsets.UTF_8);
    }
}
