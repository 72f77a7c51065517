package dev.belay.runtime.settings;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Pattern;

/// Durations as people write them: `250ms`, `30s`, `5m`, `2h`, `7d`, or ISO 8601 (`PT30S`).
final class DurationText {
    private static final Pattern SHORT = Pattern.compile("([0-9]{1,12}) ?(ms|s|m|h|d)");

    private DurationText() {}

    /// @throws BadValue when it is neither
    static Duration parse(String text) throws BadValue {
        var matcher = SHORT.matcher(text);
        if (matcher.matches()) {
            long amount = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
            };
        }
        if (text.toUpperCase(Locale.ROOT).startsWith("P")) {
            try {
                return Duration.parse(text);
            } catch (DateTimeParseException notIso) {
                throw new BadValue("is not an ISO 8601 duration such as PT30S");
            }
        }
        throw new BadValue("is not a duration; write a number and its unit, such as 250ms, 30s, 5m, 2h, 7d");
    }

    /// The shortest exact form that [#parse] reads.
    static String format(Duration duration) {
        if (duration.isNegative() || duration.toNanosPart() % 1_000_000 != 0) {
            return duration.toString();
        }
        long seconds = duration.toSeconds();
        if (duration.toMillisPart() != 0) {
            return duration.toMillis() + "ms";
        }
        if (seconds == 0 || seconds % 60 != 0) {
            return seconds + "s";
        }
        if (seconds % 3600 != 0) {
            return seconds / 60 + "m";
        }
        return seconds % 86_400 != 0 ? seconds / 3600 + "h" : seconds / 86_400 + "d";
    }
}
