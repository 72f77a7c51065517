package dev.belay.intake;

import java.util.Base64;
import java.util.BitSet;
import java.util.Optional;
import java.util.regex.Pattern;

/// The text beside a committed offset: whose journal knows the jobs, and which messages above the offset
/// are settled.
///
/// Format, version 2: `belay2 JOURNAL TOPIC UNSURE BITS`; JOURNAL is the journal's id, TOPIC the topic's (an offset may
/// outlive its topic, and one of the same name is another), UNSURE the offset below which messages may have been
/// announced without being settled (0: none), BITS the bitmap of [OffsetLedger.Marks#settled()] (bit 0 of byte 0
/// first) in Base64 for URLs without padding, `-` when it is empty. Version 1, which is still read, has neither TOPIC
/// nor UNSURE. With the widest window it takes 2,738 characters and the ids: below the 4,096 that brokers take by
/// default.
final class OffsetMetadata {
    /// What brokers take at most (`offset.metadata.max.bytes`).
    static final int LONGEST = 4096;

    private static final Pattern JOURNAL = Pattern.compile("[A-Za-z0-9._:-]{1,100}");
    private static final int VERSION = 2;
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9_-]{22}");
    private static final Pattern FORMAT =
            Pattern.compile("belay([1-9][0-9]{0,3}) ([A-Za-z0-9._:-]{1,100})(.*)", Pattern.DOTALL);
    private static final Pattern FIRST = Pattern.compile(" ([^ ]{1,4096})");
    private static final Pattern SECOND = Pattern.compile(" ([A-Za-z0-9_-]{22}) ([0-9]{1,18}) ([^ ]{1,4096})");
    private static final String EMPTY = "-";

    private OffsetMetadata() {}

    /// @throws IllegalArgumentException when the journal's or topic's id cannot stand here
    static String encode(String journal, String topicId, long unsureBelow, BitSet settled) {
        if (!JOURNAL.matcher(journal).matches()) {
            throw new IllegalArgumentException("a journal id is 1 to 100 letters, digits, '.', '_', ':' or '-'");
        }
        if (!TOPIC.matcher(topicId).matches()) {
            throw new IllegalArgumentException("a topic id is 22 characters of Base64, not \"" + topicId + "\"");
        }
        String bits = settled.isEmpty()
                ? EMPTY
                : Base64.getUrlEncoder().withoutPadding().encodeToString(settled.toByteArray());
        String text = "belay" + VERSION + " " + journal + " " + topicId + " " + unsureBelow + " " + bits;
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
        int version = Integer.parseInt(match.group(1));
        if (version > VERSION) {
            return new Reading.Newer(version);
        }
        var rest = (version == 1 ? FIRST : SECOND).matcher(match.group(3));
        if (!rest.matches()) {
            return new Reading.Garbled("a part of it is missing or followed by something");
        }
        return version == 1
                ? settled(Optional.empty(), 0, rest.group(1))
                : settled(Optional.of(rest.group(1)), Long.parseLong(rest.group(2)), rest.group(3));
    }

    private static Reading settled(Optional<String> topicId, long unsureBelow, String bits) {
        if (bits.equals(EMPTY)) {
            return new Reading.Settled(topicId, unsureBelow, new BitSet());
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(bits);
            return bytes.length * 8 <= OffsetLedger.WIDEST_WINDOW
                    ? new Reading.Settled(topicId, unsureBelow, BitSet.valueOf(bytes))
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
        ///
        /// @param topicId     of the topic whose offset it is, where the format says so
        /// @param unsureBelow see [Ownership#unsureBelow()]
        record Settled(Optional<String> topicId, long unsureBelow, BitSet bits) implements Reading {
            public Settled {
                bits = (BitSet) bits.clone();
            }

            @Override
            public BitSet bits() {
                return (BitSet) bits.clone();
            }

            /// Whether it may be about the topic with this id, not about an earlier one of the same name.
            boolean isOf(String topic) {
                return topicId.isEmpty() || topicId.get().equals(topic);
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
