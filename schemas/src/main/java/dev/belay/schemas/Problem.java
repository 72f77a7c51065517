package dev.belay.schemas;

/// One thing that is wrong with a message.
///
/// @param pointer where, as a JSON pointer (RFC 6901) into the value that was sent; empty for the whole of it
/// @param message what, with the value and what was expected; never longer than a few lines, never a URL's content
public record Problem(String pointer, String message) {
    @Override
    public String toString() {
        return pointer.isEmpty() ? message : pointer + ": " + message;
    }
}
