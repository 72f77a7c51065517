package dev.belay.tabular;

import java.util.ArrayList;
import java.util.List;

/// Finds the delimiter by trying each candidate on the first records.
///
/// A candidate must cut the header in at least two fields. Of those wins the one under which most records have as many
/// fields as the header, then the one with more fields, then the one earlier in the list. When none cuts the header,
/// the file has one column, and the candidate that the text needs least is taken; or, where most records below agree on
/// more than one field, the file starts with something that is not its header, and their delimiter is taken so that the
/// profile can say so.
final class DelimiterEvidence {
    private static final char[] CANDIDATES = {',', ';', '\t', '|', '^'};
    // Written of a character that is a delimiter itself, so that it seems to stand between empty fields.
    private static final List<String> LONG = List.of("||", "|~|", "~|~", "|;|", "^^", "^|^", ";;", ",,");
    private static final int RECORDS = 200;

    private DelimiterEvidence() {}

    private record Trial(char delimiter, int headerFields, double share, double bodyShare, int occurrences) {}

    /// @param sample   the first characters of the file, from its first record on
    /// @param complete whether that is the whole file
    static String delimiter(String sample, boolean complete) {
        List<Trial> trials = new ArrayList<>();
        for (char candidate : CANDIDATES) {
            trials.add(trial(sample, complete, candidate));
        }
        Trial best = trials.getFirst();
        for (Trial trial : trials) {
            if (isBetter(trial, best)) {
                best = trial;
            }
        }
        return longer(sample, best.delimiter());
    }

    /// The long delimiter that the found one is a part of, wherever it stands in the first lines.
    private static String longer(String sample, char found) {
        List<String> lines =
                sample.lines().filter(line -> !line.isBlank()).limit(20).toList();
        for (String candidate : LONG) {
            boolean everywhere = lines.size() > 1
                    && lines.stream()
                            .allMatch(line -> line.contains(candidate)
                                    && line.replace(candidate, "").indexOf(found) < 0);
            if (candidate.indexOf(found) >= 0 && everywhere) {
                return candidate;
            }
        }
        return String.valueOf(found);
    }

    private static boolean isBetter(Trial trial, Trial best) {
        boolean cuts = trial.headerFields() > 1;
        if (cuts != best.headerFields() > 1) {
            return cuts;
        }
        if (cuts) {
            return trial.share() > best.share()
                    || (trial.share() == best.share() && trial.headerFields() > best.headerFields());
        }
        boolean agrees = trial.bodyShare() >= 0.5;
        if (agrees != best.bodyShare() >= 0.5) {
            return agrees;
        }
        return agrees ? trial.bodyShare() > best.bodyShare() : trial.occurrences() < best.occurrences();
    }

    private static Trial trial(String sample, boolean complete, char delimiter) {
        List<Integer> counts = fieldCounts(sample, complete, delimiter);
        int header = counts.getFirst();
        long same = counts.stream().filter(count -> count == header).count();
        int second = counts.size() > 1 ? counts.get(1) : 1;
        long sameBelow = second < 2
                ? 0
                : counts.stream().filter(count -> count == second).count();
        int occurrences = counts.stream().mapToInt(count -> count - 1).sum();
        return new Trial(
                delimiter, header, (double) same / counts.size(), (double) sameBelow / counts.size(), occurrences);
    }

    private static List<Integer> fieldCounts(String sample, boolean complete, char delimiter) {
        List<Integer> counts = new ArrayList<>();
        boolean quoted = false;
        boolean justClosed = false;
        boolean atFieldStart = true;
        boolean blank = true;
        int fields = 1;
        for (int at = 0; at < sample.length() && counts.size() < RECORDS; at++) {
            char character = sample.charAt(at);
            if (quoted) {
                quoted = character != QuoteDiagnosis.QUOTE;
                justClosed = !quoted;
                continue;
            }
            if (character == '\n' || character == '\r') {
                if (!blank) {
                    counts.add(fields);
                }
                fields = 1;
                blank = true;
                atFieldStart = true;
                justClosed = false;
                continue;
            }
            // A doubled quote closes the field and opens it again, which comes to the same.
            quoted = character == QuoteDiagnosis.QUOTE && (atFieldStart || justClosed);
            justClosed = false;
            blank = false;
            atFieldStart = character == delimiter;
            fields += atFieldStart ? 1 : 0;
        }
        if (!blank && (complete || counts.isEmpty()) && counts.size() < RECORDS) {
            counts.add(fields);
        }
        return counts;
    }
}
