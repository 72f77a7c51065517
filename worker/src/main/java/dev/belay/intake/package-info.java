/// Kafka in and out: poll loop, order by dataset, offset ledger, transactional announcer, retry topics, dead letters.
/// The only room with Kafka's clients.
@NullMarked
package dev.belay.intake;

import org.jspecify.annotations.NullMarked;
