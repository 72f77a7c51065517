package dev.belay.job;

import java.nio.charset.StandardCharsets;

/// A data dictionary as its store keeps it: text that only the `dictionary` room reads.
///
/// @param json the canonical JSON of the dictionary
public record DictionaryDocument(String json) {
    /// The digest of the text's UTF-8 bytes.
    public Sha256 digest() {
        return Sha256.of(json.getBytes(StandardCharsets.UTF_8));
    }
}
