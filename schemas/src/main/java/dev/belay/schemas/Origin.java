package dev.belay.schemas;

import java.time.Instant;

/// Where a message was first written. Stays the same through retry topics and the dead-letter topic.
public record Origin(String topic, int partition, long offset, Instant timestamp) {}
