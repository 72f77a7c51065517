package dev.belay.tabular;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// One case of `cases.txt`: what it shows, and its lines as key and value.
record ReadingCase(String prose, List<Line> lines) {
    record Line(String key, String value) {}

    static List<ReadingCase> all() throws IOException {
        List<ReadingCase> cases = new ArrayList<>();
        try (InputStream in = Objects.requireNonNull(ReadingCase.class.getResourceAsStream("cases.txt"))) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                if (line.startsWith("## ")) {
                    cases.add(new ReadingCase(line.substring(3), new ArrayList<>()));
                } else if (!cases.isEmpty() && !line.isBlank() && !line.startsWith("== ")) {
                    int colon = line.indexOf(':');
                    String value = line.substring(colon + 1);
                    cases.getLast()
                            .lines()
                            .add(new Line(
                                    line.substring(0, colon), value.startsWith(" ") ? value.substring(1) : value));
                }
            }
        }
        return cases;
    }

    /// The values of all lines with this key, still escaped.
    List<String> all(String key) {
        return lines.stream()
                .filter(line -> line.key().equals(key))
                .map(Line::value)
                .toList();
    }

    TableBytes input() {
        byte[] bytes = bytes(String.join("", all("input")));
        return TableBytes.of(bytes);
    }

    /// Resolves the escapes, to text.
    static String text(String escaped) {
        return new String(bytes(escaped), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String escaped) {
        var bytes = new ByteArrayOutputStream();
        for (int at = 0; at < escaped.length(); ) {
            if (escaped.charAt(at) != '\\') {
                int point = escaped.codePointAt(at);
                bytes.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
                at += Character.charCount(point);
                continue;
            }
            char kind = escaped.charAt(at + 1);
            if (kind == 'x') {
                bytes.write(Integer.parseInt(escaped.substring(at + 2, at + 4), 16));
                at += 4;
                continue;
            }
            bytes.write(
                    switch (kind) {
                        case 'n' -> '\n';
                        case 'r' -> '\r';
                        case 't' -> '\t';
                        case 's' -> ' ';
                        case '0' -> 0;
                        case '\\' -> '\\';
                        default -> throw new IllegalArgumentException("no escape: \\" + kind + " in " + escaped);
                    });
            at += 2;
        }
        return bytes.toByteArray();
    }
}
