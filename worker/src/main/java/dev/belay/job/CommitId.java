package dev.belay.job;

/// The identity of one publication, derived from the attempt that makes it: see [OperationId#commitId()].
///
/// @param value the operation id followed by `-c` (publish) or `-r` (roll-back)
public record CommitId(String value) {
    @Override
    public String toString() {
        return value;
    }
}
