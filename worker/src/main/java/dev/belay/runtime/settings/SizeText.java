package dev.belay.runtime.settings;

import java.util.List;
import java.util.regex.Pattern;

/// Sizes in bytes as people write them: `512`, `64KiB`, `16MiB`, `50GiB`, `1TiB`.
final class SizeText {
    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,15}) ?(B|KiB|MiB|GiB|TiB)?");

    private SizeText() {}

    /// @throws BadValue when it is no size; MB and the like are refused because they mean two things
    static long parse(String text) throws BadValue {
        var matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            throw new BadValue("is not a size; write bytes, or a whole number of KiB, MiB, GiB or TiB, such as 16MiB");
        }
        int power = matcher.group(2) == null ? 0 : UNITS.indexOf(matcher.group(2));
        try {
            return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << (10 * power));
        } catch (ArithmeticException beyond) {
            throw new BadValue("is larger than any size");
        }
    }

    /// The largest unit that is exact.
    static String format(long bytes) {
        int power = 0;
        long amount = bytes;
        while (amount != 0 && amount % 1024 == 0 && power < UNITS.size() - 1) {
            amount /= 1024;
            power++;
        }
        return power == 0 ? amount + "B" : amount + UNITS.get(power);
    }
}
