package dev.belay.upkeep;

/// One thing that is not as it should be.
///
/// @param answer whether it can be mended by itself
/// @param what   the thing: a store, a dataset, a file
/// @param words  what is wrong, and what mending does
/// @param next   the command for a person where it is not mended; may be empty
/// @param mend   mends it; done again it changes nothing
public record Item(Answer answer, String what, String words, String next, Runnable mend) {
    /// How many right answers there are.
    public enum Answer {
        /// One: it is mended when that is confirmed.
        ONE,
        /// One that gives something up: it is mended only by force.
        FORCE,
        /// None, or several: it is listed, a person decides.
        NONE
    }

    static Item mended(String what, String words, Runnable mend) {
        return new Item(Answer.ONE, what, words, "", mend);
    }

    static Item forced(String what, String words, Runnable mend) {
        return new Item(Answer.FORCE, what, words, "", mend);
    }

    static Item listed(String what, String words, String next) {
        return new Item(Answer.NONE, what, words, next, () -> {});
    }
}
