package dev.belay.format;

import dev.belay.job.Excerpt;

/// Foreign text in quotes, fit to be shown.
final class Quoted {
    private Quoted() {}

    static String of(String text) {
        return '"' + Excerpt.of(text) + '"';
    }
}
