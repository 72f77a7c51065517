package dev.belay.tabular;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Where in a text the table is: its delimiter, and the lines above its header that are none of it.
///
/// The first record is the header, unless the evidence is strong that it is not: below it stand records that agree on
/// their number of fields, the first of them has a name in every field and no number, and what stands above has one
/// field only, one filled field among three or more, or begins with `#`. Then that is the header, and the warning shows
/// what was passed over. Anything less stays as it is, and the profile rejects what does not fit.
///
/// @param linesAbove how many lines above the header are passed over
/// @param passedOver what stands above the header, and the record below it when that holds units, each in brackets
record Layout(String delimiter, long linesAbove, PassedOver passedOver) {
    private static final int RECORDS = 200;
    private static final int MOST_ABOVE = 50;
    private static final double AGREE = 0.9;
    private static final List<String> CANDIDATES = List.of(",", ";", "\t", "|", "^");
    private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9][0-9.,:/ TZ%-]*|[-+]?[.,][0-9]+");
    private static final Pattern UNIT = Pattern.compile("\\[[^\\]]{1,24}]|\\([^)]{1,24}\\)");

    /// @param text     the first lines, the first of them not blank
    /// @param complete whether that is the whole text
    /// @param named    the delimiter the job names
    /// @param before   how many lines stand above the text
    static Layout of(String text, boolean complete, Optional<String> named, long before) {
        String usual = named.orElseGet(() -> DelimiterEvidence.delimiter(text, complete));
        List<SampleRecord> records = SampleRecord.of(text, complete, usual, RECORDS);
        if (startsWithHeader(records)) {
            return under(usual, records, 0, before);
        }
        Optional<Layout> best = Optional.empty();
        int widest = agreement(records) > 0.5 && !isNoHeader(records)
                ? records.getFirst().count()
                : 1;
        for (String candidate : named.map(List::of).orElse(CANDIDATES)) {
            List<SampleRecord> cut = SampleRecord.of(text, complete, candidate, RECORDS);
            int header = headerBelow(cut);
            if (header > 0 && cut.get(header).count() > widest) {
                widest = cut.get(header).count();
                best = Optional.of(under(candidate, cut, header, before));
            }
        }
        return best.orElseGet(() -> under(usual, records, 0, before));
    }

    private static Layout under(String delimiter, List<SampleRecord> records, int header, long before) {
        long lines = header > 0 ? records.get(header).line() : 0;
        List<String> above =
                records.stream().limit(header).map(SampleRecord::joined).toList();
        Optional<String> units =
                hasUnits(records, header) ? Optional.of(records.get(header + 1).joined()) : Optional.empty();
        return new Layout(delimiter, lines, new PassedOver(before + lines + 1, above, units));
    }

    private static boolean startsWithHeader(List<SampleRecord> records) {
        if (records.size() < 3) {
            return true;
        }
        int count = records.getFirst().count();
        return count > 1 && agreement(records) >= AGREE && !isNoHeader(records);
    }

    /// The share of records that have as many fields as the first.
    private static double agreement(List<SampleRecord> records) {
        if (records.isEmpty()) {
            return 0;
        }
        int count = records.getFirst().count();
        return (double) records.stream()
                        .filter(record -> record.count() == count)
                        .count()
                / records.size();
    }

    /// Two lines that begin with `#` are comments; one may be a header.
    private static boolean isNoHeader(List<SampleRecord> records) {
        return isTitle(records.getFirst(), records.getFirst().count())
                || (records.size() > 1
                        && records.get(0).first().startsWith("#")
                        && records.get(1).first().startsWith("#"));
    }

    /// The place of the header below other records; 0 when the evidence is not strong enough.
    private static int headerBelow(List<SampleRecord> records) {
        for (int at = 1; at < Math.min(records.size() - 2, MOST_ABOVE); at++) {
            SampleRecord record = records.get(at);
            int count = record.count();
            if (count < 2 || record.first().startsWith("#") || isTitle(record, count)) {
                continue;
            }
            List<SampleRecord> below = records.subList(at + 1, records.size());
            long same = below.stream().filter(one -> one.count() == count).count();
            boolean allAbove = records.subList(0, at).stream().allMatch(one -> isAbove(one, count));
            // One line with `#` and as many fields may well be the header itself.
            boolean commented = at > 1 || records.getFirst().count() != count || isTitle(records.getFirst(), count);
            return isHeader(record) && allAbove && commented && same >= 2 && same >= AGREE * below.size() ? at : 0;
        }
        return 0;
    }

    private static boolean isAbove(SampleRecord record, int count) {
        return record.count() == 1 || record.first().startsWith("#") || isTitle(record, count);
    }

    /// One filled field of three or more, as spreadsheets write a title out.
    private static boolean isTitle(SampleRecord record, int count) {
        return count > 2 && record.count() == count && record.filled() <= 1;
    }

    private static boolean isHeader(SampleRecord record) {
        Set<String> names = new HashSet<>();
        return record.filled() == record.count()
                && record.fields().stream()
                        .allMatch(field -> names.add(field.strip())
                                && !NUMBER.matcher(field.strip()).matches());
    }

    private static boolean hasUnits(List<SampleRecord> records, int header) {
        if (records.size() < header + 3) {
            return false;
        }
        SampleRecord below = records.get(header + 1);
        return below.count() == records.get(header).count()
                && below.filled() > 0
                && below.fields().stream()
                        .map(String::strip)
                        .allMatch(
                                field -> field.isEmpty() || UNIT.matcher(field).matches())
                && records.get(header + 2).fields().stream()
                        .noneMatch(field -> UNIT.matcher(field.strip()).matches());
    }
}
