package dev.belay.job;

/// Encodes ULIDs as the ULID specification lays them out: 10 characters of time, 16 of randomness.
final class Ulid {
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private Ulid() {}

    /// @param millis  milliseconds since 1970, 48 bits are used
    /// @param entropy exactly 10 bytes
    static String of(long millis, byte[] entropy) {
        var text = new StringBuilder(26);
        for (int shift = 45; shift >= 0; shift -= 5) {
            text.append(ALPHABET.charAt((int) (millis >>> shift) & 31));
        }
        for (int half = 0; half < 2; half++) {
            long bits = 0;
            for (int at = 0; at < 5; at++) {
                bits = bits << 8 | (entropy[half * 5 + at] & 0xff);
            }
            for (int shift = 35; shift >= 0; shift -= 5) {
                text.append(ALPHABET.charAt((int) (bits >>> shift) & 31));
            }
        }
        return text.toString();
    }
}
