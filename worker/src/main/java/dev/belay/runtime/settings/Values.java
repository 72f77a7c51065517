package dev.belay.runtime.settings;

import dev.belay.job.Excerpt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Turns what was written into values, and remembers where each came from.
final class Values {
    private static final String DATA_FOLDER = "<data>";

    private final Map<String, Written> written;
    private final Problems problems;
    private final List<SettingsReport.Entry> entries = new ArrayList<>();

    Values(Map<String, Written> written, Problems problems) {
        this.written = written;
        this.problems = problems;
    }

    /// A setting's value; its default when what was written is none, which is a problem then.
    <T> T of(Setting<T> setting) {
        return of(setting, "");
    }

    /// A setting whose default may name the data folder.
    <T> T of(Setting<T> setting, String dataFolder) {
        var standard = Written.text(setting.defaultText().replace(DATA_FOLDER, dataFolder), new Origin.Default());
        var given = written.getOrDefault(setting.key(), standard);
        try {
            T value = setting.type().reading().read(given);
            report(setting.key(), setting.type().showing().apply(value), given.origin());
            return value;
        } catch (BadValue wrong) {
            problems.add(sentence(setting.key(), given, wrong));
        }
        try {
            return setting.type().reading().read(standard);
        } catch (BadValue ours) {
            throw new IllegalStateException("the default of " + setting.key() + " is not a value of its type", ours);
        }
    }

    /// The properties for Kafka's clients that are not settings of their own, by name.
    Map<String, String> kafkaProperties() {
        var properties = new TreeMap<String, String>();
        written.forEach((key, given) -> {
            String name = key.startsWith(KafkaProperties.PREFIX) ? key.substring(KafkaProperties.PREFIX.length()) : "";
            if (name.isEmpty() || name.equals(KafkaProperties.BOOTSTRAP_SERVERS)) {
                return;
            }
            String value = String.join(",", given.items());
            try {
                KafkaProperties.check(name, value);
                properties.put(name, value);
                report(key, value, given.origin());
            } catch (BadValue wrong) {
                problems.add(sentence(key, given, wrong));
            }
        });
        return properties;
    }

    SettingsReport report() {
        return new SettingsReport(entries);
    }

    private void report(String key, String value, Origin origin) {
        entries.add(new SettingsReport.Entry(key, Secrets.masked(key, value), origin));
    }

    private static String sentence(String key, Written given, BadValue wrong) {
        String text = Secrets.masked(key, String.join(",", given.items()));
        return "%s: \"%s\" (%s) %s"
                .formatted(key, Excerpt.of(text), given.origin().text(), wrong.getMessage());
    }
}
