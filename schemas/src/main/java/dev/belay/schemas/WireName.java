package dev.belay.schemas;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// An enum constant that is written on the wire as its name in lower case with hyphens: `ROLLED_BACK` is `rolled-back`.
public interface WireName {
    /// The constant's Java name; every enum has it.
    String name();

    /// What stands in the JSON.
    @JsonValue
    default String wire() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
