package dev.belay.tabular;

import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Recognises files that are surely no delimited text, by their first bytes (the formats' own magic numbers) or their
/// first characters.
final class FileKind {
    /// How many first bytes are enough.
    static final int BYTES_NEEDED = 4096;

    private static final HexFormat HEX = HexFormat.of();
    // In hexadecimal, from the first byte on.
    private static final Map<String, String> MAGIC = Map.ofEntries(
            Map.entry("255044462d", "a PDF document"),
            Map.entry("89504e470d0a1a0a", "a PNG image"),
            Map.entry("ffd8ff", "a JPEG image"),
            Map.entry("474946383961", "a GIF image"),
            Map.entry("7f454c46", "an ELF program"),
            Map.entry("504b0304", "a zip archive"),
            Map.entry("504b0506", "an empty zip archive"),
            Map.entry("1f8b", "gzip-compressed data"),
            Map.entry("28b52ffd", "zstd-compressed data"),
            Map.entry("425a6839314159265359", "bzip2-compressed data"),
            Map.entry("fd377a585a00", "xz-compressed data"),
            Map.entry("d0cf11e0a1b11ae1", "an old Excel or Word file"),
            Map.entry("53514c69746520666f726d6174203300", "an SQLite database"),
            Map.entry("5041523115", "a Parquet file"),
            Map.entry("4152524f5731", "an Arrow file"));

    private record Opening(Pattern pattern, String kind) {}

    private static final List<Opening> OPENINGS = List.of(
            new Opening(Pattern.compile("<(!doctype html|html|head|body|script)[\\s>].*"), "an HTML page"),
            new Opening(Pattern.compile("<(\\?xml|!doctype|!--).*"), "an XML document"),
            new Opening(Pattern.compile("(\\{\\s*[\"}]|\\[\\s*[\\[{\"\\]]).*"), "a JSON document"));

    private FileKind() {}

    /// @param head the first bytes of the file
    /// @return what it is, if that is no table
    static Optional<String> ofBytes(byte[] head) {
        String start = HEX.formatHex(head, 0, Math.min(head.length, 16));
        return MAGIC.entrySet().stream()
                .filter(magic -> start.startsWith(magic.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /// @param text the first characters of the file
    /// @return what it is, if that is no table
    static Optional<String> ofText(String text) {
        String start = text.substring(0, Math.min(text.length(), 1024))
                .strip()
                .replaceAll("[\\r\\n]", " ")
                .toLowerCase(Locale.ROOT);
        return OPENINGS.stream()
                .filter(opening -> opening.pattern().matcher(start).matches())
                .map(Opening::kind)
                .findFirst();
    }
}
