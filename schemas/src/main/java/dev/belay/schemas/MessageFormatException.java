package dev.belay.schemas;

/// Bytes that should be one of Belay's own messages, an event or a dead letter, and are not.
public final class MessageFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MessageFormatException(String message) {
        super(message);
    }

    MessageFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
