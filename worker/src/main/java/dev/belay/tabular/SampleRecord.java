package dev.belay.tabular;

import java.util.ArrayList;
import java.util.List;

/// A record of the first lines of a text, cut loosely: good enough to see what it is, not to load it.
///
/// @param line how many lines of the text end before it
record SampleRecord(long line, List<String> fields) {
    private static final int MOST_FIELDS = 2000;

    int count() {
        return fields.size();
    }

    String first() {
        return fields.getFirst();
    }

    /// How many fields are not blank.
    long filled() {
        return fields.stream().filter(field -> !field.isBlank()).count();
    }

    String joined() {
        return String.join(
                " ", fields.stream().filter(field -> !field.isBlank()).toList());
    }

    /// @param complete whether the last record is whole
    /// @param most     how many are wanted
    static List<SampleRecord> of(String text, boolean complete, String delimiter, int most) {
        var cut = new Cut(text, delimiter);
        List<SampleRecord> records = new ArrayList<>();
        while (records.size() < most && cut.next()) {
            if (!cut.isBlank() && (cut.ended || complete || records.isEmpty())) {
                records.add(new SampleRecord(cut.firstLine, List.copyOf(cut.fields)));
            }
        }
        return records;
    }

    private static final class Cut {
        private final String text;
        private final String delimiter;
        private final List<String> fields = new ArrayList<>();
        private int at;
        private long line;
        private long firstLine;
        private boolean ended;

        Cut(String text, String delimiter) {
            this.text = text;
            this.delimiter = delimiter;
        }

        boolean isBlank() {
            return fields.size() == 1 && fields.getFirst().isEmpty();
        }

        boolean next() {
            if (at >= text.length()) {
                return false;
            }
            fields.clear();
            firstLine = line;
            ended = false;
            do {
                String field = field();
                if (fields.size() < MOST_FIELDS) {
                    fields.add(field);
                }
            } while (atDelimiter());
            if (at < text.length()) {
                endLine();
                ended = true;
            }
            return true;
        }

        private boolean atDelimiter() {
            if (!text.startsWith(delimiter, at)) {
                return false;
            }
            at += delimiter.length();
            return true;
        }

        private String field() {
            var field = new StringBuilder();
            boolean quoted = at < text.length() && text.charAt(at) == '"';
            at += quoted ? 1 : 0;
            while (at < text.length()) {
                char one = text.charAt(at);
                if (quoted && one == '"') {
                    boolean doubled = at + 1 < text.length() && text.charAt(at + 1) == '"';
                    quoted = doubled;
                    at += doubled ? 2 : 1;
                    if (doubled) {
                        field.append('"');
                    }
                    continue;
                }
                boolean lineEnd = one == '\n' || one == '\r';
                if (!quoted && (lineEnd || text.startsWith(delimiter, at))) {
                    break;
                }
                line += quoted && one == '\n' ? 1 : 0;
                field.append(one);
                at++;
            }
            return field.toString();
        }

        private void endLine() {
            boolean pair = text.startsWith("\r\n", at);
            at += pair ? 2 : 1;
            line++;
        }
    }
}
