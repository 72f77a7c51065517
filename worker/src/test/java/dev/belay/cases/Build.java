package dev.belay.cases;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/// The steps that make the bytes of a case out of what is written down: `cases/README.md` lists them.
record Build(Case one) {
    byte[] apply(String step, byte[] bytes) throws IOException {
        String verb = step.split(" ", 2)[0];
        String rest = step.contains(" ") ? step.split(" ", 2)[1] : "";
        return switch (verb) {
            case "encode" -> new String(bytes, StandardCharsets.UTF_8).getBytes(Charset.forName(rest));
            case "repeat" -> repeated(bytes, Integer.parseInt(rest));
            case "gzip" -> packed(bytes, GZIPOutputStream::new);
            case "zstd" -> Zstd.compress(bytes);
            case "bzip2" -> packed(bytes, BZip2CompressorOutputStream::new);
            case "xz" -> packed(bytes, out -> new XZOutputStream(out, new LZMA2Options(1)));
            case "zip" -> rest.isEmpty() ? zip() : zip(rest, bytes);
            case "tar" -> rest.isEmpty() ? tar() : tar(rest, bytes);
            case "cut" -> Arrays.copyOf(bytes, bytes.length - Integer.parseInt(rest));
            case "far" -> far(bytes, rest);
            case "append" -> joined(bytes, rest.getBytes(StandardCharsets.ISO_8859_1));
            case "twice" -> joined(bytes, bytes);
            case "set" -> set(bytes, rest);
            case "replace" -> replaced(bytes, rest);
            default -> WorkbookBuild.apply(verb, rest, one, bytes);
        };
    }

    @FunctionalInterface
    private interface Packing {
        OutputStream over(OutputStream out) throws IOException;
    }

    private static byte[] packed(byte[] bytes, Packing packing) throws IOException {
        var out = new ByteArrayOutputStream();
        try (OutputStream packed = packing.over(out)) {
            packed.write(bytes);
        }
        return out.toByteArray();
    }

    private byte[] zip() throws IOException {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            for (var file : one.files()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        }
        return out.toByteArray();
    }

    private static byte[] zip(String name, byte[] bytes) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(bytes);
            zip.closeEntry();
        }
        return out.toByteArray();
    }

    private byte[] tar() throws IOException {
        var out = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(out)) {
            for (var file : one.files()) {
                add(tar, file.getKey(), file.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return out.toByteArray();
    }

    private static byte[] tar(String name, byte[] bytes) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(out)) {
            add(tar, name, bytes);
        }
        return out.toByteArray();
    }

    private static void add(TarArchiveOutputStream tar, String name, byte[] bytes) throws IOException {
        var entry = new TarArchiveEntry(name, true);
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    private static byte[] repeated(byte[] bytes, int times) {
        byte[] all = new byte[bytes.length * times];
        for (int at = 0; at < times; at++) {
            System.arraycopy(bytes, 0, all, at * bytes.length, bytes.length);
        }
        return all;
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    /// `LINES "LINE"`: a quarter of the lines before, the rest behind.
    private static byte[] far(byte[] bytes, String rest) {
        int lines = Integer.parseInt(rest.split(" ", -1)[0]);
        byte[] line = (rest.split("\"", -1)[1] + "\n").getBytes(StandardCharsets.UTF_8);
        return joined(joined(repeated(line, lines / 4), bytes), repeated(line, lines - lines / 4));
    }

    /// `OFFSET VALUE`, from the end where the offset is negative.
    private static byte[] set(byte[] bytes, String rest) {
        String[] words = rest.split(" ", -1);
        int offset = Integer.parseInt(words[0]);
        bytes[offset < 0 ? bytes.length + offset : offset] = (byte) Integer.parseInt(words[1]);
        return bytes;
    }

    /// `FROM TO`: every place where the bytes of FROM stand gets those of TO, which are as many.
    private static byte[] replaced(byte[] bytes, String rest) {
        String[] words = rest.split(" ", -1);
        if (words[0].length() != words[1].length()) {
            throw new IllegalArgumentException("other lengths: " + rest);
        }
        return new String(bytes, StandardCharsets.ISO_8859_1)
                .replace(words[0], words[1])
                .getBytes(StandardCharsets.ISO_8859_1);
    }
}
