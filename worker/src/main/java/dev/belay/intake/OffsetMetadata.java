package dev.belay.intake;

import java.util.Base64;
import java.util.BitSet;
import java.util.regex.Pattern;

/// The text beside a committed offset: whose journal knows the jobs, and which messages above the offset
/// are settled.
///
/// Format, version 1: `belay1 JOURNAL BITS`; JOURNAL is the journal's id, BITS the bitmap of
/// [OffsetLedger.Marks#settled()] (bit 0 of byte 0 first) in Base64 for URLs without padding, `-` when it is empty.
/// With the widest window it takes 2,738 characters and the id: below the 4,096 that brokers take by default.
final class OffsetMetadata {
    /// What brokers take at most (`offset.metadata.max.bytes`).
    static final int LONGEST = 4096;

    private static final Pattern JOURNAL = Pattern.compile("[A-Za-z0-9._:-]{1,100}");
    private static final Pattern FORMAT =
            Pattern.compile("belay([1-9][0-9]{0,3}) ([A-Za-z0-9._:-]{1,100})(?: ([^ ]{1,4096}))?.*", Pattern.DOTALL);
    private static final String EMPTY = "-";

    private OffsetMetadata() {}

    /// @throws IllegalArgumentException when the journal's id cannot stand here
    static String encode(String journal, BitSet settled) {
        if (!JOURNAL.matcher(journal).matches()) {
            throw new IllegalArgumentException("a journal id is 1 to 100 letters, digits, '.', '_', ':' or '-'");
        }
        String bits = settled.isEmpty()
                ? EMPTY
                : Base64.getUrlEncoder().withoutPadding().encodeToString(settled.toByteArray());
        String text = "belay1 " + journal + " " + bits;
        if (text.length() > LONGEST) {
            throw new IllegalStateException("offset metadata of " + text.length() + " characters");
        }
        return text;
    }

    static Reading decode(String text, String journal) {
        if (text.isEmpty()) {
            return new Reading.Nothing();
        }
        var match = FORMAT.matcher(text);
        if (!match.matches()) {
            return new Reading.Garbled("it does not begin as metadata of ours does");
        }
        if (!match.group(2).equals(journal)) {
            return new Reading.Foreign(match.group(2));
        }
        if (!match.group(1).equals("1")) {
            return new Reading.Newer(Integer.parseInt(match.group(1)));
        }
        String bits = match.group(3);
        if (bits == null || match.end(3) != text.length()) {
            return new Reading.Garbled("its bitmap is missing or followed by something");
        }
        return bits.equals(EMPTY) ? new Reading.Settled(new BitSet()) : bitmap(bits);
    }

    private static Reading bitmap(String bits) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(bits);
            return bytes.length * 8 <= OffsetLedger.WIDEST_WINDOW
                    ? new Reading.Settled(BitSet.valueOf(bytes))
                    : new Reading.Garbled("its bitmap is longer than any window");
        } catch (IllegalArgumentException notBase64) {
            return new Reading.Garbled("its bitmap is not Base64");
        }
    }

    /// What the text beside an offset says.
    sealed interface Reading {
        /// No text: written by another client, such as a reset by hand.
        record Nothing() implements Reading {}

        /// Ours.
        record Settled(BitSet bits) implements Reading {
            public Settled {
                bits = (BitSet) bits.clone();
            }

            @Override
            public BitSet bits() {
                return (BitSet) bits.clone();
            }
        }

        /// Written by a worker with another journal.
        record Foreign(String journal) implements Reading {}

        /// Written by a later version of this program.
        record Newer(int version) implements Reading {}

        /// Not to be understood: taken for an empty bitmap, the journal knows what is done.
        record Garbled(String reason) implements Reading {}
    }
}
