package dev.belay.runtime.settings;

import java.util.Locale;

/// One setting as the documentation lists it.
///
/// @param key         its name in `belay.yaml` and on the command line
/// @param defaultText what holds when nobody says otherwise; `<data>` in it stands for the data folder
/// @param description one line
record Setting<T>(String key, ValueType<T> type, String defaultText, String description) {
    /// The environment variable that sets it: `BELAY_`, then the key in capitals, with `_` for every dot and before
    /// every capital letter (`source.http.bodyTimeout`: `BELAY_SOURCE_HTTP_BODY_TIMEOUT`).
    String variable() {
        return variable(key);
    }

    /// The environment variable of any key.
    static String variable(String key) {
        var name = new StringBuilder("BELAY_");
        for (int at = 0; at < key.length(); at++) {
            char letter = key.charAt(at);
            if (letter == '.') {
                name.append('_');
            } else if (letter >= 'A' && letter <= 'Z') {
                name.append('_').append(letter);
            } else {
                name.append(letter);
            }
        }
        return name.toString().toUpperCase(Locale.ROOT);
    }
}
