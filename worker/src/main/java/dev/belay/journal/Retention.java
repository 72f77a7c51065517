package dev.belay.journal;

import java.time.Instant;
import java.util.function.Predicate;

/// What a journal may forget.
///
/// @param endedBefore jobs that ended earlier have been kept long enough for people, and lives of workers that were
/// last heard of earlier too
/// @param deliverable whether Kafka could still deliver a message of this finished job: then its receipt stays, however
/// old it is. Asked inside a transaction, so it must know and not ask
public record Retention(Instant endedBefore, Predicate<JobRecord> deliverable) {}
