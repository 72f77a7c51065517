package dev.belay.runtime.settings;

/// A number that Belay chooses by itself unless it is told.
public sealed interface Choosable {
    /// `auto`, or the number.
    String text();

    /// Belay chooses.
    record Automatic() implements Choosable {
        @Override
        public String text() {
            return "auto";
        }
    }

    /// The settings have chosen.
    record Chosen(int number) implements Choosable {
        @Override
        public String text() {
            return Integer.toString(number);
        }
    }
}
