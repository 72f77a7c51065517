package dev.belay.job;

/// How often a job may be tried, and after which failures.
///
/// @param maxAttempts     1 to 100, the first attempt included; a crash of the worker counts
/// @param permanentAlso   whether failures that would normally go straight to the dead letters are tried again too
public record RetryRule(int maxAttempts, boolean permanentAlso) {
    /// @throws IllegalArgumentException when `maxAttempts` is out of range
    public RetryRule {
        if (maxAttempts < 1 || maxAttempts > 100) {
            throw new IllegalArgumentException("maxAttempts is 1 to 100, not " + maxAttempts);
        }
    }
}
