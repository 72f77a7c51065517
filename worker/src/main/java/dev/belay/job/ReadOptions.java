package dev.belay.job;

import java.util.Optional;

/// What the producer knows about the file; what is empty is detected.
///
/// @param delimiter one character
/// @param encoding  an IANA charset name
public record ReadOptions(Optional<Character> delimiter, Optional<String> encoding) {
    /// Detect everything.
    public static final ReadOptions DETECT = new ReadOptions(Optional.empty(), Optional.empty());
}
