package dev.belay.format;

import dev.belay.job.JobFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The part of a workbook that holds the texts its cells share.
final class XlsxStrings {
    private static final Pattern ESCAPED = Pattern.compile("_x([0-9A-Fa-f]{4})_");

    private XlsxStrings() {}

    static SharedStrings read(ZipDirectory zip, String part, Path folder, FormatLimits limits)
            throws JobFailure, IOException {
        try (Xml xml = Xml.open(zip, part, limits);
                var collector = new SharedStrings.Collector(folder)) {
            while (xml.next()) {
                if (xml.isStart("si")) {
                    collector.add(text(xml, "si"));
                    Unpacking.check(limits, "the shared texts of the workbook", collector.length(), Long.MAX_VALUE);
                }
            }
            return collector.strings();
        }
    }

    /// The text of an element with runs of rich text in it, without what only helps to pronounce it.
    static String text(Xml xml, String element) throws JobFailure, IOException {
        var text = new StringBuilder();
        boolean inText = false;
        boolean spoken = false;
        while (xml.next() && !xml.isEnd(element)) {
            if (xml.isStart("rPh")) {
                spoken = true;
            } else if (xml.isEnd("rPh")) {
                spoken = false;
            } else if (xml.isStart("t")) {
                inText = true;
            } else if (xml.isEnd("t")) {
                inText = false;
            } else if (inText && !spoken && xml.isText()) {
                xml.appendTo(text);
            }
        }
        return unescaped(text.toString());
    }

    /// Characters that XML cannot hold are written `_xHHHH_` (ECMA-376 part 1, 22.9.2.19).
    static String unescaped(String text) {
        if (!text.contains("_x")) {
            return text;
        }
        Matcher matcher = ESCAPED.matcher(text);
        return matcher.replaceAll(
                found -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(found.group(1), 16))));
    }
}
