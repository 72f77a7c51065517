package dev.belay.tabular;

/// Counts physical lines, from 1: CR, LF and CRLF each end one.
final class LineCount {
    private long line = 1;
    private char last;

    void pass(char character) {
        if (character == '\r' || (character == '\n' && last != '\r')) {
            line++;
        }
        last = character;
    }

    /// The line the next character stands on (the LF of a CRLF excepted).
    long current() {
        return line;
    }
}
