package dev.belay.intake;

/// How workers agree on who owns which partition.
public enum GroupProtocol {
    /// Static members, cooperative assignment: a killed worker is back with its partitions within a second.
    CLASSIC,
    /// KIP-848, dynamic members: the broker assigns; a killed worker's partitions wait for the broker's session
    /// time-out (45 s unless the broker says otherwise).
    CONSUMER
}
