package dev.belay.job;

/// The system could not make written bytes durable. Nothing read from that handle can be trusted any more
/// (a later fsync may falsely succeed), so the process must end and start again from what the disk holds.
public final class FsyncFailed extends Error {
    /// @param what  the file or database concerned
    /// @param cause what the system said
    public FsyncFailed(String what, Throwable cause) {
        super("fsync of " + what + " failed; the process ends because what it wrote cannot be trusted", cause);
    }
}
