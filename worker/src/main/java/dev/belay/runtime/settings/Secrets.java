package dev.belay.runtime.settings;

import java.util.Locale;
import java.util.regex.Pattern;

/// Which values must never be shown, and what is shown instead.
final class Secrets {
    static final String MASK = "********";

    private static final Pattern SECRET_KEY =
            Pattern.compile("password|passphrase|secret|token|jaas|credential|private\\.key|keystore\\.key");
    private static final Pattern PLACE_OR_TIME =
            Pattern.compile(".*\\.(file|location|url|type|ms|seconds|client\\.id)");
    private static final Pattern USER_INFO = Pattern.compile("//.*@", Pattern.DOTALL);
    private static final Pattern IN_QUERY = Pattern.compile("(?i)([?&][^=&\\s]*password=)[^&]*");

    private Secrets() {}

    /// Whether a key's value is a secret by its name. Places of secrets (files, addresses) are none.
    static boolean named(String key) {
        String lower = key.toLowerCase(Locale.ROOT);
        return SECRET_KEY.matcher(lower).find() && !PLACE_OR_TIME.matcher(lower).matches();
    }

    /// The value, or a mask; user names and passwords in URLs are masked whatever the key.
    static String masked(String key, String value) {
        if (named(key)) {
            return value.isEmpty() ? "" : MASK;
        }
        String hidden = IN_QUERY.matcher(value).replaceAll("$1" + MASK);
        return USER_INFO.matcher(hidden).replaceAll("//" + MASK + "@");
    }
}
