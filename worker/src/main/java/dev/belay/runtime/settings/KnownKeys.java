package dev.belay.runtime.settings;

import dev.belay.job.Excerpt;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Tells keys and environment variables that exist from those that do not, and what to write instead.
final class KnownKeys {
    private static final String VARIABLE_PREFIX = "BELAY_";
    private static final String KAFKA_VARIABLE_PREFIX = "BELAY_KAFKA_";

    /// Variables that the launcher and the command line read themselves.
    private static final Set<String> RESERVED =
            Set.of("BELAY_CONFIG", "BELAY_JAVA_HOME", "BELAY_JAVA_OPTS", "BELAY_AOT", "BELAY_DEBUG");

    /// Variables that Kubernetes makes for every service whose name begins with `belay`.
    private static final Pattern SERVICE_VARIABLE = Pattern.compile(
            "BELAY_(.+_)?(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT(_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)");

    private static final Set<String> PLAIN_KEYS = plainKeys();

    private KnownKeys() {}

    private static Set<String> plainKeys() {
        var keys = new ArrayList<String>();
        for (Setting<?> setting : SettingCatalog.ALL) {
            keys.add(setting.key());
        }
        return Set.copyOf(keys);
    }

    /// What is wrong with a key; empty when it may be set.
    static Optional<String> objection(String key) {
        if (PLAIN_KEYS.contains(key)) {
            return Optional.empty();
        }
        Optional<String> secret = SecretFiles.secretOf(key);
        if (secret.isPresent()) {
            return objection(secret.get());
        }
        if (key.startsWith(KafkaProperties.PREFIX)) {
            return kafkaObjection(key);
        }
        if (isGroup(key)) {
            return Optional.of(
                    key + " is a group of settings, not a setting; in it are " + String.join(", ", membersOf(key)));
        }
        return Optional.of(shown(key) + " is not a setting" + suggestion(NearMiss.of(key, PLAIN_KEYS)));
    }

    private static Optional<String> kafkaObjection(String key) {
        String name = key.substring(KafkaProperties.PREFIX.length());
        Optional<String> refusal = KafkaProperties.refusal(name);
        if (refusal.isPresent()) {
            return Optional.of(shown(key) + " may not be set: " + refusal.get());
        }
        String bare = KafkaProperties.bare(name);
        if (KafkaProperties.ALLOWED.contains(bare)) {
            return Optional.empty();
        }
        String kind = name.substring(0, name.length() - bare.length());
        return Optional.of(shown(key) + " is not a property of Kafka's clients that can be set"
                + suggestion(
                        NearMiss.of(bare, KafkaProperties.ALLOWED).map(near -> KafkaProperties.PREFIX + kind + near)));
    }

    /// Whether a variable is ours to read.
    static boolean isSetting(String variable) {
        return variable.startsWith(VARIABLE_PREFIX)
                && !RESERVED.contains(variable)
                && (variables().containsKey(variable)
                        || !SERVICE_VARIABLE.matcher(variable).matches());
    }

    /// The key that a variable stands for; empty when there is none.
    static Optional<String> keyOf(String variable) {
        String plain = variables().get(variable);
        if (plain == null && variable.startsWith(KAFKA_VARIABLE_PREFIX)) {
            plain = KafkaProperties.PREFIX
                    + variable.substring(KAFKA_VARIABLE_PREFIX.length())
                            .toLowerCase(Locale.ROOT)
                            .replace('_', '.');
        }
        return Optional.ofNullable(plain);
    }

    /// What is wrong with a variable that stands for no key.
    static String unknownVariable(String variable) {
        return shown(variable) + " stands for no setting"
                + suggestion(NearMiss.of(variable, variables().keySet()));
    }

    /// Whether keys begin with this one and a dot.
    static boolean isGroup(String key) {
        String prefix = key + ".";
        return PLAIN_KEYS.stream().anyMatch(known -> known.startsWith(prefix))
                || (key.startsWith(KafkaProperties.PREFIX)
                        && KafkaProperties.ALLOWED.stream()
                                .anyMatch(known -> (KafkaProperties.PREFIX + known).startsWith(prefix)));
    }

    /// A foreign name fit to be shown.
    static String shown(String name) {
        return Excerpt.of(name);
    }

    private static List<String> membersOf(String group) {
        return PLAIN_KEYS.stream()
                .filter(key -> key.startsWith(group + "."))
                .sorted()
                .toList();
    }

    private static String suggestion(Optional<String> near) {
        return near.map(name -> "; did you mean " + name + "?").orElse("; `belay config` lists all");
    }

    private static Map<String, String> variables() {
        var names = new TreeMap<String, String>();
        for (Setting<?> setting : SettingCatalog.ALL) {
            names.put(setting.variable(), setting.key());
            if (Secrets.named(setting.key())) {
                String file = SecretFiles.keyOfFile(setting.key());
                names.put(Setting.variable(file), file);
            }
        }
        return names;
    }
}
