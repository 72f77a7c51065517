package dev.belay.format;

/// The text is no JSON at a place. Carries no stack: one is thrown for each bad line.
final class JsonSyntax extends Exception {
    private final transient JsonBytes.Spot spot;

    JsonSyntax(JsonBytes.Spot spot, String message) {
        super(message, null, false, false);
        this.spot = spot;
    }

    JsonBytes.Spot spot() {
        return spot;
    }

    String why() {
        return String.valueOf(getMessage());
    }

    /// The same with the place before it.
    String placed() {
        return "line %d, column %d (byte %d): %s".formatted(spot.line(), spot.column(), spot.offset(), why());
    }
}
