package dev.belay.schemas;

import java.util.OptionalInt;
import java.util.regex.Pattern;

/// The names of Belay's topics, all made from one prefix.
///
/// @param prefix what every name begins with: `belay` unless the settings say otherwise
public record Topics(String prefix) {
    /// The prefix where the settings name none.
    public static final String DEFAULT_PREFIX = "belay";

    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");

    /// Checks the prefix.
    ///
    /// @throws IllegalArgumentException if Kafka would refuse names made from this prefix
    public Topics {
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException("topic prefix \"" + Clipped.value(prefix)
                    + "\" must be 1 to 200 letters, digits, dots, hyphens or underscores, the first a letter or digit");
        }
    }

    /// The topics with the default prefix.
    public static Topics withDefaultPrefix() {
        return new Topics(DEFAULT_PREFIX);
    }

    /// Job messages, key = dataset.
    public String jobs() {
        return prefix + ".jobs";
    }

    /// Jobs that wait for their next attempt; one topic per delay, counted from 1.
    public String retry(int number) {
        if (number < 1) {
            throw new IllegalArgumentException("retry topics are counted from 1, not " + number);
        }
        return jobs() + ".retry-" + number;
    }

    /// The number of a retry topic of this prefix; empty for every other topic.
    public OptionalInt retryNumber(String topic) {
        String start = jobs() + ".retry-";
        if (!topic.startsWith(start) || !topic.substring(start.length()).matches("[1-9][0-9]{0,8}")) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(Integer.parseInt(topic.substring(start.length())));
    }

    /// Messages that were given up, with the reason.
    public String deadLetters() {
        return jobs() + ".dlq";
    }

    /// CloudEvents about jobs, datasets and dictionaries, key = dataset.
    public String events() {
        return prefix + ".events";
    }

    /// Cancel, approve and reject, key = job id.
    public String control() {
        return prefix + ".control";
    }
}
