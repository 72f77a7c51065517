package dev.belay.runtime.settings;

import dev.belay.job.FailureCode;
import dev.belay.job.JobFailure;
import java.util.ArrayList;
import java.util.List;

/// All that is wrong with the settings, to be said in one message.
final class Problems {
    private final List<String> found = new ArrayList<>();

    /// @param sentence about one setting, without a secret
    void add(String sentence) {
        found.add(sentence);
    }

    /// @throws JobFailure with [FailureCode#SETTINGS_INVALID] when there is any
    void throwIfAny() throws JobFailure {
        if (found.size() == 1) {
            throw JobFailure.configuration(FailureCode.SETTINGS_INVALID, found.getFirst());
        }
        if (!found.isEmpty()) {
            throw JobFailure.configuration(
                    FailureCode.SETTINGS_INVALID,
                    "%d settings are wrong:\n  - %s".formatted(found.size(), String.join("\n  - ", found)));
        }
    }
}
