package dev.belay.cli;

/// What `belay doctor` found out about one thing.
///
/// @param what  the thing
/// @param words what about it
/// @param mend  the command that mends it; empty when nothing is to be done
record Finding(Mark mark, String what, String words, String mend) {
    /// How it stands.
    enum Mark {
        /// As it should be.
        OK,
        /// Odd; it works.
        WARN,
        /// Someone has to decide.
        DECIDE,
        /// It does not work.
        FAIL
    }

    static Finding ok(String what, String words) {
        return new Finding(Mark.OK, what, words, "");
    }

    static Finding warn(String what, String words, String mend) {
        return new Finding(Mark.WARN, what, words, mend);
    }

    static Finding decide(String what, String words, String mend) {
        return new Finding(Mark.DECIDE, what, words, mend);
    }

    static Finding fail(String what, String words, String mend) {
        return new Finding(Mark.FAIL, what, words, mend);
    }

    static Finding fail(String what, dev.belay.job.Failure failure) {
        Mark mark = ExitCode.of(failure) == ExitCode.NEEDS_DECISION ? Mark.DECIDE : Mark.FAIL;
        return new Finding(
                mark,
                what,
                failure.code() + ": " + failure.message(),
                failure.code().advice());
    }
}
