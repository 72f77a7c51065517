package dev.belay.job;

/// One life of one worker: the slot stays across restarts, the incarnation changes with each start.
///
/// @param slot        the place in the group, stable across restarts: names `group.instance.id` and
/// `transactional.id`
/// @param incarnation a ULID minted at start
public record WorkerId(String slot, String incarnation) {
    @Override
    public String toString() {
        return slot + "@" + incarnation;
    }
}
