package dev.belay.job;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// A SHA-256 digest (FIPS 180-4).
///
/// @param hex 64 lower-case hexadecimal digits
public record Sha256(String hex) {
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

    /// @throws IllegalArgumentException when it is not 64 lower-case hexadecimal digits
    public Sha256 {
        if (!HEX.matcher(hex).matches()) {
            throw new IllegalArgumentException(
                    "\"" + Excerpt.of(hex) + "\" is not a SHA-256 digest in lower-case hexadecimal");
        }
    }

    /// The digest of `bytes`.
    public static Sha256 of(byte[] bytes) {
        return finish(engine(), bytes);
    }

    /// A fresh engine, to be fed and then given to [#finish(MessageDigest, byte[])].
    public static MessageDigest engine() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    /// Feeds the last bytes and closes the digest.
    public static Sha256 finish(MessageDigest engine, byte... lastBytes) {
        return new Sha256(HexFormat.of().formatHex(engine.digest(lastBytes)));
    }

    @Override
    public String toString() {
        return hex;
    }
}
