package dev.belay.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// What the first bytes of a file say it is: the formats' own magic numbers, or the first characters of a text.
///
/// @param shown how a message calls it
record Content(Kind kind, String shown) {
    enum Kind {
        GZIP,
        ZSTD,
        BZIP2,
        XZ,
        ZIP,
        TAR,
        OLE,
        PARQUET,
        JSON,
        /// Text, or nothing known.
        TEXT,
        /// Surely no table.
        OTHER
    }

    private record Magic(String hex, Kind kind, String shown) {}

    private static final int BYTES_NEEDED = 4096;
    private static final HexFormat HEX = HexFormat.of();
    private static final List<Magic> MAGIC = List.of(
            new Magic("1f8b", Kind.GZIP, "gzip-compressed data"),
            new Magic("28b52ffd", Kind.ZSTD, "zstd-compressed data"),
            new Magic("425a68", Kind.BZIP2, "bzip2-compressed data"),
            new Magic("fd377a585a00", Kind.XZ, "xz-compressed data"),
            new Magic("504b0304", Kind.ZIP, "a zip archive"),
            new Magic("504b0506", Kind.ZIP, "an empty zip archive"),
            new Magic("d0cf11e0a1b11ae1", Kind.OLE, "an old Excel or Word file"),
            new Magic("5041523115", Kind.PARQUET, "a Parquet file"),
            new Magic("50415245", Kind.OTHER, "an encrypted Parquet file"),
            new Magic("255044462d", Kind.OTHER, "a PDF document"),
            new Magic("89504e470d0a1a0a", Kind.OTHER, "a PNG image"),
            new Magic("ffd8ff", Kind.OTHER, "a JPEG image"),
            new Magic("474946383961", Kind.OTHER, "a GIF image"),
            new Magic("474946383761", Kind.OTHER, "a GIF image"),
            new Magic("7f454c46", Kind.OTHER, "an ELF program"),
            new Magic("53514c69746520666f726d6174203300", Kind.OTHER, "an SQLite database"),
            new Magic("4152524f5731", Kind.OTHER, "an Arrow file"),
            new Magic("377abcaf271c", Kind.OTHER, "a 7-Zip archive"),
            new Magic("526172211a07", Kind.OTHER, "a RAR archive"),
            new Magic("7b5c727466", Kind.OTHER, "an RTF document"));

    /// Text that begins with a bracket: JSON only if it is called so.
    static final String BRACKET = "text that begins with a bracket";

    private record Opening(Pattern pattern, Kind kind, String shown) {}

    private static final List<Opening> OPENINGS = List.of(
            new Opening(
                    Pattern.compile("<(!doctype html|html|head|body|script|table)[\\s>].*"),
                    Kind.OTHER,
                    "an HTML page"),
            new Opening(Pattern.compile("<(\\?xml|!doctype|!--).*"), Kind.OTHER, "an XML document"),
            new Opening(Pattern.compile("(\\{\\s*([\"}']|$)|\\[\\s*([\\[{\"\\]]|$)).*"), Kind.JSON, "a JSON document"));

    static Content of(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return of(in.readNBytes(BYTES_NEEDED));
        }
    }

    static Content of(byte[] head) {
        String start = HEX.formatHex(head, 0, Math.min(head.length, 16));
        for (Magic magic : MAGIC) {
            // bzip2 goes on with its block size, and a text may well begin with its three letters.
            if (start.startsWith(magic.hex()) && (magic.kind() != Kind.BZIP2 || isBzip2(start))) {
                return new Content(magic.kind(), magic.shown());
            }
        }
        return isTar(head) ? new Content(Kind.TAR, "a tar archive") : new Content(Kind.TEXT, "text");
    }

    /// What a decoded text begins with.
    static Content ofText(String text) {
        String start = text.substring(0, Math.min(text.length(), 1024))
                .strip()
                .replaceAll("[\\r\\n]", " ")
                .toLowerCase(Locale.ROOT);
        for (Opening opening : OPENINGS) {
            if (opening.pattern().matcher(start).matches()) {
                return new Content(opening.kind(), opening.shown());
            }
        }
        return new Content(Kind.TEXT, start.startsWith("[") || start.startsWith("{") ? BRACKET : "text");
    }

    private static boolean isBzip2(String start) {
        return start.matches("425a683[1-9](314159265359|177245385090).*");
    }

    /// A tar archive has no magic number in its oldest form, but a sum over its first header.
    private static boolean isTar(byte[] head) {
        if (head.length < 512 || head[0] == 0) {
            return false;
        }
        int sum = 0;
        for (int at = 0; at < 512; at++) {
            sum += at >= 148 && at < 156 ? ' ' : head[at] & 0xff;
        }
        String octal = new String(head, 148, 8, java.nio.charset.StandardCharsets.ISO_8859_1)
                .replace('\0', ' ')
                .strip();
        return octal.matches("[0-7]{1,8}") && Integer.parseInt(octal, 8) == sum;
    }
}
