package dev.belay.drill;

/// Something that must never be, was; the message says what was seen.
public final class Breach extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Breach(String seen) {
        super(seen);
    }
}
