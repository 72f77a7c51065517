package dev.belay.tabular;

import dev.belay.job.Excerpt;

/// Foreign text in messages: an excerpt between quotes.
final class Quoted {
    private Quoted() {}

    static String of(String text) {
        return '"' + Excerpt.of(text) + '"';
    }
}
