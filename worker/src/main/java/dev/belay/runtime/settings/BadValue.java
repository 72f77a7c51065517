package dev.belay.runtime.settings;

/// A setting's text is not a value of its type. The message is a half sentence that fits behind the key and never
/// repeats the text, which may be a secret.
final class BadValue extends Exception {
    private static final long serialVersionUID = 1L;

    BadValue(String message) {
        super(message);
    }
}
